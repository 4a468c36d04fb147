import type { Alert } from "../heap/reading.ts";
import type { Condition, Hold } from "./rule.ts";
import type { Verdict } from "./verdict.ts";

/** Enough good readings to believe in, where a rule over missed ones counts time. */
const readingsUntilHeard: Hold = { kind: "readings", count: 3 };

/** What the board must have left the condition for, before the alert resolves. */
function clearHold({ kind, hold }: Condition): Hold {
  // A link that loses one reading in twenty has no quarter of an hour without a missed one.
  return kind === "missed" && hold.kind === "time" ? readingsUntilHeard : hold;
}

/**
 * One rule's memory of one board: whether it fires, and how far it is on the way to the other side. It takes the same
 * length of observations in a row to fire and to resolve; a single one to the contrary starts the count afresh.
 */
export class Tracker {
  readonly #condition: Condition;
  #firing: Alert | null;
  #verdict: Verdict | null = null;
  /** Observations in a row that point to the other side, and when the first of them came, monotonic ms. */
  #count = 0;
  #sinceMs = 0;

  /** `firing`: the alert that fired when the daemon stopped; null = none did. */
  constructor(condition: Condition, firing: Alert | null) {
    this.#condition = condition;
    this.#firing = firing;
  }

  /** The alert that fires; null while calm. */
  get firing(): Alert | null {
    return this.#firing;
  }

  /** A new observation, at `nowMs` monotonic. Returns what is now due: the caller then calls `fire` or `resolve`. */
  observe(verdict: Verdict, nowMs: number): "fire" | "resolve" | null {
    this.#verdict = verdict;
    if (verdict !== (this.#firing === null ? "met" : "left")) {
      this.#count = 0;
      return null;
    }
    if (this.#count === 0) this.#sinceMs = nowMs;
    this.#count++;
    return this.#due(nowMs);
  }

  /** Time has passed, and what was observed last still holds. */
  tick(nowMs: number): "fire" | "resolve" | null {
    return this.#verdict === null || this.#count === 0 || this.#hold.kind === "readings"
      ? null
      : this.#due(nowMs);
  }

  fire(alert: Alert): void {
    this.#firing = alert;
    this.#count = 0;
  }

  resolve(): void {
    this.#firing = null;
    this.#count = 0;
  }

  /** What was observed says nothing about what comes: begins to count afresh. */
  startOver(): void {
    this.#count = 0;
  }

  get #hold(): Hold {
    return this.#firing === null ? this.#condition.hold : clearHold(this.#condition);
  }

  #due(nowMs: number): "fire" | "resolve" | null {
    const hold = this.#hold;
    const isLongEnough =
      hold.kind === "readings" ? this.#count >= hold.count : nowMs - this.#sinceMs >= hold.ms;
    if (!isLongEnough) return null;
    return this.#firing === null ? "fire" : "resolve";
  }
}
