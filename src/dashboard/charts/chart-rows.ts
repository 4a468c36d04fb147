import type { ReadingView, SeriesView } from "../../client/views.ts";

/** What the charts ask for, all over the same time and in the same buckets. */
export interface SeriesSet {
  readonly used: SeriesView;
  readonly free: SeriesView;
  readonly largest: SeriesView;
  readonly fragmentation: SeriesView;
  readonly reclaimed: SeriesView;
}

/** The values of a bucket; of a single reading all three are the same. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export const lineNames = ["used", "free", "largest", "fragmentation"] as const;
export type LineName = (typeof lineNames)[number];

/** ms since the epoch. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One point in time. Null: not known. */
export interface ChartRow extends Readonly<Record<LineName, Spread | null>> {
  /** Of a bucket its middle. */
  readonly atMs: number;
  /** Width of the bucket; 0: a single reading as the feed told it. */
  readonly widthMs: number;
}

const nothing: Readonly<Record<LineName, null>> = {
  used: null,
  free: null,
  largest: null,
  fragmentation: null,
};

/**
 * From when on single readings of the feed stand in place of buckets: from the begin of the last bucket, which was not over when
 * it was asked for, where the feed has told of all since then; else from where the series ends.
 */
export function liveFromMs(series: SeriesView, oldestHeldMs: number | undefined): number {
  const last = series.buckets.at(-1);
  const endMs = Date.parse(series.to);
  if (last === undefined || oldestHeldMs === undefined) return endMs;
  const beginMs = Date.parse(last.at);
  const isOpen = beginMs + series.bucketSeconds * 1000 > endMs;
  return isOpen && oldestHeldMs <= beginMs ? beginMs : endMs;
}

/** The series with the feed's readings after them, in order of time. `set` undefined: not loaded yet. */
export function chartRows(set: SeriesSet | undefined, readings: readonly ReadingView[]): readonly ChartRow[] {
  const live = readings.flatMap((reading) => {
    const row = readingRow(reading);
    return row === null ? [] : [row];
  });
  if (set === undefined) return live;
  const fromMs = liveFromMs(set.used, live[0]?.atMs);
  const byBegin = new Map<number, ChartRow>();
  for (const name of lineNames) {
    const { buckets, bucketSeconds, from, to } = set[name];
    const widthMs = bucketSeconds * 1000;
    for (const { at, mean, min, max } of buckets) {
      const beginMs = Date.parse(at);
      if (beginMs >= fromMs) continue;
      // A bucket at either end of the range is there in part only.
      const atMs =
        (Math.max(beginMs, Date.parse(from)) + Math.min(beginMs + widthMs, Date.parse(to), fromMs)) / 2;
      const row = byBegin.get(beginMs) ?? { ...nothing, atMs, widthMs };
      byBegin.set(beginMs, { ...row, [name]: { mean, min, max } });
    }
  }
  const stored = [...byBegin.values()].sort((one, other) => one.atMs - other.atMs);
  return [...stored, ...live.filter(({ atMs }) => atMs >= fromMs)];
}

/** One reading as a point; null where its time is not known. */
export function readingRow({ at, heap, largestFreeBytes, fragmentation }: ReadingView): ChartRow | null {
  if (at === null) return null;
  return {
    atMs: Date.parse(at),
    widthMs: 0,
    used: single(heap.usedBytes),
    free: single(heap.freeBytes),
    largest: single(largestFreeBytes),
    fragmentation: single(fragmentation),
  };
}

function single(value: number | null): Spread | null {
  return value === null ? null : { mean: value, min: value, max: value };
}

/** Where nobody says how often a board is read. */
const usualIntervalMs = 60_000;

/**
 * How far apart two points may be for a line between them, ms. Buckets that hold several readings lie side by side: one that is
 * missing is a hole. Of narrower ones some are empty anyway.
 */
export function longestStepMs(widthMs: number, readIntervalMs: number | null): number {
  const intervalMs = readIntervalMs ?? usualIntervalMs;
  return widthMs >= 2 * intervalMs ? 1.5 * widthMs : 2.5 * Math.max(widthMs, intervalMs);
}

/** Of so many steps to either side the usual one is taken; a side with fewer than the least says nothing by itself. */
const stepsAround = 5;
const leastSteps = 2;

/**
 * How far points lie apart about the step `at` of `steps`, which does not count itself: the board may have been read at another
 * interval then. Before and after a change of the interval, the longer one. 0: too few to tell.
 */
