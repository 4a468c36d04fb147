import { bytesText, durationText, percentText } from "../../analysis/plain-text.ts";
import { holds } from "../../shared/comparison.ts";
import { type Finding, type Measured, nothingMeasured } from "../finding.ts";
import { type AbsentRule, type BoardHistory, type CollectionSeen, methodOf } from "./board-history.ts";
import { confidenceBy } from "./confidence.ts";
import { unreadTime } from "./unread-time.ts";

/** What the history has that a rule would have told. */
interface Seen {
  /** A clause: "utilization after a collection came to 96.0 %". */
  readonly text: string;
  readonly before: Measured | null;
  /** Collections or readings it was seen in. */
  readonly samples: number;
}

type Figure = Extract<AbsentRule["watches"], { readonly kind: "figure" }>;

const names: Readonly<Record<Figure["metric"], string>> = {
  utilization: "The heap in use after a collection",
  largestFreeBytes: "The largest free block after a collection",
  fragmentation: "Fragmentation after a collection",
};

/**
 * Tip 1: default rules that are not in force, nor any other of their kind, although the history has what they would have told. One
 * finding for each; a severer rule of the same kind stands for the milder ones.
 */
export function missingAlerts(history: BoardHistory): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const rule of history.absentRules) {
    const seen = seenOf(rule.watches, history);
    if (seen !== null) findings.set(kindOf(rule.watches), findingOf(history, rule, seen));
  }
  return [...findings.values()];
}

function kindOf(watches: AbsentRule["watches"]): string {
  if (watches.kind === "figure") return watches.metric;
  return watches.kind === "state" ? watches.state : watches.kind;
}

function findingOf(
  history: BoardHistory,
  { name, when }: AbsentRule,
  { text, before, samples }: Seen,
): Finding {
  return {
    tip: 1,
    code: "alert-missing",
    title: `${text}, and no alert rule watches that for this board.`,
    place: null,
    before,
    after: null,
    others: [],
    saving: null,
    method: methodOf(history),
    change: `Put the default rule ${name} (${when}) in force again: remove what switches it off under alerts, or add a rule of your own.`,
    confidence: confidenceBy(samples),
    curve: [],
  };
}

function seenOf(watches: AbsentRule["watches"], history: BoardHistory): Seen | null {
  const { analysis } = history;
  const samples = analysis.counts.collections;
  switch (watches.kind) {
    case "figure":
      return figureSeen(watches, history.collections);
    case "leak": {
      const { leak } = analysis;
      if (leak === null || !leak.significant || leak.slopeBytesPerHour <= watches.bytesPerHour) return null;
      return {
        text: `Used memory after collections grows by ${bytesText(leak.slopeBytesPerHour)} per hour`,
        before: null,
        samples,
      };
    }
    case "exhaustion": {
      const seconds = shortestOf(analysis.exhaustion.heap?.seconds, analysis.exhaustion.largestFree?.seconds);
      if (seconds === null || seconds >= watches.seconds) return null;
      return {
        text: `At its present trend memory runs out in ${durationText(seconds)}`,
        before: null,
        samples,
      };
    }
    case "no-readings":
      return lasted("No reading came", longestUnread(history), watches.seconds, history);
    case "state": {
      const isRebooting = watches.state === "rebooting";
      const longestMs = longestIn(history, (state) =>
        isRebooting ? state === "rebooting" : unreachable.has(state),
      );
      const words = isRebooting ? "The board restarted again and again" : "The board could not be reached";
      return lasted(words, longestMs, watches.seconds, history);
    }
  }
}

const unreachable: ReadonlySet<string | null> = new Set(["disconnected", "unresponsive"]);

function shortestOf(one: number | undefined, other: number | undefined): number | null {
  const known = [one, other].filter((seconds) => seconds !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

function figureSeen(watches: Figure, collections: readonly CollectionSeen[]): Seen | null {
  const { metric, operator, threshold, whileUsedShare } = watches;
  const isUpper = operator === ">" || operator === ">=";
  let worst: number | null = null;
  let times = 0;
  for (const collection of collections) {
    const value = figureOf(metric, collection);
    if (value === null || !holds(value, operator, threshold)) continue;
    if (whileUsedShare !== null && !((usedShare(collection) ?? 0) > whileUsedShare)) continue;
    times++;
    if (worst === null || (isUpper ? value > worst : value < worst)) worst = value;
  }
  if (worst === null) return null;
  const text = `${names[metric]} came to ${metric === "largestFreeBytes" ? bytesText(worst) : percentText(worst)} (${times} of ${collections.length} collections were ${isUpper ? "above" : "below"} the default rule's limit)`;
  const label = "at its worst";
  const before =
    metric === "largestFreeBytes"
      ? { ...nothingMeasured, label, largestFreeBytes: worst }
      : metric === "fragmentation"
        ? { ...nothingMeasured, label, fragmentation: worst }
        : null;
  return { text, before, samples: collections.length };
}

function figureOf(metric: Figure["metric"], collection: CollectionSeen): number | null {
  if (metric === "utilization") return usedShare(collection);
  return metric === "fragmentation" ? collection.fragmentation : collection.largestFreeBytes;
}

function usedShare({ usedBytes, totalBytes }: CollectionSeen): number | null {
  return totalBytes > 0 ? usedBytes / totalBytes : null;
}

/** The longest time that the board was in one of the states. */
function longestIn({ watching, toMs }: BoardHistory, isIt: (state: string | null) => boolean): number {
  const { states } = watching;
  const lengths = states.map(({ atMs, state }, index) =>
    isIt(state) ? (states[index + 1]?.atMs ?? toMs) - atMs : 0,
  );
  return Math.max(0, ...lengths);
}

function longestUnread({ watching, toMs }: BoardHistory): number {
  const { held, away, failing } = unreadTime(watching, toMs)?.unread ?? {};
  return Math.max(held?.longestMs ?? 0, away?.longestMs ?? 0, failing?.longestMs ?? 0);
}

function lasted(words: string, longestMs: number, leastSeconds: number, history: BoardHistory): Seen | null {
  if (longestMs < leastSeconds * 1000) return null;
  const text = `${words} for ${durationText(longestMs / 1000)} at the longest`;
  return { text, before: null, samples: history.analysis.counts.readings };
}
