import { kind } from "./error-kind.ts";

type AtBoard = { readonly board: string };

/** Errors of helpers that run on boards and report by themselves. A part of the table in errors.ts. */
export const helperErrors = {
  "helper-frame-lost": kind<{ readonly frames: number; readonly why: string }>(502, 1, (c) =>
    c.frames === 1
      ? `A report of the board's helper did not come whole (${c.why}). It is left out; the next one counts again.`
      : `${c.frames} reports of the board's helper did not come whole (of the last one is known: ${c.why}). They are left out; the next one counts again.`,
  ),
  "helper-version": kind<AtBoard & { readonly version: number }>(
    502,
    1,
    (c) =>
      `The helper on board ${c.board} reports in form ${c.version}, and this heapscope reads form 1 only. Nothing is read from it. Update heapscope, or install this one's helper.`,
  ),
  "helper-silent": kind<AtBoard & { readonly silentSeconds: number }>(
    504,
    1,
    (c) =>
      `The helper on board ${c.board} has not reported for ${c.silentSeconds} s. Its application may have ended or hang.`,
  ),
  "helper-no-request": kind<AtBoard & { readonly what: string }>(
    409,
    1,
    (c) =>
      `Board ${c.board} is left alone because its application reports by itself, so no ${c.what} can be asked for. A map can, where helperRequest names the byte on which its helper answers (heapscope.task(request=…)); helper: only forbids that, too.`,
  ),
  "helper-no-answer": kind<AtBoard & { readonly waitedMs: number }>(
    504,
    1,
    (c) =>
      `The helper on board ${c.board} did not answer the request for a map within ${c.waitedMs} ms. Only its asyncio variant (heapscope.task) listens, for the byte of helperRequest.`,
  ),
} as const;
