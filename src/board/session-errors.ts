import type { Failure } from "../protocol/raw-repl-effects.ts";
import { latin1Text } from "../shared/bytes.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

/** The error that a failed raw REPL request ends in. */
export function sessionError(port: string, failure: Failure): HeapscopeError {
  switch (failure.kind) {
    case "restarted":
      return heapscopeError("board-reset", { port });
    case "too-long":
      return heapscopeError("answer-too-long", { port, limitBytes: failure.limitBytes });
    case "silent":
    case "late": {
      const { state, waitedMs, saw } = failure;
      if (state === "entering") {
        return saw.length === 0
          ? heapscopeError("no-prompt", { port, waitedMs })
          : heapscopeError("not-micropython", { port, waitedMs, saw: excerpt(saw) });
      }
      if (failure.kind === "late") return heapscopeError("answer-late", { port, waitedMs });
      return heapscopeError("answer-silent", { port, waitedMs, state, saw: excerpt(saw) });
    }
  }
}

/** The last characters of what a board said, quoted so that control bytes show: `"\r\n>>> "`. */
export function excerpt(bytes: Uint8Array, limit = 60): string {
  const text = latin1Text(bytes);
  const cut = text.length > limit ? `…${text.slice(-limit)}` : text;
  return JSON.stringify(cut).replace(/[\u007f-\u00ff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}
