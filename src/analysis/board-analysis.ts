import type { Churn } from "./churn.ts";
import type { CollectionsWorth } from "./collections-worth.ts";
import type { Exhaustion } from "./exhaustion.ts";
import type { TypeGrowth } from "./growth.ts";
import type { Pin } from "./survivors.ts";
import type { TrendFit } from "./trend.ts";

/** What is common to trends of any unit; see `fitTrend` for what `significant` wants. */
export interface TrendFacts {
  readonly pValue: number;
  readonly significant: boolean;
  readonly points: number;
  readonly spanSeconds: number;
  /** UTC, ISO 8601: the stretch that the trend is of. */
  readonly from: string;
  readonly to: string;
}

export interface BytesTrend extends TrendFacts {
  readonly slopeBytesPerHour: number;
  /** The slope's 95 % interval. */
  readonly lowBytesPerHour: number;
  readonly highBytesPerHour: number;
  /** The line's value at `to`. */
  readonly endBytes: number;
  /** The usual up and down around the line: the difference of the quartiles. */
  readonly spreadBytes: number;
}

/** Of a share (0 … 1), per hour. */
export interface ShareTrend extends TrendFacts {
  readonly slopePerHour: number;
  readonly lowPerHour: number;
  readonly highPerHour: number;
  readonly end: number;
  readonly spread: number;
}

/** Where something was highest or lowest. */
export interface Extreme {
  readonly readingId: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly bytes: number;
  /** The heap at that time. */
  readonly totalBytes: number;
}

/** The heap right after the newest collection. */
export interface AfterCollection {
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly usedBytes: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly largestFreeBytes: number | null;
  readonly fragmentation: number | null;
}

/** What a board's history says about its memory. Null = unknown: too little data for it. */
export interface BoardAnalysis {
  readonly boardId: string;
  /** UTC, ISO 8601: the time that was looked at; `from` is included, `to` is not. */
  readonly from: string;
  readonly to: string;
  /** How much it rests on. */
  readonly counts: { readonly readings: number; readonly collections: number; readonly maps: number };
  readonly newest: AfterCollection | null;
  /** Used memory after collections. */
  readonly leak: BytesTrend | null;
  /** Times (UTC, ISO 8601) at which that began anew: restarts and other heaps, as far as they show. */
  readonly breaks: readonly string[];
  readonly exhaustion: {
    /** What comes first; null = nothing runs out that one could see. */
    readonly sooner: "heap" | "largest-free" | null;
    /** Used memory reaches the size of the heap, and of what it can grow by. */
    readonly heap: Exhaustion | null;
    /** The largest free run reaches zero. */
    readonly largestFree: Exhaustion | null;
  };
  /** The largest free run after collections. */
  readonly largestFree: BytesTrend | null;
  /** Fragmentation after collections. */
  readonly fragmentation: ShareTrend | null;
  readonly growth: readonly TypeGrowth[];
  readonly churn: Churn | null;
  readonly highWater: {
    readonly mostUsed: Extreme | null;
    readonly leastLargestFree: Extreme | null;
  };
  readonly collections: CollectionsWorth | null;
  /** What keeps the largest gaps apart, in the newest map. */
  readonly pins: readonly Pin[];
  /** The same for people: plain sentences, the most important first. */
  readonly findings: readonly string[];
}

export function bytesTrend(fit: TrendFit | null): BytesTrend | null {
  return (
    fit && {
      slopeBytesPerHour: fit.slopePerHour,
      lowBytesPerHour: fit.lowPerHour,
      highBytesPerHour: fit.highPerHour,
      endBytes: fit.endValue,
      spreadBytes: fit.spread,
      ...factsOf(fit),
    }
  );
}

export function shareTrend(fit: TrendFit | null): ShareTrend | null {
  return (
    fit && {
      slopePerHour: fit.slopePerHour,
      lowPerHour: fit.lowPerHour,
      highPerHour: fit.highPerHour,
      end: fit.endValue,
      spread: fit.spread,
      ...factsOf(fit),
    }
  );
}

function factsOf({ pValue, significant, points, spanSeconds, fromMs, toMs }: TrendFit): TrendFacts {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return { pValue, significant, points, spanSeconds, from, to };
}
