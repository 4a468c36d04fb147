import type { BoardView, FeedState } from "../../client/feed-state.ts";
import type { Trouble, TroubleLevel } from "./trouble.ts";

export interface Verdict {
  /** `old`: it was so when one last heard of the board. */
  readonly level: TroubleLevel | "old";
  readonly text: string;
}

/** Whether the daemon tells what happens now. */
export function isFollowed(connection: FeedState): boolean {
  return connection.kind === "live" || connection.kind === "replaying";
}

/**
 * The verdict in a word or two. "Fine" only where that is known: nothing speaks against it, the daemon is there and alerts are known;
 * else what the board is doing, or was when one last heard of it.
 */
export function verdictOf(
  trouble: Trouble,
  state: BoardView["state"]["kind"],
  connection: FeedState,
  alertsKnown: boolean,
): Verdict {
  const text = trouble.level === "none" || trouble.about === "state" ? stateWords(state) : trouble.what;
  if (!isFollowed(connection)) return { level: "old", text: `last known: ${text}` };
  if (trouble.level !== "none") return { level: trouble.level, text };
  return alertsKnown ? { level: "none", text: `fine · ${text}` } : { level: "info", text };
}

/** A state's name after "Board", where that alone would say little. */
export function stateWords(state: BoardView["state"]["kind"]): string {
  if (state === "helper") return "heard through its helper";
  return state === "console" ? "console open" : state;
}
