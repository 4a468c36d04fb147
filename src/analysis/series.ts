import { medianInPlace } from "./order-statistics.ts";

/** One value at one time; series are in order of time. */
export interface SeriesPoint {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly value: number;
}

/** Points as columns. Hours count from the first point, so that they are small and exact. */
export interface Columns {
  readonly hours: Float64Array;
  readonly values: Float64Array;
}

const hourMs = 3_600_000;

export function columnsOf(points: readonly SeriesPoint[]): Columns {
  const startMs = points[0]?.atMs ?? 0;
  const hours = new Float64Array(points.length);
  const values = new Float64Array(points.length);
  for (const [index, { atMs, value }] of points.entries()) {
    hours[index] = (atMs - startMs) / hourMs;
    values[index] = value;
  }
  return { hours, values };
}

/**
 * The series as at most `most` points: where there are more, the span is cut into `most` equal times, and each that holds
 * points becomes their median time and median value. A straight line stays the same line; noise shrinks (to about
 * 1.25 / √k of itself for k points in a bucket, as medians do), ups and downs shorter than a bucket vanish, and a
 * stretch with many points counts no more than one with few.
 */
export function reduced({ hours, values }: Columns, most: number): Columns {
  const { length } = hours;
  if (length <= most) return { hours, values };
  const spanHours = hours[length - 1] ?? 0;
  const outHours: number[] = [];
  const outValues: number[] = [];
  for (let start = 0; start < length; ) {
    const bucket = bucketOf(hours[start] ?? 0, spanHours, most);
    let end = start + 1;
    while (end < length && bucketOf(hours[end] ?? 0, spanHours, most) === bucket) end++;
    outHours.push(medianInPlace(hours.slice(start, end)));
    outValues.push(medianInPlace(values.slice(start, end)));
    start = end;
  }
  return { hours: Float64Array.from(outHours), values: Float64Array.from(outValues) };
}

/** The usual time between points, in ms: the median of the gaps. Null for fewer than two points. */
export function usualGapMs(points: readonly { readonly atMs: number }[]): number | null {
  if (points.length < 2) return null;
  const gaps = new Float64Array(points.length - 1);
  for (let index = 0; index < gaps.length; index++)
    gaps[index] = (points[index + 1]?.atMs ?? 0) - (points[index]?.atMs ?? 0);
  return medianInPlace(gaps);
}

function bucketOf(hours: number, spanHours: number, buckets: number): number {
  return spanHours === 0 ? 0 : Math.min(buckets - 1, Math.floor((hours / spanHours) * buckets));
}
