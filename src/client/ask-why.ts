import type { CancelTimer, Clock } from "../shared/clock.ts";

/** What the client needs of `fetch`. */
export type Fetch = (
  url: string,
  request: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
) => Promise<{ readonly status: number; json(): Promise<unknown> }>;

/** Why a WebSocket did not open. `status` is null where nobody answered. */
export interface Obstacle {
  readonly status: number | null;
  readonly reason: string;
}

/**
 * A WebSocket that does not open never says why, in browsers at least: an ordinary GET of the same path does. 426 is the good
 * answer: it is a feed, and nothing else stands in the way.
 */
export async function askWhy(
  fetch: Fetch,
  feedUrl: string,
  token: string | undefined,
  clock: Clock,
  limitMs: number,
): Promise<Obstacle> {
  const abort = new AbortController();
  const cancel: CancelTimer = clock.after(limitMs, () => abort.abort());
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(feedUrl.replace(/^ws/, "http"), { headers, signal: abort.signal });
    const problem: unknown = await answer.json().catch(() => null);
    const detail =
      typeof problem === "object" && problem !== null && "detail" in problem ? String(problem.detail) : null;
    if (answer.status === 426)
      return { status: 426, reason: "The WebSocket did not open, though the daemon answers." };
    return {
      status: answer.status,
      reason: detail ?? `The daemon answers with HTTP status ${answer.status}.`,
    };
  } catch {
    return { status: null, reason: "The daemon does not answer." };
  } finally {
    cancel();
  }
}
