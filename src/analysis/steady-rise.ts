import { twoSidedProbability, twoSidedQuantile } from "./normal.ts";
import { medianOf } from "./order-statistics.ts";
import type { SeriesPoint } from "./series.ts";

/** A rise from point to point, in the figure's unit per hour. */
export interface SteadyRise {
  readonly slopePerHour: number;
  /** The slope's 95 % interval; never below zero. */
  readonly lowPerHour: number;
  readonly highPerHour: number;
}

const significanceLevel = 0.001;
/** The newer half is looked at only where the whole has passed. */
const halfLevel = 0.05;
const leastPoints = 20;
/** Of the whole rise: what falls further than this somewhere comes and goes. */
const mostFallShare = 0.25;
/** The newer half must bring at least this share of its half of the rise. */
const leastShareOfNewerHalf = 0.25;
/** Points at each end whose median is the level there. */
const end = 5;

/**
 * A series that rises, step by step, and hardly ever falls: what a leak looks like that is watched for a short time, while the
 * application's pace varies. `fitTrend` is careful there: steps of different height leave residuals like a slow wave's. Null
 * unless all of this holds:
 *
 * - at least 20 points; sign test of the changes between neighbours, those without a change left out: p < 0.001 (Dixon & Mood, "The
 *   Statistical Sign Test", JASA 41 (1946)); without a drift, a walk rises as often as it falls;
 * - the same in the newer half (p < 0.05), which brings at least a quarter of its share: what has warmed up does not leak;
 * - no fall from any earlier point by more than a quarter of the whole rise: a cache that is emptied does not leak;
 * - a rise of at least `leastChange`.
 *
 * The slope is the mean change, its interval that of a mean.
 */
export function steadyRise(points: readonly SeriesPoint[], leastChange: number): SteadyRise | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < leastPoints) return null;
  const rise = levelRise(points);
  const newer = points.slice(points.length >>> 1);
  const goesOn = levelRise(newer) >= (leastShareOfNewerHalf * rise) / 2;
  if (rise < leastChange || !goesOn || deepestFall(points) > mostFallShare * rise) return null;
  if (signTest(points) >= significanceLevel || signTest(newer) >= halfLevel) return null;

  const changes = points.slice(1).map(({ value }, index) => value - (points[index]?.value ?? 0));
  const mean = (last.value - first.value) / changes.length;
  const squares = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0);
  const reach = twoSidedQuantile(0.95) * Math.sqrt(squares / (changes.length - 1) / changes.length);
  const perHour = (3_600_000 * changes.length) / (last.atMs - first.atMs);
  return {
    slopePerHour: mean * perHour,
    lowPerHour: Math.max(0, mean - reach) * perHour,
    highPerHour: (mean + reach) * perHour,
  };
}

function levelRise(points: readonly SeriesPoint[]): number {
  const level = (some: readonly SeriesPoint[]): number => medianOf(some.map(({ value }) => value)) ?? 0;
  return level(points.slice(-end)) - level(points.slice(0, end));
}

function deepestFall(points: readonly SeriesPoint[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  let deepest = 0;
  for (const { value } of points) {
    highest = Math.max(highest, value);
    deepest = Math.max(deepest, highest - value);
  }
  return deepest;
}

/** p of as many more rises than falls, normal with continuity correction; 1 where falls are as many. */
function signTest(points: readonly SeriesPoint[]): number {
  let rises = 0;
  let falls = 0;
  for (const [index, { value }] of points.slice(1).entries()) {
    const before = points[index]?.value ?? 0;
    if (value > before) rises++;
    else if (value < before) falls++;
  }
  return rises <= falls ? 1 : twoSidedProbability((rises - falls - 1) / Math.sqrt(rises + falls));
}