export function usualStepMs(steps: readonly number[], at: number): number {
  const before = steps.slice(Math.max(0, at - stepsAround), at);
  const after = steps.slice(at + 1, at + 1 + stepsAround);
  const sides = [before, after].filter(({ length }) => length >= leastSteps);
  if (sides.length > 0) return Math.max(...sides.map(lowerMedian));
  const both = [...before, ...after];
  return both.length >= leastSteps ? lowerMedian(both) : 0;
}

function lowerMedian(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[(values.length - 1) >> 1] ?? 0;
}

/** What uPlot draws: `x` in seconds; of each line its values, lows and highs. `rows`: what each `x` is of, null in a gap. */
export interface ChartColumns {
  readonly x: readonly number[];
  readonly lines: Readonly<Record<LineName, readonly [Column, Column, Column]>>;
  readonly rows: readonly (ChartRow | null)[];
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
}
type Column = readonly (number | null)[];

/**
 * Puts a point without values into every hole, so that no line crosses it. `untilMs`: up to there a reading would be known; what
 * is missing before it is a gap, too.
 */
export function columnsOf(
  rows: readonly ChartRow[],
  readIntervalMs: number | null,
  untilMs = Number.NEGATIVE_INFINITY,
): ChartColumns {
  const x: number[] = [];
  const drawn: (ChartRow | null)[] = [];
  const gaps: { fromMs: number; toMs: number }[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  const points = rows.filter(({ atMs }) => {
    const isLater = atMs > lastMs;
    if (isLater) lastMs = atMs;
    return isLater;
  });
  const steps = points.slice(1).map(({ atMs }, at) => atMs - (points[at]?.atMs ?? atMs));
  for (const [at, row] of points.entries()) {
    const last = points[at - 1];
    const stepMs = steps[at - 1];
    if (last !== undefined && stepMs !== undefined) {
      const widthMs = Math.max(last.widthMs, row.widthMs);
      if (stepMs > longestStepMs(widthMs, readIntervalMs) && isHole(steps, at - 1, widthMs)) {
        gaps.push({ fromMs: last.atMs, toMs: row.atMs });
        x.push((last.atMs + row.atMs) / 2000);
        drawn.push(null);
      }
    }
    x.push(row.atMs / 1000);
    drawn.push(row);
  }
  const last = points.at(-1);
  if (last !== undefined && untilMs - last.atMs > longestStepMs(last.widthMs, readIntervalMs))
    gaps.push({ fromMs: last.atMs, toMs: untilMs });
  const columns = (name: LineName): readonly [Column, Column, Column] => [
    drawn.map((row) => row?.[name]?.mean ?? null),
    drawn.map((row) => row?.[name]?.min ?? null),
    drawn.map((row) => row?.[name]?.max ?? null),
  ];
  const lines = {
    used: columns("used"),
    free: columns("free"),
    largest: columns("largest"),
    fragmentation: columns("fragmentation"),
  };
  return { x, lines, rows: drawn, gaps };
}

/** Whether a step that is too long for today's interval is so for what was usual at its time, too. */
function isHole(steps: readonly number[], at: number, widthMs: number): boolean {
  const usualMs = usualStepMs(steps, at);
  // Buckets side by side tell nothing of the interval.
  return usualMs <= 1.5 * widthMs || (steps[at] ?? 0) > 2.5 * usualMs;
}

/** The rows within a range and one beyond either end, so that lines reach the edges. */
export function rowsWithin(rows: readonly ChartRow[], fromMs: number, toMs: number): readonly ChartRow[] {
  let first = rows.findIndex(({ atMs }) => atMs >= fromMs);
  if (first < 0) first = rows.length;
  const after = rows.findIndex(({ atMs }) => atMs > toMs);
  return rows.slice(Math.max(0, first - 1), after < 0 ? rows.length : after + 1);
}

/** Where the readings cover less than this share of a range, it is shown from the first one on. */
const sparseShare = 1 / 4;
const leastShownMs = 60_000;

/** The end of a range in which all its readings are, where the most of it is empty; else null. */
export function filledPart(rows: readonly ChartRow[], { fromMs, toMs }: TimeSpan): TimeSpan | null {
  const first = rows.find(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const before = rows[0];
  if (first === undefined || before === undefined || before.atMs < fromMs) return null;
  const beginMs = Math.min(first.atMs - first.widthMs / 2, toMs - leastShownMs);
  return toMs - beginMs < sparseShare * (toMs - fromMs) ? { fromMs: beginMs, toMs } : null;
}
