import { Compile } from "typebox/compile";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Alert } from "../heap/reading.ts";
import type { HeapscopeError } from "../shared/errors.ts";
import { feedCloseCodes } from "./feed-close-codes.ts";
import { feedVersion, type ServerMessage, type SubscribeMessage, SubscribeSchema } from "./schemas-feed.ts";
import { textFrame } from "./websocket-frame.ts";

const subscribe = Compile(SubscribeSchema);

/** What a client's text means, or why it means nothing and the code to close with (RFC 6455 section 7.4). */
export type ParsedMessage =
  | { readonly kind: "subscribe"; readonly message: SubscribeMessage }
  | { readonly kind: "invalid"; readonly closeCode: number; readonly detail: string };

export function parseClientMessage(text: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "invalid", closeCode: feedCloseCodes.malformed.code, detail: "it is not JSON" };
  }
  if (subscribe.Check(value)) return { kind: "subscribe", message: value };
  return { kind: "invalid", closeCode: feedCloseCodes.refused.code, detail: whatIsWrong(value) };
}

function whatIsWrong(value: unknown): string {
  if (typeof value !== "object" || value === null || !("type" in value)) {
    return 'it is not an object with a "type"';
  }
  if (value.type !== "subscribe") {
    return `the type ${JSON.stringify(value.type).slice(0, 100)} is unknown, clients send only "subscribe"`;
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(SubscribeSchema.properties, key));
  if (unknown !== undefined) return `the key "${unknown.slice(0, 100)}" is unknown`;
  if (!("boards" in value)) return '"boards" is missing';
  const [first] = subscribe.Errors(value);
  return `"${first?.instancePath.slice(1).replaceAll("/", ".") ?? ""}" ${first?.message ?? "does not fit"}`;
}

/**
 * First message of a connection. `cursor`: the newest event when it was sent, to show how far a replay is behind. Here and
 * below null: history cannot say it.
 */
export function helloFrame(heapscope: string, cursor: number | null, history: string | null): Buffer {
  return frameOf({ type: "hello", version: feedVersion, heapscope, cursor, history });
}

/** The boards as they are now; live events follow with cursors greater than `cursor`. `alerts`: those that fire, null = unknown. */
export function snapshotFrame(
  boards: readonly BoardSnapshot[],
  alerts: readonly Alert[] | null,
  cursor: number | null,
): Buffer {
  return frameOf({ type: "snapshot", boards, alerts, cursor });
}

/** Events after the asked cursor have been forgotten: complete only from `oldest` on. A snapshot follows. */
export function gapFrame(oldest: number): Buffer {
  return frameOf({ type: "gap", oldest });
}

/** All that was subscribed up to `cursor` has been sent. */
export function markFrame(cursor: number | null): Buffer {
  return frameOf({ type: "mark", cursor });
}

export function errorFrame({ code, message }: HeapscopeError): Buffer {
  return frameOf({ type: "error", code, message });
}

function frameOf(message: ServerMessage): Buffer {
  return textFrame(Buffer.from(JSON.stringify(message)));
}
