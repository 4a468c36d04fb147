import type { BoardView, FeedState } from "../../client/feed-state.ts";
import { readStates } from "../../client/lateness.ts";
import type { Freshness } from "../model/freshness.ts";
import type { Trouble, TroubleLevel } from "../model/trouble.ts";

export interface Verdict {
  readonly level: TroubleLevel;
  readonly text: string;
}

/**
 * The verdict in a word or two. "Fine" only where that is known: the board is read, its newest reading is of now, and alerts are
 * known; else what it is doing, or was doing when one last heard of it.
 */
export function verdictOf(
  trouble: Trouble,
  state: BoardView["state"]["kind"],
  freshness: Freshness,
  connection: FeedState,
  alertsKnown: boolean,
): Verdict {
  if (trouble.level !== "none") return { level: trouble.level, text: trouble.what };
  if (connection.kind !== "live" && connection.kind !== "replaying")
    return { level: "info", text: `last known: ${stateWords(state)}` };
  const isRead = readStates.has(state);
  if (isRead && freshness.kind === "fresh" && alertsKnown)
    return { level: "none", text: `fine · ${stateWords(state)}` };
  return { level: "info", text: stateWords(state) };
}

/** A state's name after "Board", where that alone would say little. */
export function stateWords(state: BoardView["state"]["kind"]): string {
  return state === "helper" ? "heard through its helper" : state;
}
