import type { BoardSnapshot } from "../board/board-status.ts";
import { heapscopeError } from "../shared/errors.ts";

export const defaultDaemonUrl = "http://127.0.0.1:7380";

/** Which daemon a command talks to. */
export interface DaemonAddress {
  /** Such as http://127.0.0.1:7380. */
  readonly url: string;
  /** Where it asks for one; undefined: none is sent. */
  readonly token?: string | undefined;
}

/**
 * The daemon that `--url` (http:// may be left out) and `--token` name, or else the environment: HEAPSCOPE_TOKEN, which other users of the machine
 * cannot read, unlike a command line. Throws usage for a token that could stand in no header.
 */
export function daemonAddress(
  flags: { readonly url: string; readonly token?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): DaemonAddress {
  const token = (flags.token ?? env["HEAPSCOPE_TOKEN"])?.trim() || undefined;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    const where = flags.token === undefined ? "HEAPSCOPE_TOKEN" : "--token";
    throw heapscopeError("usage", {
      detail: `${where} holds no token: tokens have no spaces and no accents.`,
    });
  }
  return { url: withScheme(flags.url), token };
}

/** `HOST:PORT`, or an address or localhost alone, is meant as http. */
function withScheme(url: string): string {
  const isHost =
    /^(\[[\da-f:.]+\]|[\w-]+(\.[\w-]+)*):\d{1,5}\/?$/i.test(url) ||
    /^(localhost|\d+(\.\d+){3})\/?$/i.test(url);
  return isHost ? `http://${url}` : url;
}

/** Headers for a request to `daemon`, REST or WebSocket. */
export function tokenHeaders({ token }: DaemonAddress): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/**
 * Asks the running `daemon` to release a board's port (for `seconds`, or until attach where absent) or to take
 * it back; returns what the board is doing then. Throws daemon-absent, or daemon-refused with the daemon's own words.
 */
export async function lendPort(
  daemon: DaemonAddress,
  board: string,
  action: "release" | "attach",
  seconds?: number,
): Promise<BoardSnapshot> {
  const { url } = daemon;
  const place = new URL(`/api/v1/boards/${encodeURIComponent(board)}/${action}`, urlOf(url));
  const { ok, status, answer } = await ask(daemon, place, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(seconds === undefined ? {} : { seconds }),
  });
  if (!ok) throw heapscopeError("daemon-refused", { url, detail: detailOf(answer, status) });
  // The daemon's own schema of this route; see api/control-route.
  return answer as BoardSnapshot;
}

/**
 * Where `daemon` offers its boards' consoles: a Unix socket on its machine, and since when that daemon runs.
 * Throws daemon-absent, or daemon-refused where it offers none.
 */
export async function consolePlace(
  daemon: DaemonAddress,
): Promise<{ readonly path: string; readonly startedAt: string }> {
  const { url } = daemon;
  const { status, answer } = await ask(daemon, new URL("/api/v1/health", urlOf(url)), {});
  // A degraded daemon says so with status 503, and the same document.
  if (status !== 200 && status !== 503) {
    throw heapscopeError("daemon-refused", { url, detail: detailOf(answer, status) });
  }
  const health = typeof answer === "object" && answer !== null ? answer : {};
  const path = "consoleSocket" in health ? health.consoleSocket : null;
  const startedAt = "startedAt" in health ? health.startedAt : null;
  if (typeof path !== "string" || typeof startedAt !== "string") {
    const isShort = startedAt === null && daemon.token === undefined;
    const detail = isShort
      ? "it asks for a token before it tells more. Give one with --token or HEAPSCOPE_TOKEN."
      : "it offers no console. Its log says why, unless it is an older one.";
    throw heapscopeError("daemon-refused", { url, detail });
  }
  return { path, startedAt };
}

async function ask(
  daemon: DaemonAddress,
  place: URL,
  request: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Promise<{ readonly ok: boolean; readonly status: number; readonly answer: unknown }> {
  let response: Response;
  try {
    // A redirect would take the token along.
    const headers = { ...request.headers, ...tokenHeaders(daemon) };
    response = await fetch(place, { ...request, headers, redirect: "error" });
  } catch {
    throw heapscopeError("daemon-absent", { url: daemon.url });
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
