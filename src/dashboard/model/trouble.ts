import type { AlertView, BoardView } from "../../client/feed-state.ts";
import { readStates } from "../../client/lateness.ts";
import type { Freshness } from "./freshness.ts";
import type { Leak } from "./leak.ts";

export type TroubleLevel = "critical" | "warning" | "info" | "none";

/** What is wrong with a board, or keeps one from knowing: how bad, since when, why and what to do. */
export interface Trouble {
  /** `none`: the board is read, and nothing is known against it. */
  readonly level: TroubleLevel;
  /** What it comes from. */
  readonly about: "alert" | "state" | "reading" | "leak";
  /** UTC, ISO 8601; null: nothing is wrong, or it is not known since when. */
  readonly since: string | null;
  /** One or two sentences: what it means and what to do. */
  readonly why: string;
  /** The rule, or the state, in a word. */
  readonly what: string;
}

const rank: Readonly<Record<TroubleLevel, number>> = { critical: 0, warning: 1, info: 2, none: 3 };

/** States that somebody should look at, or in which nobody watches the board's memory. */
const stateLevels: Partial<Readonly<Record<BoardView["state"]["kind"], TroubleLevel>>> = {
  rebooting: "critical",
  disconnected: "warning",
  unresponsive: "warning",
  foreign: "warning",
  busy: "info",
  connecting: "info",
  released: "info",
  console: "info",
};

export const notReadYet = "not read yet";

/**
 * The worst that is known of a board. Of the same level alerts go first, since they are about memory and say since when; then what its
 * trend says is coming (`leak`), then its state.
 */
export function troubleOf(
  board: BoardView,
  alerts: readonly AlertView[],
  freshness: Freshness,
  leak: Leak | null,
): Trouble {
  const { kind, since, message } = board.state;
  const found: Trouble[] = alerts.map((alert) => ({
    level: alert.severity,
    about: "alert",
    since: alertSince(alert, board),
    why: withoutName(alert.message, board.name),
    what: alert.rule,
  }));
  if (leak !== null) found.push({ ...leak, about: "leak", since: null });
  const level = stateLevels[kind];
  if (level !== undefined) found.push({ level, about: "state", since, why: message, what: kind });
  if (freshness.kind === "late") {
    const why =
      "A reading is overdue. If it does not come, the board or its cable is the first place to look.";
    const at = board.lastReading?.at ?? null;
    found.push({ level: "warning", about: "reading", since: at, why, what: "late" });
  }
  if (freshness.kind === "none" && readStates.has(kind))
    found.push({ level: "info", about: "reading", since, why: message, what: notReadYet });
  const worst = found.sort((one, other) => rank[one.level] - rank[other.level])[0];
  return worst ?? { level: "none", about: "state", since: null, why: message, what: kind };
}

const stateConditions: readonly string[] = ["unreachable", "missed", "rebooting"];

/** Since when an alert's trouble lasts. One about a state begins when its rule has waited long enough; the state began before. */
export function alertSince(
  { condition, since }: Pick<AlertView, "condition" | "since">,
  { state }: Pick<BoardView, "state">,
): string {
  const isOfState = stateConditions.includes(condition.trim().split(/\s/)[0] ?? "");
  if (!isOfState || readStates.has(state.kind)) return since;
  return Date.parse(state.since) < Date.parse(since) ? state.since : since;
}

/** Orders boards by trouble: the worst first, of the same level the one that has it longer, then by name. */
export function byTrouble(
  one: { readonly trouble: Trouble; readonly name: string },
  other: { readonly trouble: Trouble; readonly name: string },
): number {
  const byLevel = rank[one.trouble.level] - rank[other.trouble.level];
  if (byLevel !== 0) return byLevel;
  if (one.trouble.level !== "none" && one.trouble.since !== other.trouble.since)
    return (one.trouble.since ?? "~") < (other.trouble.since ?? "~") ? -1 : 1;
  return one.name.localeCompare(other.name, "en", { numeric: true });
}

/** Alerts name their board, for whoever reads them somewhere else; here it stands beside them. */
export function withoutName(message: string, name: string): string {
  const rest = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
