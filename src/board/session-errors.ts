import type { Approach, Failure } from "../protocol/raw-repl-effects.ts";
import { latin1Text } from "../shared/bytes.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { foreignDevice, isLineNoise } from "./foreign-signs.ts";

/** The error that a failed raw REPL request ends in; `approach` is how the prompt was asked for. */
export function sessionError(port: string, failure: Failure, approach: Approach): HeapscopeError {
  switch (failure.kind) {
    case "restarted":
      return heapscopeError("board-reset", { port });
    case "too-long":
      return heapscopeError("answer-too-long", { port, limitBytes: failure.limitBytes });
    case "silent":
    case "late": {
      const { state, waitedMs, saw } = failure;
      if (state === "entering" || state === "interrupting") {
        return approach === "interrupt"
          ? heapscopeError("interrupt-ignored", { port, waitedMs })
          : noPromptError(port, waitedMs, saw);
      }
      if (failure.kind === "late") return heapscopeError("answer-late", { port, waitedMs });
      return heapscopeError("answer-silent", { port, waitedMs, state, saw: excerpt(saw) });
    }
  }
}

/** What came instead of a prompt, and what that makes of the device. */
function noPromptError(port: string, waitedMs: number, saw: Uint8Array): HeapscopeError {
  if (saw.length === 0) return heapscopeError("no-prompt", { port, waitedMs });
  if (latin1Text(saw).endsWith("... ")) return heapscopeError("prompt-unfinished", { port });
  const looksLike = foreignDevice(latin1Text(saw));
  if (looksLike !== null) return heapscopeError("foreign-device", { port, looksLike, saw: excerpt(saw) });
  const hasBaudRate = !port.startsWith("tcp:");
  if (hasBaudRate && isLineNoise(saw)) return heapscopeError("baud-rate-wrong", { port, saw: excerpt(saw) });
  return heapscopeError("not-micropython", { port, waitedMs, saw: excerpt(saw) });
}

/** The last characters of what a board said, quoted so that control bytes show: `"\r\n>>> "`. */
export function excerpt(bytes: Uint8Array, limit = 60): string {
  const text = latin1Text(bytes);
  const cut = text.length > limit ? `…${text.slice(-limit)}` : text;
  return JSON.stringify(cut).replace(/[\u007f-\u00ff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}
