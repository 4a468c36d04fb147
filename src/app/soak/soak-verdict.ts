import { leastChangeBytes } from "../../analysis/leak.ts";
import { medianOf } from "../../analysis/order-statistics.ts";
import { bytesText, durationText, intervalText } from "../../analysis/plain-text.ts";
import type { SeriesPoint } from "../../analysis/series.ts";
import { steadyRise } from "../../analysis/steady-rise.ts";
import { fitTrend, leastTrendPoints, type TrendFit } from "../../analysis/trend.ts";
import { countText } from "../../shared/units-text.ts";
import type { SoakObserved, SoakPoint } from "./observed.ts";

/** What a run is held against. */
export interface SoakLimits {
  /** Of live bytes, per hour. */
  readonly maxGrowthBytesPerHour: number;
  /** After every collection; null = no limit. */
  readonly minLargestFreeBytes: number | null;
  readonly allowedRestarts: number;
  readonly allowedMissed: number;
  /** What an earlier run had; null = nothing to compare with. */
  readonly baseline: SoakBaseline | null;
}

/** Figures of an earlier run, and how much worse this one may be. */
export interface SoakBaseline {
  readonly liveBytes: number;
  readonly leastLargestFreeBytes: number | null;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** 0 … 1 */
  readonly tolerance: number;
}

export type CheckName =
  | "application"
  | "growth"
  | "largest-free"
  | "restarts"
  | "missed-readings"
  | "baseline-live"
  | "baseline-largest-free";

export interface SoakCheck {
  readonly name: CheckName;
  /** `unknown`: could not be measured. */
  readonly state: "passed" | "failed" | "unknown";
  /** For people: the figure, the limit, what it means. */
  readonly sentence: string;
}

/** `unmeasured`: no check failed, and at least one could not be made. */
export type SoakVerdict = "met" | "not-met" | "unmeasured";

/** What the checks rest on. Bytes. */
export interface SoakFigures {
  /** Live bytes: used memory after collections. Medians of the first five and the last twenty since the last restart. */
  readonly firstLiveBytes: number | null;
  readonly liveBytes: number | null;
  readonly growth: {
    readonly bytesPerHour: number;
    readonly lowBytesPerHour: number;
    readonly highBytesPerHour: number;
    readonly significant: boolean;
  } | null;
  readonly leastLargestFree: { readonly bytes: number; readonly afterSeconds: number } | null;
  readonly totalBytes: number | null;
}

export interface SoakJudgement {
  readonly verdict: SoakVerdict;
  readonly checks: readonly SoakCheck[];
  readonly figures: SoakFigures;
}

/** A run is judged once, so no time is too short for a trend, as long as it has its twenty collections. */
export const soakTrend = { leastSpanSeconds: 0 } as const;
/** Growth over the run that nearly always shows, in quartile spreads: tried on simulated runs of 36 to 180 collections. */
const spreadsToShow = 3;
/** Four blocks: what a different order of things makes of the same application. */
const slackBytes = 64;

/** The verdict on what a run has seen. Pure: time is data. */
export function judge(observed: SoakObserved, limits: SoakLimits): SoakJudgement {
  const { points, restartsMs, startMs } = observed;
  // The run was watched without a gap: what falls without a restart is the application's own doing, and part of the story.
  const sinceMs = restartsMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  const stretch = points.filter(({ atMs }) => atMs >= sinceMs);
  const used = stretch.map(({ atMs, usedBytes }) => ({ atMs, value: usedBytes }));
  const trend = growthOf(used);
  const figures: SoakFigures = {
    firstLiveBytes: medianOf(stretch.slice(0, 5).map(({ usedBytes }) => usedBytes)),
    liveBytes: medianOf(stretch.slice(-leastTrendPoints).map(({ usedBytes }) => usedBytes)),
    growth: trend && {
      bytesPerHour: trend.slopePerHour,
      lowBytesPerHour: trend.lowPerHour,
      highBytesPerHour: trend.highPerHour,
      significant: trend.significant,
    },
    leastLargestFree: leastOf(points, startMs),
    totalBytes: points.at(-1)?.totalBytes ?? null,
  };
  const checks = [
    applicationCheck(observed),
    observed.startedAnew !== null
      ? anewCheck(observed.startedAnew)
      : growthCheck(stretch, restartsMs.length > 0, trend, figures, limits.maxGrowthBytesPerHour),
    ...(limits.minLargestFreeBytes === null ? [] : [largestFreeCheck(figures, limits.minLargestFreeBytes)]),
    restartsCheck(observed, limits.allowedRestarts),
    missedCheck(observed, limits.allowedMissed),
    ...(limits.baseline === null ? [] : baselineChecks(figures, limits.baseline)),
  ];
  return { verdict: verdictOf(checks), checks, figures };
}

