import type { ServerMessage } from "../api/schemas-feed.ts";

const known: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "hello",
  "snapshot",
  "gap",
  "reading",
  "collection",
  "missed",
  "board",
  "alert",
  "unstored",
  "mark",
  "error",
]);
/** Null where the server's history cannot be read. */
const withNullableCursor: ReadonlySet<string> = new Set<ServerMessage["type"]>(["hello", "snapshot", "mark"]);
const withCursor: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "hello",
  "snapshot",
  "reading",
  "collection",
  "missed",
  "board",
  "alert",
  "mark",
]);

/** A message; "unknown" of a newer server, to be ignored; or "strange": no feed speaks like that. */
export type Parsed =
  | { readonly kind: "message"; readonly message: ServerMessage }
  | { readonly kind: "unknown" }
  | { readonly kind: "strange" };

/**
 * Only what the client itself relies on is checked, the type and the cursor: the rest is the server's own schema, and a check of
 * all of it would make the dashboard's program several times as large.
 */
export function parseMessage(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "strange" };
  }
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") {
    return { kind: "strange" };
  }
  if (!known.has(value.type)) return { kind: "unknown" };
  const cursor = "cursor" in value ? value.cursor : undefined;
  const isUnknown = cursor === null && withNullableCursor.has(value.type);
  if (withCursor.has(value.type) && !isUnknown && !Number.isSafeInteger(cursor)) return { kind: "strange" };
  return { kind: "message", message: value as ServerMessage };
}
