import type { TrendView } from "../../client/views.ts";
import { ageText, sizeText } from "../../shared/units-text.ts";

/** Where a board's memory is going: `level` as the default rules have it, without waiting as long as they do. */
export interface Leak {
  readonly level: "critical" | "warning" | "info";
  /** "full in 7 h", or "leaking" where the end is not near. */
  readonly what: string;
  readonly why: string;
}

/** As in the daemon's default rules exhaustion-soon and exhaustion, seconds. */
const soonSeconds = 6 * 3600;
const nearSeconds = 3 * 86_400;
/** A heap that could grow for longer than a year is in nobody's way, seconds. */
const mostSeconds = 365 * 86_400;
/** The daemon computes a trend every five minutes, of many boards every quarter of an hour; older ones are of before, ms. */
const oldestMs = 20 * 60_000;

/** What a trend says is coming; null: nothing, or it was computed too long ago. `hostNowMs`: by the daemon's clock. */
export function leakOf(trend: TrendView | undefined, hostNowMs: number): Leak | null {
  if (trend === undefined || trend.at === null || hostNowMs - Date.parse(trend.at) > oldestMs) return null;
  const { leakBytesPerHour, timeToExhaustionSeconds: seconds } = trend;
  if (leakBytesPerHour === null || leakBytesPerHour <= 0) return null;
  const growth = `Its live memory grows by ${sizeText(Math.round(leakBytesPerHour))} per hour`;
  const advice =
    "Compare two of its maps for what grows: lists and dicts that are only added to are the usual cause.";
  if (seconds === null) {
    const why = `${growth}: something is kept that is never let go. When the heap is full is not in sight. ${advice}`;
    return { level: "info", what: "leaking", why };
  }
  if (seconds > mostSeconds) return null;
  const rest = ageText(seconds * 1000);
  const when = seconds === 0 ? "and the heap is full now" : `full in about ${rest} at this rate`;
  const why = `${growth}: ${when}; then allocations fail with MemoryError. ${advice}`;
  if (seconds >= nearSeconds) return { level: "info", what: "leaking", why };
  const what = seconds === 0 ? "full" : `full in ${rest}`;
  return { level: seconds < soonSeconds ? "critical" : "warning", what, why };
}
