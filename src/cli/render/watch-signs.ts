import { oldestReadingMs, usualSilenceMs, type WatchedBoard, type WatchView } from "../../app/watch-view.ts";

export const green = 36;
export const yellow = 178;
export const red = 167;
export const blue = 74;

/** How a state looks: also without colour it shows whether the board answers. */
export const signs: Readonly<
  Record<WatchedBoard["state"]["kind"], { readonly sign: string; readonly color: number }>
> = {
  ready: { sign: "●", color: green },
  aiorepl: { sign: "●", color: green },
  helper: { sign: "●", color: green },
  connecting: { sign: "◌", color: blue },
  console: { sign: "◐", color: blue },
  released: { sign: "◐", color: blue },
  busy: { sign: "◐", color: yellow },
  rebooting: { sign: "◐", color: yellow },
  unresponsive: { sign: "○", color: red },
  foreign: { sign: "○", color: red },
  disconnected: { sign: "○", color: red },
};

/** What is shown is how it is: the daemon is heard. */
export function isNews(view: WatchView): boolean {
  const { kind } = view.connection;
  // The last frame of a terminal that is left stays as it was.
  return kind === "closed" || (kind === "live" && !isSilent(view));
}

/** The connection stands, but nothing comes where something should. */
export function isSilent({ connection, silentMs, boards }: WatchView): boolean {
  return connection.kind === "live" && silentMs > usualSilenceMs(boards);
}

/** How long a board has not been read that is to be read more often, ms; null: it is not late. */
export function lateMs(board: WatchedBoard, nowMs: number): number | null {
  const oldestMs = oldestReadingMs(board);
  if (oldestMs === null || board.readAtMs === null) return null;
  const ageMs = nowMs - board.readAtMs;
  return ageMs > oldestMs ? ageMs : null;
}

export function signOf(
  board: WatchedBoard,
  nowMs: number,
): { readonly sign: string; readonly color: number } {
  return lateMs(board, nowMs) === null ? signs[board.state.kind] : { sign: "◐", color: yellow };
}
