import type { AlertSeverity } from "../heap/reading.ts";
import type { Operator } from "../shared/comparison.ts";

/** What a metric is measured in: bytes, a share from 0 to 1, bytes per hour, or seconds. */
export type Quantity = "bytes" | "share" | "bytes-per-hour" | "seconds";

/** Figures of a reading that a rule can compare. */
export const readingMetrics = {
  usedBytes: "bytes",
  freeBytes: "bytes",
  largestFreeBytes: "bytes",
  fragmentation: "share",
  utilization: "share",
  stackUsedBytes: "bytes",
} as const satisfies Readonly<Record<string, Quantity>>;

/** Figures that are computed over many readings, every few minutes. */
export const trendMetrics = {
  leakBytesPerHour: "bytes-per-hour",
  timeToExhaustion: "seconds",
} as const satisfies Readonly<Record<string, Quantity>>;

export type ReadingMetric = keyof typeof readingMetrics;
export type TrendMetric = keyof typeof trendMetrics;
export type Metric = ReadingMetric | TrendMetric;

/** How long a condition must be met before it fires, and be left before it resolves. */
export type Hold =
  | { readonly kind: "readings"; readonly count: number }
  | { readonly kind: "time"; readonly ms: number };

export interface Comparison<OfMetric extends Metric = Metric> {
  readonly metric: OfMetric;
  readonly operator: Operator;
  /** In the metric's own quantity: bytes, 0 to 1, bytes per hour, seconds. */
  readonly threshold: number;
}

/** What a rule's text says. */
export type Condition =
  | {
      readonly kind: "reading";
      readonly comparison: Comparison<ReadingMetric>;
      /** Looks at readings right after `gc.collect()` only. */
      readonly afterCollection: boolean;
      /** A second comparison of the same reading that must be met, too; null = none. */
      readonly guard: Comparison<ReadingMetric> | null;
      readonly hold: Hold;
    }
  | { readonly kind: "trend"; readonly comparison: Comparison<TrendMetric>; readonly hold: Hold }
  | { readonly kind: "missed"; readonly hold: Hold }
  | { readonly kind: "state"; readonly state: "rebooting" | "unreachable"; readonly hold: Hold };

/** A rule that is in force. */
export interface Rule {
  readonly name: string;
  /** The condition as it was written. */
  readonly text: string;
  readonly condition: Condition;
  readonly severity: AlertSeverity;
  /**
   * A figure has left the condition only when it reaches this value, in the metric's own quantity; null = the
   * threshold and 5 % of it.
   */
  readonly clear: number | null;
  /** Whether the rule is for this board. */
  readonly appliesTo: (board: { readonly id: string; readonly name: string }) => boolean;
}

/** The quantity of any metric. */
export function quantityOf(metric: Metric): Quantity {
  return { ...readingMetrics, ...trendMetrics }[metric];
}

export function comparisonOf(condition: Condition): Comparison | null {
  return condition.kind === "reading" || condition.kind === "trend" ? condition.comparison : null;
}
