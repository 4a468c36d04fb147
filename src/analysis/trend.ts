import { medianOf, quantileOf, quartileSpread } from "./order-statistics.ts";
import { type Columns, columnsOf, reduced, type SeriesPoint } from "./series.ts";
import { bestStep } from "./step.ts";
import { type RobustLine, theilSen, theilSenSlope } from "./theil-sen.ts";

/** The trend of any figure, in its unit per hour. */
export interface TrendFit {
  readonly slopePerHour: number;
  /** The slope's confidence interval. */
  readonly lowPerHour: number;
  readonly highPerHour: number;
  /** Mann–Kendall, two-sided. */
  readonly pValue: number;
  /** True only where this is no play of chance: see `fitTrend`. Rising or falling, by the sign of the slope. */
  readonly significant: boolean;
  /** Of the stretch that was looked at, before any reduction. */
  readonly points: number;
  readonly spanSeconds: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** The line's value at the newest point. */
  readonly endValue: number;
  /** How far the points lie from the line: the quartile spread of what is left. */
  readonly spread: number;
}

export interface TrendOptions {
  /** Times at which the series broke (a restart, another heap), in ms; the trend is of what came after the last. */
  readonly breaksMs?: readonly number[];
  /** Of the interval; default 0.95. */
  readonly confidence?: number;
  /** Points that go into the quadratic part, default 600 (a few ms); longer series are first reduced. */
  readonly mostPoints?: number;
  /** A change over the whole span that is too small to be worth a word, in the figure's unit; default 0. */
  readonly leastChange?: number;
  /**
   * What significance wants; default one hour. Less is for a run that is judged once: it is the looking again and again that needs
   * the hour.
   */
  readonly leastSpanSeconds?: number;
}

/** Significance wants so many points over so many seconds. */
export const leastTrendPoints = 20;
export const leastTrendSeconds = 3_600;
/** Trends are looked at again and again: 5 % would cry wolf every other day. */
const significanceLevel = 0.001;
/** The newer half must go on with at least this share of the slope: what has levelled off is no leak. */
const leastShareOfNewerHalf = 0.25;
const defaultMostPoints = 600;
const mostSteps = 6;
/** For a trend that began within the stretch. */
const leastNewerPoints = 60;
const leastNewerSeconds = 3 * 3_600;
const mostNewerPoints = 200;
const usualShare = 0.98;

/**
 * The robust trend of the newest unbroken stretch of a series in order of time. Null where it has no two points apart in
 * time.
 *
 * It is `significant` where all of this holds, so that noise alone, looked at every few minutes for months, claims none:
 *
 * - at least 20 points over at least 1 hour;
 * - Mann–Kendall p < 0.001, corrected for points that follow their neighbours (theil-sen.ts);
 * - the change over the span is more than the usual up and down, which is the quartile spread around the line, and
 *   more than `leastChange`;
 * - the newer half goes on in the same direction with at least a quarter of the slope: a program that has warmed up
 *   does not leak;
 * - a line explains the points better than a single step does. Where a step does, such as a module that was imported,
 *   the series is cut there and the stretch after it is looked at instead.
 *
 * Where the whole stretch shows none, something may have begun lately, and a bent line is no line: the newest half, quarter
 * and so on are looked at (down to 60 points and 3 hours). The trend of such a part, and of a part after a step, must also
 * have gone beyond what was known before it, so that a slow wave is not taken for a leak whenever it rises.
 */
export function fitTrend(points: readonly SeriesPoint[], options: TrendOptions = {}): TrendFit | null {
  const stretch = newestStretch(points, options.breaksMs ?? []);
  const { trend, from } = afterSteps(stretch, options);
  if (trend === null) return trend;
  if (trend.significant && (from === 0 || beyond(stretch, from) === Math.sign(trend.slopePerHour)))
    return trend;
  return newerTrend(stretch, from, options) ?? { ...trend, significant: false };
}

/** The trend after the last of the steps that explain the stretch better than a line, and where that begins. */
function afterSteps(
  stretch: readonly SeriesPoint[],
  options: TrendOptions,
): { readonly trend: TrendFit | null; readonly from: number } {
  let from = 0;
  let fit = fitStretch(stretch, options);
  for (let steps = 0; fit !== null && fit.stepAfterMs !== null && steps < mostSteps; steps++) {
    const { stepAfterMs } = fit;
    const next = stretch.findIndex(({ atMs }) => atMs > stepAfterMs);
    const rest = fitStretch(stretch.slice(next), options);
    if (rest === null) break;
    from = next;
    fit = rest;
  }
  return { trend: fit?.trend ?? null, from };
}

