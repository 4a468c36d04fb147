import { medianOf } from "../../analysis/order-statistics.ts";
import { usualGapMs } from "../../analysis/series.ts";
import type { BoardHistory, ReadingSeen } from "./board-history.ts";

/** How fast the board's application allocates, beside what is free for it. */
export interface Allocation {
  /** The application's own; heapscope's readings are taken off where their cost is known. */
  readonly bytesPerSecond: number;
  /** Cycles or intervals that it is the median of. */
  readonly samples: number;
  /** Free right after a collection, median. */
  readonly freeBytes: number;
  /** Until garbage has taken all of that; Infinity where nothing is allocated. */
  readonly fillSeconds: number;
  /** Usual time between two readings; null: there are too few. */
  readonly readSeconds: number | null;
  /** Share of the times between two readings in which the board collected by itself; null: too few to tell. */
  readonly ownCollectionShare: number | null;
}

/** Fewer cycles or intervals say nothing. */
export const leastSamples = 10;
/** Used memory that fell by this share of the free heap, without a collection of ours, was collected by the board itself. */
const fallShare = 0.25;
/** Readings further apart than so many usual gaps span a hole. */
const longGaps = 3;

/**
 * From what used memory grows by between collections (`analysis/churn`), and between two readings in a row. The greater counts: both
 * are lower bounds where the board collects by itself meanwhile, and readings come more often. Null: too little is known.
 */
export function allocationOf({ analysis, collections, readings }: BoardHistory): Allocation | null {
  const freeBytes = medianOf(collections.map((collection) => collection.freeBytes));
  if (freeBytes === null || freeBytes <= 0) return null;
  const { churn } = analysis;
  const own = churn?.ownBytesPerSecond ?? 0;
  const between = betweenReadings(readings, freeBytes);
  const byReadings = between.rates.length >= leastSamples ? medianOf(between.rates) : null;
  const byCycles = churn !== null && churn.cycles >= leastSamples ? churn.bytesPerSecond : null;
  if (byReadings === null && byCycles === null) return null;
  const ofReadings = Math.max(0, (byReadings ?? 0) - own);
  const isByReadings = byCycles === null || ofReadings > byCycles;
  const bytesPerSecond = isByReadings ? ofReadings : byCycles;
  const pairs = between.rates.length + between.falls;
  return {
    bytesPerSecond,
    samples: isByReadings ? between.rates.length : (churn?.cycles ?? 0),
    freeBytes,
    fillSeconds: bytesPerSecond > 0 ? freeBytes / bytesPerSecond : Number.POSITIVE_INFINITY,
    readSeconds: between.usualMs === null ? null : between.usualMs / 1000,
    ownCollectionShare: pairs < leastSamples ? null : between.falls / pairs,
  };
}

function betweenReadings(
  readings: readonly ReadingSeen[],
  freeBytes: number,
): { readonly usualMs: number | null; readonly rates: readonly number[]; readonly falls: number } {
  // Of a collection's two readings the second comes at once.
  const due = readings.filter(({ phase }) => phase !== "after-collect");
  const usualMs = usualGapMs(due);
  const rates: number[] = [];
  let falls = 0;
  for (let index = 1; usualMs !== null && index < readings.length; index++) {
    const [before, now] = [readings[index - 1], readings[index]];
    if (before === undefined || now === undefined || now.phase === "after-collect") continue;
    const ms = now.atMs - before.atMs;
    const bytes = now.usedBytes - before.usedBytes;
    if (ms < usualMs / 2 || ms > longGaps * usualMs) continue;
    if (bytes >= 0) rates.push((bytes / ms) * 1000);
    else if (-bytes >= fallShare * freeBytes) falls++;
  }
  return { usualMs, rates, falls };
}
