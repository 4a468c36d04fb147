import { type Breaks, findBreaks, type LevelPoint, type Suspicion } from "./breaks.ts";
import { fitTrend, type TrendFit } from "./trend.ts";

/** Bytes over the whole span that are worth a word: four blocks of a 32-bit board. */
export const leastChangeBytes = 64;

/**
 * The trend of used memory after collections, and the times at which that began anew (ms). What grows after a collection is
 * held by somebody: a leak. `points`: oldest first; `suspicions`: when the board may have restarted.
 */
export function leakOf(
  points: readonly LevelPoint[],
  suspicions: readonly Suspicion[],
): Breaks & { readonly trend: TrendFit | null } {
  const breaks = findBreaks(points, suspicions);
  const { breaksMs } = breaks;
  const used = points.map(({ atMs, usedBytes }) => ({ atMs, value: usedBytes }));
  return { trend: fitTrend(used, { breaksMs, leastChange: leastChangeBytes }), ...breaks };
}

/** What used memory can come to: the heap and what it can still grow by, as of the newest point. 0 without points. */
export function memoryLimit(points: readonly LevelPoint[]): number {
  const newest = points.at(-1);
  return newest === undefined ? 0 : newest.totalBytes + (newest.growableBytes ?? 0);
}
