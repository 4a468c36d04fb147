import { heapscopeError } from "../shared/errors.ts";
import type { BoardView, ReadingView } from "./feed-state.ts";

/** What the client needs of `fetch` for REST. */
export type RestFetch = (
  url: string,
  request: { readonly headers: Record<string, string> },
) => Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;

export interface DaemonRestOptions {
  /** Such as `http://127.0.0.1:7380`. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly fetch?: RestFetch;
}

/** The questions to a daemon that go with its feed. Each throws daemon-absent, or daemon-refused with the daemon's own words. */
export interface DaemonRest {
  boards(): Promise<readonly BoardView[]>;
  /** The newest `limit` readings of a board, oldest first. */
  readings(boardId: string, limit: number): Promise<readonly ReadingView[]>;
}

/** Throws `usage` where `url` is no address of a daemon. */
export function daemonRest({ url, token, fetch = globalThis.fetch }: DaemonRestOptions): DaemonRest {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw heapscopeError("usage", {
      detail: `"${url}" is no address of a daemon, such as http://127.0.0.1:7380.`,
    });
  }
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, url).href, { headers }).catch(() => {
      throw heapscopeError("daemon-absent", { url });
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok && Array.isArray(answer)) return answer;
    const detail = typeof answer === "object" && answer !== null && "detail" in answer ? answer.detail : null;
    throw heapscopeError("daemon-refused", {
      url,
      detail: String(detail ?? `HTTP status ${response.status}.`),
    });
  };
  // The daemon's own schemas of these routes; see api/boards-route and api/history-route.
  return {
    boards: async () => (await get("/api/v1/boards")) as readonly BoardView[],
    readings: async (boardId, limit) =>
      (await get(
        `/api/v1/boards/${encodeURIComponent(boardId)}/readings?limit=${limit}`,
      )) as readonly ReadingView[],
  };
}
