import type { Alert } from "../heap/reading.ts";
import type { Operator } from "../shared/comparison.ts";
import { comparisonOf, type Metric, quantityOf, type Rule } from "./rule.ts";

/** What the sentences of an alert are made of. */
export interface AlertFacts {
  readonly rule: Rule;
  /** The board's name. */
  readonly board: string;
  /** The figure that decided, in the metric's own quantity. */
  readonly value: number | null;
  /** What was last said of the board itself: its state's message, or why a reading was missed. */
  readonly detail: string;
}

/** Why an alert ends without its condition being left. */
export type EndReason = "rule-removed" | "rule-changed" | "not-for-board" | "board-gone";

interface MetricText {
  readonly label: string;
  /** On which side of the threshold it is trouble. */
  readonly trouble: "low" | "high";
  /** What it means for the application, and what to do. */
  readonly meaning: string;
}

const metricTexts: Readonly<Record<Metric, MetricText>> = {
  usedBytes: {
    label: "the heap in use",
    trouble: "high",
    meaning:
      "The less is left, the sooner an allocation fails with MemoryError. Look at the newest map for what fills the heap, and drop what is no longer needed.",
  },
  freeBytes: {
    label: "free heap",
    trouble: "low",
    meaning:
      "When it is used up, the next allocation fails with MemoryError. Drop what is no longer needed, or keep less at a time.",
  },
  largestFreeBytes: {
    label: "the largest free block",
    trouble: "low",
    meaning:
      "Any single allocation above that fails with MemoryError, even where more is free in total. Allocate large buffers once at the start, and call gc.collect() before large allocations.",
  },
  fragmentation: {
    label: "fragmentation",
    trouble: "high",
    meaning:
      "What is free lies in small gaps, so a large allocation fails although enough is free in total. Preallocate buffers that are used again and again, and call gc.collect() before allocating what stays.",
  },
  utilization: {
    label: "heap utilization",
    trouble: "high",
    meaning:
      "Little room is left, and allocations may soon fail with MemoryError. Look at the newest map for what fills the heap; freeze modules, or keep less at a time.",
  },
  stackUsedBytes: {
    label: "the stack in use",
    trouble: "high",
    meaning:
      'Deeper calls end in "RuntimeError: maximum recursion depth exceeded" or in a crash. Look for recursion in the application.',
  },
  leakBytesPerHour: {
    label: "growth of the used heap",
    trouble: "high",
    meaning:
      "Something is kept that is never let go, so allocations fail with MemoryError in the end. Look at the board's analysis for the type that grows: lists and dicts that are only added to are the usual cause.",
  },
  timeToExhaustion: {
    label: "the time until the heap is full",
    trouble: "low",
    meaning:
      "If it goes on like this, allocations fail with MemoryError then. Look at the board's analysis for what grows, or restart the board before.",
  },
};

/** What is the matter, what it means for the application, and what to do. */
export function firingText(facts: AlertFacts): string {
  const { rule, board, value, detail } = facts;
  const { condition } = rule;
  const said = detail === "" ? "" : ` ${detail}`;
  switch (condition.kind) {
    case "missed": {
      const much =
        condition.hold.kind === "readings"
          ? `${countText(condition.hold.count, "reading")} in a row did not come`
          : `no reading has come for ${durationText(condition.hold.ms)}`;
      return `${board}: ${much}, so what is shown of its heap is old.${said}`;
    }
    case "state": {
      const long =
        condition.hold.kind === "time" && condition.hold.ms > 0 ? durationText(condition.hold.ms) : "";
      if (condition.state === "rebooting") {
        const how = long === "" ? "it restarts again and again" : `it has been restarting for ${long}`;
        return `${board}: ${how}, so its application does not get to work.${said}`;
      }
      const how = long === "" ? "it cannot be reached" : `it could not be reached for ${long}`;
      return `${board}: ${how}, so nothing is known of its heap.${said}`;
    }
    default: {
      const comparison = comparisonOf(condition);
      if (comparison === null) return `${board}: ${rule.text}.`;
      const { metric, operator, threshold } = comparison;
      const { label, trouble, meaning } = metricTexts[metric];
      const isTrouble = trouble === (isUpper(operator) ? "high" : "low");
      const figure = value === null ? "unknown" : figureText(metric, value);
      const limit = figureText(metric, threshold);
      const head = `${board}: ${label}${whenText(rule)} is ${figure}, ${operatorWords[operator]} ${limit}.`;
      return isTrouble ? `${head} ${meaning}` : `${head} The rule "${rule.name}" asks to be told.`;
    }
  }
}

