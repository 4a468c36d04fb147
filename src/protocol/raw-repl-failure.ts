import { bytesOf, concatBytes, indexOfBytes } from "../shared/bytes.ts";
import { BOOT_SIGNS } from "./raw-repl-bytes.ts";
import type { Failure, StateName } from "./raw-repl-effects.ts";
import type { Request } from "./raw-repl-state.ts";

/** How much of what a board said goes into a failure, for its text. */
const EXCERPT_BYTES = 160;

/** Why a request ended when its `timer` did. A boot banner in what was seen says more than the timer. */
export function timeoutFailure(
  timer: "silence" | "deadline",
  { excerpt: saw, deadlines }: Request,
  state: StateName,
): Failure {
  const booted = Object.values(BOOT_SIGNS).some((sign) => indexOfBytes(saw, bytesOf(sign)) !== -1);
  // A program that ends, by itself or by Ctrl-C, leaves the same banner behind.
  if (booted && state !== "entering" && state !== "interrupting") return { kind: "restarted", state, saw };
  return timer === "silence"
    ? { kind: "silent", state, waitedMs: deadlines.silenceMs, saw }
    : { kind: "late", state, waitedMs: deadlines.deadlineMs, saw };
}

/** The excerpt after one more chunk. */
export function excerptWith(before: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (chunk.length >= EXCERPT_BYTES) return chunk.slice(-EXCERPT_BYTES);
  return concatBytes([before.subarray(-(EXCERPT_BYTES - chunk.length)), chunk]);
}
