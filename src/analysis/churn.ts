import { medianOf, quantileOf } from "./order-statistics.ts";
import { usualGapMs } from "./series.ts";

/** A collection, as far as churn needs it. */
export interface CycleEnds {
  /** The reading after the collection. */
  readonly atMs: number;
  readonly usedBytes: number;
  /** The reading before it. */
  readonly beforeAtMs: number;
  readonly beforeUsedBytes: number;
}

/** What the monitor itself leaves on the board. */
export interface OwnGarbage {
  /** Garbage of one basic reading; null = not measured. */
  readonly probeGarbageBytes: number | null;
  /** Readings of the span, the ones before and after collections included. */
  readonly readings: number;
}

/** How much the application allocates, garbage or not, while nobody collects. */
export interface Churn {
  /** The application's: what used memory grew by, less the monitor's own. Median over the cycles. */
  readonly bytesPerSecond: number;
  /** In one cycle out of ten it is more than this. */
  readonly busyBytesPerSecond: number;
  /** The monitor's own readings; null where unmeasured, and then it is part of the figures above. */
  readonly ownBytesPerSecond: number | null;
  /** Times between two collections that counted. */
  readonly cycles: number;
}

/** A cycle longer than so many usual ones spans a hole in the history. */
const longCycle = 10;

/**
 * Bytes allocated per second between collections: used memory before a collection less used memory after the one
 * before, over the time between. Oldest first. Null without two collections.
 *
 * The median over the cycles, so that a restart or a collection by the board itself in between, after which less is used than
 * before, does not count. Where the board collects by itself more often than it is asked to, it is a lower bound.
 */
export function churnOf(collections: readonly CycleEnds[], own: OwnGarbage): Churn | null {
  const usualMs = usualGapMs(collections);
  const first = collections[0];
  const last = collections.at(-1);
  if (usualMs === null || first === undefined || last === undefined) return null;
  const rates: number[] = [];
  for (let index = 1; index < collections.length; index++) {
    const [before, now] = [collections[index - 1], collections[index]];
    if (before === undefined || now === undefined) continue;
    const ms = now.beforeAtMs - before.atMs;
    const bytes = now.beforeUsedBytes - before.usedBytes;
    if (ms > 0 && ms <= longCycle * usualMs && bytes >= 0) rates.push((bytes / ms) * 1000);
  }
  const median = medianOf(rates);
  const busy = quantileOf(rates, 0.9);
  if (median === null || busy === null) return null;
  const ownBytesPerSecond = ownRate(own, collections.length, (last.atMs - first.atMs) / 1000);
  return {
    bytesPerSecond: Math.max(0, median - (ownBytesPerSecond ?? 0)),
    busyBytesPerSecond: Math.max(0, busy - (ownBytesPerSecond ?? 0)),
    ownBytesPerSecond,
    cycles: rates.length,
  };
}

/** The garbage of the reading before a collection is collected, so each cycle holds the others. */
function ownRate(
  { probeGarbageBytes, readings }: OwnGarbage,
  cycles: number,
  seconds: number,
): number | null {
  if (probeGarbageBytes === null || seconds <= 0) return null;
  return (probeGarbageBytes * Math.max(0, readings - cycles)) / seconds;
}
