import type { Missed, Reading } from "../heap/reading.ts";
import type { Rule } from "./rule.ts";
import { readingValue, readingVerdict, type Verdict, verdictOf } from "./verdict.ts";

/** What a board is doing, as src/board/board-status.ts has it. */
export type BoardKind =
  | "connecting"
  | "ready"
  | "aiorepl"
  | "helper"
  | "busy"
  | "unresponsive"
  | "foreign"
  | "rebooting"
  | "console"
  | "released"
  | "disconnected";

export type AlertInput =
  | { readonly type: "reading"; readonly boardId: string; readonly reading: Reading }
  | { readonly type: "missed"; readonly missed: Missed }
  | {
      readonly type: "board-state";
      readonly boardId: string;
      readonly kind: BoardKind;
      /** One sentence for people, part of the alert's message. */
      readonly message: string;
    }
  /** Null = unknown. A time to exhaustion that is unknown beside a known leak means that none is in sight. */
  | {
      readonly type: "trend";
      readonly boardId: string;
      readonly leakBytesPerHour: number | null;
      readonly timeToExhaustionSeconds: number | null;
    }
  /** The board is no longer watched: what fires for it ends, and it is forgotten. */
  | { readonly type: "gone"; readonly boardId: string }
  /** Time has passed. To be told every few seconds: it makes durations of what is not read end. */
  | { readonly type: "tick" };

/** Nobody reads a board that is lent, so its missed readings do not go on. */
export function isPutAside({ condition }: Rule, input: AlertInput): boolean {
  const isLent = input.type === "board-state" && (input.kind === "released" || input.kind === "console");
  return isLent && condition.kind === "missed";
}

export interface Seen {
  readonly verdict: Verdict;
  readonly value: number | null;
}

/** What `input` says about a rule; null: nothing. */
export function observation(rule: Rule, input: AlertInput): Seen | null {
  const { condition, clear } = rule;
  switch (condition.kind) {
    case "reading": {
      if (input.type !== "reading") return null;
      const verdict = readingVerdict(rule, input.reading);
      return verdict && { verdict, value: readingValue(input.reading, condition.comparison.metric) };
    }
    case "trend": {
      if (input.type !== "trend") return null;
      const { leakBytesPerHour, timeToExhaustionSeconds } = input;
      const isLeak = condition.comparison.metric === "leakBytesPerHour";
      const value = isLeak ? leakBytesPerHour : timeToExhaustionSeconds;
      if (value !== null) return { verdict: verdictOf(condition.comparison, value, clear), value };
      // With a known leak, an unknown end means that the heap does not run out: longer than any time.
      if (isLeak || leakBytesPerHour === null) return null;
      return { verdict: verdictOf(condition.comparison, Number.POSITIVE_INFINITY, clear), value: null };
    }
    case "missed":
      if (input.type === "reading") return { verdict: "left", value: null };
      // An overlap waits for an exchange that runs: how that one ends is what counts.
      if (input.type !== "missed" || input.missed.cause === "overlap") return null;
      return { verdict: "met", value: null };
    case "state": {
      if (input.type !== "board-state") return null;
      const verdict = stateVerdicts[condition.state][input.kind];
      return verdict && { verdict, value: null };
    }
  }
}

/**
 * A board that is connecting may be on its way back or on its way in circles, one that reboots is there now and then, and
 * one that is lent is nobody's business: null, which changes nothing.
 */
const stateVerdicts: Readonly<
  Record<"unreachable" | "rebooting", Readonly<Record<BoardKind, Verdict | null>>>
> = {
  unreachable: {
    connecting: null,
    ready: "left",
    aiorepl: "left",
    helper: "left",
    busy: "left",
    unresponsive: "met",
    foreign: "left",
    rebooting: null,
    console: "left",
    released: "left",
    disconnected: "met",
  },
  rebooting: {
    connecting: "left",
    ready: "left",
    aiorepl: "left",
    helper: "left",
    busy: "left",
    unresponsive: "left",
    foreign: "left",
    rebooting: "met",
    console: null,
    released: null,
    disconnected: "left",
  },
};