/** What is well again. `lastedMs`: how long it fired, by the wall clock. */
export function resolvedText({ rule, board, value }: AlertFacts, lastedMs: number): string {
  const after = lastedMs >= 1000 ? ` after ${durationText(lastedMs)}` : "";
  const { condition } = rule;
  switch (condition.kind) {
    case "missed":
      return `${board}: readings come again${after}. Nothing needs to be done.`;
    case "state":
      return condition.state === "rebooting"
        ? `${board}: it no longer restarts again and again${after}. Its counter of restarts says how often it did.`
        : `${board}: it can be reached again${after}. Nothing needs to be done.`;
    default: {
      const comparison = comparisonOf(condition);
      if (comparison === null || value === null) {
        return `${board}: "${rule.text}" is no longer met${after}. Nothing needs to be done.`;
      }
      const { metric, operator, threshold } = comparison;
      const figure = figureText(metric, value);
      // A guard may have ended it, while the figure itself is where it was.
      const isBack = isUpper(operator) ? value <= threshold : value >= threshold;
      const how = isBack
        ? `is ${figure}, no longer ${operatorWords[operator]} ${figureText(metric, threshold)}`
        : `is ${figure}, which does not matter now`;
      return `${board}: ${metricTexts[metric].label}${whenText(rule)} ${how}${after}. Nothing needs to be done.`;
    }
  }
}

/** Why an alert ended although nobody knows whether its condition still holds. */
export function endedText(reason: EndReason, { rule }: Alert, board: string): string {
  switch (reason) {
    case "rule-removed":
      return `${board}: the rule "${rule}" is no longer in the configuration, so its alert ends here. It says nothing about the board.`;
    case "rule-changed":
      return `${board}: the rule "${rule}" was changed, so its alert ends here. Where the new condition is met, it fires again.`;
    case "not-for-board":
      return `${board}: the rule "${rule}" is no longer for this board, so its alert ends here. It says nothing about the board.`;
    case "board-gone":
      return `${board}: heapscope no longer watches this board, so the alert "${rule}" ends here. Where it comes back and the condition is met, it fires again.`;
  }
}

const operatorWords: Readonly<Record<Operator, string>> = {
  "<": "below",
  "<=": "at most",
  ">": "above",
  ">=": "at least",
};

function isUpper(operator: Operator): boolean {
  return operator === ">" || operator === ">=";
}

function whenText({ condition }: Rule): string {
  return condition.kind === "reading" && condition.afterCollection ? " after a collection" : "";
}

/** A figure of `metric` for people: `3.2 KiB`, `81 %`, `1.0 KiB per hour`, `2 d 3 h`. */
export function figureText(metric: Metric, value: number): string {
  switch (quantityOf(metric)) {
    case "bytes":
      return sizeText(value);
    case "bytes-per-hour":
      return `${sizeText(value)} per hour`;
    case "share":
      return `${Math.round(value * 1000) / 10} %`;
    case "seconds":
      return durationText(value * 1000);
  }
}

function sizeText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1024) return `${Math.round(bytes)} B`;
  if (size < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

const durationUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** The two largest units that say something: `2 d 3 h`, `15 min`, `0 s`. */
export function durationText(ms: number): string {
  let leftMs = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, unitMs] of durationUnits) {
    const count = Math.floor(leftMs / unitMs);
    leftMs -= count * unitMs;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

function countText(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
