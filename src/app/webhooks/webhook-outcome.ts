/** How one attempt ended. `reason`: a clause for people, without a full stop. */
export type WebhookOutcome =
  | { readonly kind: "delivered" }
  /** It may go better later; `afterMs`: not before, as the receiver asks (0 = it does not). */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number }
  /** It would go the same way every time. */
  | { readonly kind: "refused"; readonly reason: string };

/** Statuses of the 4xx kind that are about now, not about the request: timeout, too early, too many. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** `nowMs`: wall time, for a Retry-After that is a date. */
export function outcomeOf(status: number, retryAfter: string | null, nowMs: number): WebhookOutcome {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status >= 300 && status < 400) {
    const reason = `it answered with a redirect (${status}), which is not followed: give it the address it redirects to`;
    return { kind: "refused", reason };
  }
  const reason = `it answered with status ${status}`;
  if (status >= 400 && status < 500 && !passing.has(status)) return { kind: "refused", reason };
  return { kind: "retry", reason, afterMs: retryAfterMs(retryAfter, nowMs) };
}

/** RFC 9110, 10.2.3: seconds or a date. What is neither, or lies in the past, is 0. */
function retryAfterMs(text: string | null, nowMs: number): number {
  if (text === null) return 0;
  const ms = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing answers there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its host name could not be looked up",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_CONNECT_TIMEOUT: "no connection came about",
  EHOSTUNREACH: "its host cannot be reached",
  ENETUNREACH: "there is no network",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

/** What fetch threw, as a clause. Only codes: a message may hold the whole address. */
export function failureReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  // The Fetch standard blocks ports of other protocols.
  if (cause instanceof Error && cause.message === "bad port") return "its port belongs to another protocol";
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : null;
  return code === null ? "the request failed" : (failures[code] ?? `the request failed (${code})`);
}
