import type { BoardView, FeedState } from "../../client/feed-state.ts";
import { readStates } from "../../client/lateness.ts";

/**
 * Whether a board's figures are of now. `fresh`: a reading came when it should; `late`: it should have come; `old`: nobody reads
 * it now, or nobody tells us; `none`: there never was one.
 */
export type Freshness =
  | { readonly kind: "none" }
  | { readonly kind: "fresh" | "late" | "old"; readonly ageMs: number };

/** A reading may take its time. */
const graceMs = 5_000;
/** Where the daemon does not say how often a board is read. */
const usualIntervalMs = 60_000;

/** `hostNowMs`: by the daemon's clock, which stamped the reading. */
export function freshnessOf(board: BoardView, connection: FeedState, hostNowMs: number): Freshness {
  const at = board.lastReading?.at;
  if (at === undefined || at === null) return { kind: "none" };
  const ageMs = Math.max(0, hostNowMs - Date.parse(at));
  const lateMs = 3 * (board.readIntervalMs ?? usualIntervalMs) + graceMs;
  // While it catches up, newer readings are on their way: whether one is overdue shows afterwards.
  if (connection.kind === "replaying") return { kind: ageMs > lateMs ? "old" : "fresh", ageMs };
  if (connection.kind !== "live" || !readStates.has(board.state.kind))
    return { kind: ageMs > graceMs ? "old" : "fresh", ageMs };
  return { kind: ageMs > lateMs ? "late" : "fresh", ageMs };
}
