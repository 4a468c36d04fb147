import type { BoardView } from "./feed-state.ts";

/** Readings come from it. */
export const readStates: ReadonlySet<BoardView["state"]["kind"]> = new Set(["ready", "aiorepl", "helper"]);

/** A board that is to be read; null: nobody reads it just now, or its interval is not known. */
function intervalOf({ state, readIntervalMs }: Pick<BoardView, "state" | "readIntervalMs">): number | null {
  return readStates.has(state.kind) ? readIntervalMs : null;
}

/**
 * How old the last reading of a board may be, ms; null: nobody waits for one. A map or a person's request may take the place of a
 * reading or two, and a big map over a slow line takes some seconds: older than that is late.
 */
export function oldestReadingMs(board: Pick<BoardView, "state" | "readIntervalMs">): number | null {
  const intervalMs = intervalOf(board);
  return intervalMs === null ? null : 3 * intervalMs + 5_000;
}

/** A mark comes with every heartbeat of the daemon, 30 s. */
const longestSilenceMs = 45_000;
const slackMs = 2_000;

/**
 * How long a daemon may say nothing, ms: of a board that is read something comes with every interval, a reading or that it was
 * missed. Beyond that, the daemon, the way to it or a board's answer hangs, and what was last seen need not be so any more.
 */
export function usualSilenceMs(boards: readonly Pick<BoardView, "state" | "readIntervalMs">[]): number {
  const intervals = boards.map(intervalOf).filter((intervalMs) => intervalMs !== null);
  return Math.min(longestSilenceMs, 2 * Math.min(...intervals) + slackMs);
}