/** The trend; where that is not significant, a rise that is steady from collection to collection. */
function growthOf(used: readonly SeriesPoint[]): TrendFit | null {
  const trend = fitTrend(used, { ...soakTrend, leastChange: leastChangeBytes });
  if (trend === null || (trend.significant && trend.slopePerHour > 0)) return trend;
  const rise = steadyRise(used, leastChangeBytes);
  return rise === null ? trend : { ...trend, ...rise, significant: true };
}

/** `not-met` where a check failed, whatever else is unknown. */
export function verdictOf(checks: readonly SoakCheck[]): SoakVerdict {
  if (checks.some(({ state }) => state === "failed")) return "not-met";
  return checks.some(({ state }) => state === "unknown") ? "unmeasured" : "met";
}

/** What has died does not grow. */
function applicationCheck({ errors, startMs }: SoakObserved): SoakCheck {
  const name = "application";
  const [first] = errors;
  if (first === undefined)
    return { name, state: "passed", sentence: "The board's console showed no traceback." };
  const when =
    first.atMs < startMs ? "before the first reading" : `${secondsText(first.atMs, startMs)} after the start`;
  const more = errors.length === 1 ? "" : ` It was the first of ${countText(errors.length, "traceback")}.`;
  const sentence = `The application raised an error ${when}: ${first.text}.${more} Where it ended there, the other checks are of a board that does nothing.`;
  return { name, state: "failed", sentence };
}

/** Each start is a fresh heap: a leak would never show. */
function anewCheck(why: string): SoakCheck {
  return { name: "growth", state: "unknown", sentence: `Whether live memory grows cannot be told: ${why}` };
}

function growthCheck(
  stretch: readonly SoakPoint[],
  restarted: boolean,
  trend: TrendFit | null,
  { firstLiveBytes, liveBytes }: SoakFigures,
  limit: number,
): SoakCheck {
  if (trend === null || stretch.length < leastTrendPoints) {
    const since = restarted ? " since the last restart" : "";
    const sentence = `Whether live memory grows cannot be told: that takes ${leastTrendPoints} collections${since}, and there ${stretch.length === 1 ? "was 1" : `were ${stretch.length}`}. Run longer, or collect more often (--interval; where the application reports by itself, its collect_every).`;
    return { name: "growth", state: "unknown", sentence };
  }
  const { slopePerHour: slope, lowPerHour: low, highPerHour: high, spanSeconds, spread } = trend;
  const allowed = limit === 0 ? "none is allowed" : `${bytesText(limit)} are allowed`;
  const over = `over ${countText(stretch.length, "collection")} (from ${bytesText(firstLiveBytes ?? 0)} to ${bytesText(liveBytes ?? 0)})`;
  if (!trend.significant || slope <= 0) {
    const rise = (liveBytes ?? 0) - (firstLiveBytes ?? 0);
    const unseen = Math.max(leastChangeBytes, spreadsToShow * spread, rise) / (spanSeconds / 3600);
    const how = trend.significant ? "falls" : "shows no growth beyond its ups and downs";
    const sentence = `Live memory ${how} ${over}; ${allowed}. In so short a time, less than about ${bytesText(unseen)} per hour need not show.`;
    return { name: "growth", state: "passed", sentence };
  }
  const rate = `${bytesText(slope)} per hour${intervalText(bytesText(low), bytesText(high))}`;
  if (slope > limit && (limit === 0 || low > limit)) {
    return {
      name: "growth",
      state: "failed",
      sentence: `Live memory grows by ${rate} ${over}; ${allowed}.`,
    };
  }
  const doubt =
    slope > limit ? " It may be more than is allowed, but that is not certain: a longer run tells." : "";
  return {
    name: "growth",
    state: "passed",
    sentence: `Live memory grows by ${rate} ${over}; ${allowed}.${doubt}`,
  };
}

