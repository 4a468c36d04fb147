import type { BoardSnapshot } from "../board/board-status.ts";
import { heapscopeError } from "../shared/errors.ts";

export const defaultDaemonUrl = "http://127.0.0.1:7380";

/**
 * Asks the running daemon at `url` to release a board's port (for `seconds`, or until attach where absent) or to take
 * it back; returns what the board is doing then. Throws daemon-absent, or daemon-refused with the daemon's own words.
 */
export async function lendPort(
  url: string,
  board: string,
  action: "release" | "attach",
  seconds?: number,
): Promise<BoardSnapshot> {
  const place = new URL(`/api/v1/boards/${encodeURIComponent(board)}/${action}`, urlOf(url));
  let response: Response;
  try {
    response = await fetch(place, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(seconds === undefined ? {} : { seconds }),
    });
  } catch {
    throw heapscopeError("daemon-absent", { url });
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok)
    throw heapscopeError("daemon-refused", { url, detail: detailOf(answer, response.status) });
  // The daemon's own schema of this route; see api/control-route.
  return answer as BoardSnapshot;
}

function urlOf(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw heapscopeError("usage", {
      detail: `"${text}" is no address of a daemon, such as ${defaultDaemonUrl}.`,
    });
  }
  return text;
}

function detailOf(answer: unknown, status: number): string {
  const known = typeof answer === "object" && answer !== null && "detail" in answer;
  return known ? String(answer.detail) : `HTTP status ${status}.`;
}
