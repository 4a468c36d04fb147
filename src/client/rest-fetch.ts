import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

/** What the client needs of `fetch` for REST. */
export type RestFetch = (
  url: string,
  request: {
    readonly method?: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;

export interface DaemonRestOptions {
  /** Such as `http://127.0.0.1:7380`; in a browser `location.origin`. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly fetch?: RestFetch;
}

type Query = Readonly<Record<string, string | number | undefined>>;

interface Question {
  readonly path: string;
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sent as JSON, with POST. Absent: GET. */
  readonly body?: object;
  /** Whether what came is what was asked for; it decides with the status. */
  readonly fits: (answer: unknown, isOk: boolean) => boolean;
}

/**
 * How a daemon is asked: the answer as it came. The function throws daemon-absent, daemon-refused, or the signal's reason where it
 * aborts. Throws `usage` itself where `url` is no address of a daemon.
 */
export function restFetch({
  url,
  token,
  fetch = globalThis.fetch,
}: DaemonRestOptions): (question: Question) => Promise<unknown> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw heapscopeError("usage", {
      detail: `"${url}" is no address of a daemon, such as http://127.0.0.1:7380.`,
    });
  }
  const access: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return async ({ path, query = {}, signal, body, fits }) => {
    const place = new URL(path, url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) place.searchParams.set(name, String(value));
    const response = await fetch(place.href, {
      headers: body === undefined ? access : { ...access, "content-type": "application/json" },
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    }).catch(() => {
      signal?.throwIfAborted();
      throw heapscopeError("daemon-absent", { url });
    });
    const answer = await response.json().catch(() => null);
    signal?.throwIfAborted();
    if (fits(answer, response.ok)) return answer;
    throw refusal(url, response.status, answer);
  };
}

/** In the daemon's own words, where it is one. */
function refusal(url: string, status: number, answer: unknown): HeapscopeError {
  const { detail = null, code = "" } = isObject(answer) ? answer : {};
  return heapscopeError("daemon-refused", {
    url,
    detail: String(detail ?? `HTTP status ${status}.`),
    status,
    problem: String(code),
  });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
