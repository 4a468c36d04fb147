import type { TrendFit } from "./trend.ts";

/** When something runs out if its trend goes on, counted from the newest point of the trend. */
export interface Exhaustion {
  /** Seconds; 0 = now. */
  readonly seconds: number;
  /** With the steepest slope of the interval. */
  readonly earliestSeconds: number;
  /** With the flattest; null where that never gets there. */
  readonly latestSeconds: number | null;
  /** UTC, ISO 8601: the newest point plus `seconds`; null beyond the year 9999. */
  readonly expectedAt: string | null;
}

/**
 * Time until a rising figure reaches `limit`: what is left above the line's END value ÷ slope. The line's end, not the last
 * value: one reading is noise. Null where there is no significant rise.
 */
export function timeToReach(trend: TrendFit | null, limit: number): Exhaustion | null {
  if (trend === null || !trend.significant || trend.slopePerHour <= 0) return null;
  return exhaustion(
    limit - trend.endValue,
    trend.slopePerHour,
    trend.lowPerHour,
    trend.highPerHour,
    trend.toMs,
  );
}

/** Time until a falling figure is 0, the same way. Null where there is no significant fall. */
export function timeToZero(trend: TrendFit | null): Exhaustion | null {
  if (trend === null || !trend.significant || trend.slopePerHour >= 0) return null;
  return exhaustion(trend.endValue, -trend.slopePerHour, -trend.highPerHour, -trend.lowPerHour, trend.toMs);
}

function exhaustion(left: number, slope: number, low: number, high: number, fromMs: number): Exhaustion {
  const seconds = (perHour: number): number => Math.max(0, (left / perHour) * 3600);
  const expectedMs = fromMs + seconds(slope) * 1000;
  return {
    seconds: seconds(slope),
    earliestSeconds: seconds(Math.max(slope, high)),
    latestSeconds: low > 0 ? seconds(low) : null,
    expectedAt: expectedMs < lastWritableMs ? new Date(expectedMs).toISOString() : null,
  };
}

/** Years of five digits are ISO 8601 only by agreement. */
const lastWritableMs = Date.UTC(10_000, 0, 1);
