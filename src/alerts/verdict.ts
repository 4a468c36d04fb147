import type { Reading } from "../heap/reading.ts";
import { holds } from "../shared/comparison.ts";
import { type Comparison, type Quantity, quantityOf, type ReadingMetric, type Rule } from "./rule.ts";

/**
 * What one observation says about a rule: its condition is met; the board has left it by the margin; or neither, which
 * keeps a firing alert firing and a calm one calm.
 */
export type Verdict = "met" | "left" | "between";

/** How far a figure must be beyond the threshold before an alert resolves, unless the rule says `clear`. */
const marginShare = 0.05;

/** Where a figure has left the comparison, in the metric's own quantity. A share needs no more than all or nothing. */
export function defaultClear({ metric, operator, threshold }: Comparison): number {
  if (operator === ">" || operator === ">=") return threshold * (1 - marginShare);
  const clear = threshold * (1 + marginShare);
  return quantityOf(metric) === ("share" satisfies Quantity) ? Math.min(1, clear) : clear;
}

/** The verdict of a figure on a comparison. */
export function verdictOf(comparison: Comparison, value: number, clear: number | null): Verdict {
  if (holds(value, comparison.operator, comparison.threshold)) return "met";
  const edge = clear ?? defaultClear(comparison);
  const isRising = comparison.operator === ">" || comparison.operator === ">=";
  return (isRising ? value <= edge : value >= edge) ? "left" : "between";
}

/** The verdict of a reading on a rule over readings; null where the reading does not say. */
export function readingVerdict(
  { condition, clear }: Pick<Rule, "condition" | "clear">,
  reading: Reading,
): Verdict | null {
  if (condition.kind !== "reading") return null;
  if (condition.afterCollection && reading.phase !== "after-collect") return null;
  const value = readingValue(reading, condition.comparison.metric);
  if (value === null) return null;
  const verdict = verdictOf(condition.comparison, value, clear);
  if (condition.guard === null) return verdict;
  const guarding = readingValue(reading, condition.guard.metric);
  if (guarding === null) return null;
  const guardVerdict = verdictOf(condition.guard, guarding, null);
  if (verdict === "left" || guardVerdict === "left") return "left";
  return verdict === "met" && guardVerdict === "met" ? "met" : "between";
}

/** The figure of a reading that a metric names; null where the board did not say. */
export function readingValue(reading: Reading, metric: ReadingMetric): number | null {
  switch (metric) {
    case "usedBytes":
      return reading.heap.usedBytes;
    case "freeBytes":
      return reading.heap.freeBytes;
    case "largestFreeBytes":
      return reading.largestFreeBytes;
    case "fragmentation":
      return reading.fragmentation;
    case "utilization":
      return reading.utilization;
    case "stackUsedBytes":
      return reading.stack?.usedBytes ?? null;
  }
}