/** A trend of the newest half, quarter, … of what comes at or after `first`. */
function newerTrend(stretch: readonly SeriesPoint[], first: number, options: TrendOptions): TrendFit | null {
  const fewer = {
    ...options,
    mostPoints: Math.min(mostNewerPoints, options.mostPoints ?? defaultMostPoints),
  };
  const startMs = stretch[first]?.atMs ?? 0;
  const endMs = stretch.at(-1)?.atMs ?? 0;
  for (let spanMs = (endMs - startMs) / 2; spanMs >= leastNewerSeconds * 1000; spanMs /= 2) {
    const from = stretch.findIndex(({ atMs }) => atMs >= endMs - spanMs);
    if (stretch.length - from < leastNewerPoints) return null;
    // Asked first: it is rare, and a fit takes longer.
    const side = beyond(stretch, from);
    if (side === 0) continue;
    const trend = fitStretch(stretch.slice(from), fewer)?.trend;
    if (trend?.significant && Math.sign(trend.slopePerHour) === side) return trend;
  }
  return null;
}

/**
 * Whether the newest values lie above (1) or below (-1) nearly all values before `from`, or neither (0). Asked of the values,
 * because a line through the rise of a wave ends above its crest.
 */
function beyond(stretch: readonly SeriesPoint[], from: number): -1 | 0 | 1 {
  const newest = medianOf(
    stretch.slice(Math.max(from, stretch.length - leastTrendPoints)).map(({ value }) => value),
  );
  const before = new Float64Array(from);
  for (let index = 0; index < from; index++) before[index] = stretch[index]?.value ?? 0;
  if ((newest ?? 0) > (quantileOf(before, usualShare) ?? 0)) return 1;
  return (newest ?? 0) < (quantileOf(before, 1 - usualShare) ?? 0) ? -1 : 0;
}

interface StretchFit {
  readonly trend: TrendFit;
  /** A single step says it better than the line; it comes after this time. */
  readonly stepAfterMs: number | null;
}

function fitStretch(points: readonly SeriesPoint[], options: TrendOptions): StretchFit | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const all = columnsOf(points);
  const columns = reduced(all, options.mostPoints ?? defaultMostPoints);
  const line = theilSen(columns.hours, columns.values, options.confidence);
  if (line === null) return null;
  const spanHours = all.hours[all.hours.length - 1] ?? 0;
  const spread = quartileSpread(residuals(all, line));
  const spanSeconds = spanHours * 3600;
  const change = Math.abs(line.slope) * spanHours;
  const stands =
    points.length >= leastTrendPoints &&
    spanSeconds >= (options.leastSpanSeconds ?? leastTrendSeconds) &&
    line.pValue < significanceLevel &&
    change > spread &&
    change >= (options.leastChange ?? 0);
  const step = stands ? bestStep(columns, line) : null;
  const trend = {
    slopePerHour: line.slope,
    lowPerHour: line.low,
    highPerHour: line.high,
    pValue: line.pValue,
    significant: stands && step === null && goesOn(columns, line.slope),
    points: points.length,
    spanSeconds,
    fromMs: first.atMs,
    toMs: last.atMs,
    endValue: line.intercept + line.slope * spanHours,
    spread,
  };
  return { trend, stepAfterMs: step === null ? null : first.atMs + step.afterHours * 3_600_000 };
}

/** The points from the last break on that is not after all of them. */
function newestStretch(points: readonly SeriesPoint[], breaksMs: readonly number[]): readonly SeriesPoint[] {
  const endMs = points.at(-1)?.atMs ?? 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const breakMs of breaksMs) if (breakMs <= endMs && breakMs > lastMs) lastMs = breakMs;
  return points.filter(({ atMs }) => atMs >= lastMs);
}

function residuals({ hours, values }: Columns, { slope, intercept }: RobustLine): Float64Array {
  return values.map((value, index) => value - intercept - slope * (hours[index] ?? 0));
}

function goesOn({ hours, values }: Columns, slope: number): boolean {
  const half = hours.length >>> 1;
  const newer = theilSenSlope(hours.subarray(half), values.subarray(half));
  return newer !== null && newer / slope >= leastShareOfNewerHalf;
}
