import { createHash, createHmac } from "node:crypto";
import type { Alert } from "../../heap/reading.ts";

/** The body of each request, as JSON: what the feed says of an alert, and what a receiver without it needs. */
export interface WebhookBody {
  readonly type: "alert";
  /** Of this format. */
  readonly version: 1;
  /** The same for every attempt, also after a restart: a receiver that has it may ignore the request. */
  readonly eventId: string;
  /** heapscope's version. */
  readonly heapscope: string;
  readonly boardName: string;
  /** As `GET /api/v1/alerts` has it; `id` is null where the history could not keep it. */
  readonly data: Alert;
}

/** An alert, made ready once for all its attempts. */
export interface WebhookEvent {
  /** Null: the history does not have it. */
  readonly alertId: number | null;
  readonly eventId: string;
  readonly body: string;
}

export function webhookEvent(alert: Alert, boardName: string, version: string): WebhookEvent {
  // Ids of a history that is not kept begin anew with each start; a board, a rule and a time do not.
  const identity = JSON.stringify([alert.boardId, alert.rule, alert.state, alert.at]);
  const eventId = createHash("sha256").update(identity).digest("hex").slice(0, 32);
  const alertId = alert.id !== null && alert.id > 0 ? alert.id : null;
  const body: WebhookBody = {
    type: "alert",
    version: 1,
    eventId,
    heapscope: version,
    boardName,
    data: { ...alert, id: alertId },
  };
  return { alertId, eventId, body: JSON.stringify(body) };
}

/** Where to send to: fetch takes no address with a password in it, so that goes into a header. */
export interface WebhookTarget {
  readonly url: string;
  readonly authorization: string | null;
  /** Signs each request; null = unsigned. */
  readonly secret: string | null;
}

export function webhookTarget(url: string, secret: string | undefined): WebhookTarget {
  const address = new URL(url);
  const { username, password } = address;
  address.username = "";
  address.password = "";
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    url: address.href,
    authorization: username === "" && password === "" ? null : `Basic ${credentials.toString("base64")}`,
    secret: secret ?? null,
  };
}

/**
 * The headers of one attempt. `X-Heapscope-Timestamp` is the attempt's time in Unix seconds; with a secret,
 * `X-Heapscope-Signature` is `sha256=` and HMAC-SHA256 (RFC 2104) in hexadecimal over `TIMESTAMP.BODY`.
 */
export function webhookHeaders(
  { authorization, secret }: WebhookTarget,
  { eventId, body }: WebhookEvent,
  nowMs: number,
  version: string,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    "content-type": "application/json",
    "user-agent": `heapscope/${version}`,
    "x-heapscope-event-id": eventId,
    "x-heapscope-timestamp": timestamp,
    ...(authorization !== null && { authorization }),
    ...(secret !== null && { "x-heapscope-signature": signature(secret, timestamp, body) }),
  };
}

/** What a receiver computes for itself and compares. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}
