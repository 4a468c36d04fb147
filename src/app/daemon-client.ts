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
  const { ok, status, answer } = await ask(url, place, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(seconds === undefined ? {} : { seconds }),
  });
  if (!ok) throw heapscopeError("daemon-refused", { url, detail: detailOf(answer, status) });
  // The daemon's own schema of this route; see api/control-route.
  return answer as BoardSnapshot;
}

/**
 * Where the daemon at `url` offers its boards' consoles: a Unix socket on its machine, and since when that daemon runs.
 * Throws daemon-absent, or daemon-refused where it offers none.
 */
export async function consolePlace(
  url: string,
): Promise<{ readonly path: string; readonly startedAt: string }> {
  // A degraded daemon says so with status 503, and the same document.
  const { answer } = await ask(url, new URL("/api/v1/health", urlOf(url)), {});
  const health = typeof answer === "object" && answer !== null ? answer : {};
  const path = "consoleSocket" in health ? health.consoleSocket : null;
  const startedAt = "startedAt" in health ? health.startedAt : null;
  if (typeof path !== "string" || typeof startedAt !== "string") {
    const detail = "it offers no console. Its log says why, unless it is an older one.";
    throw heapscopeError("daemon-refused", { url, detail });
  }
  return { path, startedAt };
}

async function ask(
  url: string,
  place: URL,
  request: RequestInit,
): Promise<{ readonly ok: boolean; readonly status: number; readonly answer: unknown }> {
  let response: Response;
  try {
    response = await fetch(place, request);
  } catch {
    throw heapscopeError("daemon-absent", { url });
  }
  const answer: unknown = await response.json().catch(() => null);
  return { ok: response.ok, status: response.status, answer };
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
