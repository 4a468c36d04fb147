import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { HeapscopeError } from "../shared/errors.ts";

/** The version of the wire: raised when a client written for the older one could break. */
export const feedVersion = 1;

const SubscribeSchema = Type.Object(
  {
    type: Type.Literal("subscribe"),
    boards: Type.Immutable(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Ids or names; "*" is every board, also those that come later.',
      }),
    ),
    types: Type.Optional(
      Type.Immutable(
        Type.Array(Type.Enum(["reading", "collection", "missed", "board", "alert"]), {
          minItems: 1,
          description: "Kinds of events wanted; absent = all.",
        }),
      ),
    ),
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Cursor of the last event the client has: replay from there.",
      }),
    ),
  },
  { additionalProperties: false },
);
const subscribe = Compile(SubscribeSchema);

export type Subscribe = Static<typeof SubscribeSchema>;

/** What a client's text means, or why it means nothing and the code to close with (RFC 6455 section 7.4). */
export type ParsedMessage =
  | { readonly kind: "subscribe"; readonly message: Subscribe }
  | { readonly kind: "invalid"; readonly closeCode: 1007 | 1008; readonly detail: string };

export function parseClientMessage(text: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "invalid", closeCode: 1007, detail: "it is not JSON" };
  }
  if (subscribe.Check(value)) return { kind: "subscribe", message: value };
  return { kind: "invalid", closeCode: 1008, detail: whatIsWrong(value) };
}

function whatIsWrong(value: unknown): string {
  if (typeof value !== "object" || value === null || !("type" in value)) {
    return 'it is not an object with a "type"';
  }
  if (value.type !== "subscribe") {
    return `the type ${JSON.stringify(value.type).slice(0, 100)} is unknown, clients send only "subscribe"`;
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(SubscribeSchema.properties, key));
  if (unknown !== undefined) return `the key "${unknown}" is unknown`;
  if (!("boards" in value)) return '"boards" is missing';
  const [first] = subscribe.Errors(value);
  return `"${first?.instancePath.slice(1).replaceAll("/", ".") ?? ""}" ${first?.message ?? "does not fit"}`;
}

/** First message of a connection. `cursor`: the newest event when it was sent, to show how far a replay is behind. */
export function helloMessage(heapscope: string, cursor: number): string {
  return JSON.stringify({ type: "hello", version: feedVersion, heapscope, cursor });
}

/** The boards as they are now; live events follow with cursors greater than `cursor`. */
export function snapshotMessage(boards: readonly BoardSnapshot[], cursor: number): string {
  return JSON.stringify({ type: "snapshot", boards, cursor });
}

/** Events after the asked cursor have been forgotten: complete only from `oldest` on. A snapshot follows. */
export function gapMessage(oldest: number): string {
  return JSON.stringify({ type: "gap", oldest });
}

export function errorMessage({ code, message }: HeapscopeError): string {
  return JSON.stringify({ type: "error", code, message });
}