function largestFreeCheck({ leastLargestFree }: SoakFigures, limit: number): SoakCheck {
  const name = "largest-free";
  if (leastLargestFree === null) {
    const sentence =
      "The largest free run after collections is unknown: no collection was seen, or the firmware has no mem_info.";
    return { name, state: "unknown", sentence };
  }
  const { bytes, afterSeconds } = leastLargestFree;
  const when = `${bytesText(bytes)}, ${durationText(afterSeconds)} after the start`;
  return {
    name,
    state: bytes < limit ? "failed" : "passed",
    sentence: `After a collection, the largest free run was never shorter than ${when}; ${bytesText(limit)} are wanted.`,
  };
}

function restartsCheck({ restartsMs, startMs }: SoakObserved, allowed: number): SoakCheck {
  const [first] = restartsMs;
  const when = first === undefined ? "" : `, first ${secondsText(first, startMs)} after the start`;
  const times =
    restartsMs.length === 0 ? "did not restart" : `restarted ${timesText(restartsMs.length)}${when}`;
  return {
    name: "restarts",
    state: restartsMs.length > allowed ? "failed" : "passed",
    sentence: `The board ${times}; ${allowed === 0 ? "no restart is" : `${allowed} are`} allowed.`,
  };
}

function missedCheck({ missed, readings, overlapped, startMs }: SoakObserved, allowed: number): SoakCheck {
  const [first] = missed;
  const due = readings + missed.length;
  const why =
    first === undefined
      ? ""
      : ` The first, ${secondsText(first.atMs, startMs)} after the start: ${first.detail}`;
  const pace =
    overlapped === 0
      ? ""
      : ` ${overlapped} more fell due while another reading was running and ${overlapped === 1 ? "does" : "do"} not count: the interval is short for this board.`;
  return {
    name: "missed-readings",
    state: missed.length > allowed ? "failed" : "passed",
    sentence: `${missed.length === 0 ? `All ${due} readings came` : `${missed.length} of ${countText(due, "reading")} did not come`}; ${allowed === 0 ? "none" : allowed} may be missing.${why}${pace}`,
  };
}

function baselineChecks({ liveBytes, leastLargestFree }: SoakFigures, baseline: SoakBaseline): SoakCheck[] {
  const { tolerance, at } = baseline;
  const percent = `${Math.round(tolerance * 1000) / 10} %`;
  const most = baseline.liveBytes * (1 + tolerance) + slackBytes;
  const unknown = "No collection was seen, so there is nothing to compare with the baseline.";
  const was = (bytes: number): string => `${bytesText(bytes)} on ${at.slice(0, 10)}`;
  const checks: SoakCheck[] = [
    liveBytes === null
      ? { name: "baseline-live", state: "unknown", sentence: unknown }
      : {
          name: "baseline-live",
          state: liveBytes > most ? "failed" : "passed",
          sentence: `Live memory is ${bytesText(liveBytes)}; the baseline has ${was(baseline.liveBytes)}, and ${percent} more ${slack} allowed.${liveBytes < baseline.liveBytes * (1 - tolerance) - slackBytes ? better : ""}`,
        },
  ];
  const stored = baseline.leastLargestFreeBytes;
  if (stored === null) return checks;
  const least = stored * (1 - tolerance) - slackBytes;
  const bytes = leastLargestFree?.bytes ?? null;
  checks.push(
    bytes === null
      ? { name: "baseline-largest-free", state: "unknown", sentence: unknown }
      : {
          name: "baseline-largest-free",
          state: bytes < least ? "failed" : "passed",
          sentence: `The least largest free run is ${bytesText(bytes)}; the baseline has ${was(stored)}, and ${percent} less ${slack} allowed.${bytes > stored * (1 + tolerance) + slackBytes ? better : ""}`,
        },
  );
  return checks;
}

const slack = `and ${slackBytes} bytes are`;
const better = " That is better than the baseline: --update-baseline keeps it.";

function leastOf(points: readonly SoakPoint[], startMs: number): SoakFigures["leastLargestFree"] {
  let least: SoakFigures["leastLargestFree"] = null;
  for (const { atMs, largestFreeBytes: bytes } of points) {
    if (bytes === null || (least !== null && bytes >= least.bytes)) continue;
    least = { bytes, afterSeconds: (atMs - startMs) / 1000 };
  }
  return least;
}

function secondsText(atMs: number, startMs: number): string {
  return durationText(Math.max(0, atMs - startMs) / 1000);
}

function timesText(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
