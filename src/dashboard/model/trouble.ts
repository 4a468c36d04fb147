import type { AlertView, BoardView } from "../../client/feed-state.ts";
import type { Freshness } from "./freshness.ts";

export type TroubleLevel = "critical" | "warning" | "info" | "none";

/** What is wrong with a board: how bad, since when, why and what to do. */
export interface Trouble {
  readonly level: TroubleLevel;
  /** UTC, ISO 8601; null: nothing is wrong, or it is not known since when. */
  readonly since: string | null;
  /** One or two sentences: what it means and what to do. */
  readonly why: string;
  /** The rule, or the state, in a word. */
  readonly what: string;
}

const rank: Readonly<Record<TroubleLevel, number>> = { critical: 0, warning: 1, info: 2, none: 3 };

/** States that somebody should look at. */
const stateLevels: Partial<Readonly<Record<BoardView["state"]["kind"], TroubleLevel>>> = {
  rebooting: "critical",
  disconnected: "warning",
  unresponsive: "warning",
  foreign: "warning",
  busy: "info",
};

/** The worst that is known of a board; alerts go before states, since they are about memory and say since when. */
export function troubleOf(board: BoardView, alerts: readonly AlertView[], freshness: Freshness): Trouble {
  const { kind, since, message } = board.state;
  const found: Trouble[] = alerts.map((alert) => ({
    level: alert.severity,
    since: alert.since,
    why: withoutName(alert.message, board.name),
    what: alert.rule,
  }));
  const level = stateLevels[kind];
  if (level !== undefined) found.push({ level, since, why: message, what: kind });
  if (freshness.kind === "late") {
    const why =
      "A reading is overdue. If it does not come, the board or its cable is the first place to look.";
    found.push({ level: "warning", since: board.lastReading?.at ?? null, why, what: "late" });
  }
  const worst = found.sort((one, other) => rank[one.level] - rank[other.level])[0];
  return worst ?? { level: "none", since: null, why: message, what: kind };
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
