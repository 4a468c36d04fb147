import { agreedGrowableBytes, disagreement } from "../heap/confirm.ts";
import { figuresOf } from "../heap/figures.ts";
import type { MemInfoRecord } from "../heap/mem-info-record.ts";
import { parseMemInfo } from "../heap/parse-mem-info.ts";
import type { HelperFigures, MemInfoFigures } from "../heap/reading.ts";
import { reconcile } from "../heap/reconcile.ts";
import { totalsOnly } from "../heap/totals-only.ts";
import type { HelperHeader } from "../protocol/helper-header.ts";

/** A frame's figures, or why none of them can be believed. */
export type HelperResult =
  | {
      readonly kind: "reading";
      readonly figures: MemInfoFigures;
      readonly helper: HelperFigures;
      /** The dump as the board printed it, where there is a map that adds up. */
      readonly dump: Uint8Array | null;
    }
  | {
      readonly kind: "lost";
      /** Half a sentence. */
      readonly why: string;
    };

interface Verified {
  readonly figures: MemInfoFigures;
  readonly dump: Uint8Array | null;
}

/**
 * Verifies what a frame holds as the probe verifies an answer: two answers that agree and add up, the second perhaps with a
 * map that adds up with them. A map that only differs from its header (a thread allocated meanwhile) is left out: here nobody
 * can ask again. `blockSizeBytes`: of an earlier map, null = unknown.
 */
export function readHelperFrame(
  header: HelperHeader,
  body: Uint8Array,
  blockSizeBytes: number | null,
): HelperResult {
  const verified = verify(header, body, blockSizeBytes);
  if (typeof verified === "string") return { kind: "lost", why: verified };
  const { figures, dump } = verified;
  const { stackBytes } = header;
  const stack = figures.stack ?? (stackBytes === null ? null : { usedBytes: stackBytes, totalBytes: null });
  return { kind: "reading", figures: { ...figures, stack }, helper: helperFigures(header), dump };
}

function verify(
  { allocBytes, freeBytes }: HelperHeader,
  body: Uint8Array,
  blockSizeBytes: number | null,
): Verified | string {
  const records: MemInfoRecord[] = [];
  for (const finding of parseMemInfo(body)) {
    if (finding.kind === "problem") return finding.problem.text;
    records.push(finding.record);
  }
  if (records.length === 0 && allocBytes !== null && freeBytes !== null)
    return { figures: totalsOnly(allocBytes, freeBytes), dump: null };
  const [first, second] = records;
  if (!first || !second || records.length !== 2 || first.map !== null)
    return `expected two answers of mem_info(), the first without a map, found ${records.length}`;
  if (first.printed === null || second.printed === null) return "a line of its figures is missing";
  const doubt = disagreement(first, second);
  if (doubt) return doubt.text;
  // Only an answer that adds up may differ from the other, by what was allocated in between.
  const firstVerdict = reconcile(first);
  if (firstVerdict.kind === "corrupt") return firstVerdict.problem.text;
  const verdict = reconcile(second);
  if (verdict.kind === "corrupt") return verdict.problem.text;
  const map = verdict.kind === "verified" ? second.map : null;
  const heap = { ...second.heap, growableBytes: agreedGrowableBytes(first, second) };
  const figures = figuresOf({ ...second, heap, map }, blockSizeBytes, { kind: "verified" });
  return { figures, dump: map ? body.slice(second.startByte, second.endByte) : null };
}

function helperFigures(header: HelperHeader): HelperFigures {
  const { run, sequence, ticksMs, mark, label, gcThreshold, peakBytes, idfHeap } = header;
  return {
    run,
    sequence,
    ticksMs,
    mark: mark === null && label === null ? null : { kind: mark ?? "point", label: label ?? "" },
    gcThreshold,
    peakBytes,
    idfHeap,
  };
}
