import { heapscopeError } from "../shared/errors.ts";
import { everyText } from "../shared/units-text.ts";
import type { LostFrames } from "./helper-sequence.ts";

/** What a board whose helper is live is told as. */
export function helperMessage(intervalMs: number, twins: readonly [string, string] | null): string {
  const two =
    twins === null
      ? ""
      : ` Two helpers report at the same time (runs ${twins.join(" and ")}): the application starts it twice.`;
  return `Its application reports by itself, every ${everyText(intervalMs)}; heapscope writes nothing.${two}`;
}

export function listeningMessage(intervalMs: number): string {
  return `Its helper reported every ${everyText(intervalMs)} before. heapscope listens for it before it asks the board itself.`;
}

export const onlyMessage =
  "Waiting for its helper to report; heapscope writes nothing to it (helper: only). The application starts the helper with heapscope.start() or heapscope.task().";

/** With `only`, of an application that names no interval. */
export const atWillMessage =
  "Its application reports by itself, whenever it wants to; heapscope writes nothing to it (helper: only).";

export function helperLostText({ frames, why }: LostFrames): string {
  return heapscopeError("helper-frame-lost", { frames, why: why ?? "only its number tells" }).message;
}

export function helperVersionText(board: string, version: number): string {
  return heapscopeError("helper-version", { board, version }).message;
}

export function helperSilentText(board: string, silentMs: number): string {
  return heapscopeError("helper-silent", { board, silentSeconds: Math.round(silentMs / 1000) }).message;
}
