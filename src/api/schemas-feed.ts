/** Every message of the feed, both ways: the types of the code and of the client, and what the AsyncAPI document says. */
import Type, { type Static, type TSchema } from "typebox";
import { BoardSnapshotSchema } from "./schemas-board.ts";
import {
  AlertSchema,
  CollectionSchema,
  listOf,
  MissedSchema,
  nullable,
  ReadingSchema,
} from "./schemas-reading.ts";

/** The version of the wire: raised when a client written for the older one could break. */
export const feedVersion = 1;

const eventKinds = ["reading", "collection", "missed", "board", "alert"] as const;

const cursor = Type.Integer({
  minimum: 0,
  description:
    "The event's place in history, greater than that of every event before it. Keep it: it is where to resume.",
});
const coalesced = Type.Optional(
  Type.Integer({
    minimum: 1,
    description:
      "So many older ones of the same board were left out because the client was slow; absent: none.",
  }),
);

/** A message that carries what history has stored. */
function eventSchema<const Kind extends string, Data extends TSchema>(
  type: Kind,
  data: Data,
  title: string,
  description: string,
) {
  return Type.Object({ type: Type.Literal(type), cursor, data }, { title, description });
}

export const HelloSchema = Type.Object(
  {
    type: Type.Literal("hello"),
    version: Type.Literal(feedVersion, {
      description:
        "Of this wire; raised when older clients could break. New keys and new types do not raise it: ignore what you do not know.",
    }),
    heapscope: Type.String({ description: "heapscope's own version." }),
    cursor: nullable(
      Type.Integer({
        minimum: 0,
        description: "The newest event just now: how far a replay is behind. Null: history cannot be read.",
      }),
    ),
    history: nullable(
      Type.String({
        description:
          "The name of the history that cursors are of; keep it beside a cursor that is to outlive the connection. Null: it cannot be read.",
      }),
    ),
  },
  { title: "HelloMessage", description: "The first message of every connection. Send subscribe." },
);

export const SnapshotMessageSchema = Type.Object(
  {
    type: Type.Literal("snapshot"),
    boards: listOf(BoardSnapshotSchema, { description: "The subscribed boards as they are now." }),
    alerts: nullable(
      listOf(AlertSchema, {
        description: "The alerts of these boards that fire now, oldest first. Null: history cannot be read.",
      }),
    ),
    cursor: nullable(
      Type.Integer({
        minimum: 0,
        description:
          "Every event after this one follows. Null: history cannot be read, so there is no place to resume from yet; what comes live has one.",
      }),
    ),
  },
  {
    title: "SnapshotMessage",
    description: 'Answers a subscribe without "after", and follows a gap. Live events come next.',
  },
);

export const GapSchema = Type.Object(
  {
    type: Type.Literal("gap"),
    oldest: Type.Integer({ minimum: 0, description: "History is complete after this cursor only." }),
  },
  {
    title: "GapMessage",
    description:
      'Events after the cursor in "after" have been forgotten. A snapshot follows, then live events.',
  },
);

export const ReadingMessageSchema = Type.Object(
  { type: Type.Literal("reading"), coalesced, cursor, data: ReadingSchema },
  { title: "ReadingMessage", description: "A reading was stored." },
);
export const CollectionMessageSchema = eventSchema(
  "collection",
  CollectionSchema,
  "CollectionMessage",
  "A collection was stored; its two readings came before it.",
);
export const MissedMessageSchema = eventSchema(
  "missed",
  MissedSchema,
  "MissedMessage",
  "A reading that was due did not come.",
);
export const BoardMessageSchema = eventSchema(
  "board",
  BoardSnapshotSchema,
  "BoardMessage",
  "A board appeared or its state changed: the whole board as it is since.",
);
export const AlertMessageSchema = eventSchema(
  "alert",
  AlertSchema,
  "AlertMessage",
  "An alert began to fire, or was resolved.",
);

function unstored<const Kind extends string, Data extends TSchema>(event: Kind, data: Data) {
  return Type.Object({ type: Type.Literal("unstored"), event: Type.Literal(event), coalesced, data });
}

export const UnstoredSchema = Type.Union(
  [
    unstored("reading", ReadingSchema),
    unstored("collection", CollectionSchema),
    unstored("missed", MissedSchema),
    unstored("board", BoardSnapshotSchema),
    unstored("alert", AlertSchema),
  ],
  {
    title: "UnstoredMessage",
    description:
      'What happened while history could not take it (a full disk, say): "event" says which kind it is. It has no cursor, ids in it that are null or negative mean nothing, and it is never replayed. A slow client gets the newest of each kind and board.',
  },
);

export const MarkSchema = Type.Object(
  {
    type: Type.Literal("mark"),
    cursor: nullable(
      Type.Integer({
        minimum: 0,
        description:
          "Everything subscribed up to this cursor has been sent: resume from here. Null: history cannot be read.",
      }),
    ),
  },
  {
    title: "MarkMessage",
    description:
      'Only for who asked for it with "marks": at the end of a replay, and then with every heartbeat. A client that hears nothing for two heartbeats has lost its connection; one that subscribed to few events keeps a young cursor.',
  },
);

export const ErrorSchema = Type.Object(
  {
    type: Type.Literal("error"),
    code: Type.String({ description: "For programs: a code of heapscope's error table." }),
    message: Type.String({ description: "For people: what happened, what it means, what to do next." }),
  },
  {
    title: "ErrorMessage",
    description:
      "The last message before a close, except for feed-cursor-ahead and feed-cursor-foreign: then the client may subscribe again.",
  },
);

export const SubscribeSchema = Type.Object(
  {
    type: Type.Literal("subscribe"),
    boards: Type.Immutable(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 1000,
        description:
          'Ids or names; "*" is every board, also those that come later. A board that is not known yet is no error: its events come when it does.',
      }),
    ),
    types: Type.Optional(
      Type.Immutable(
        Type.Array(Type.Enum([...eventKinds]), {
          minItems: 1,
          maxItems: 100,
          description: "Kinds of events wanted; absent = all.",
        }),
      ),
    ),
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Cursor of the last event the client has: replay from there instead of a snapshot.",
      }),
    ),
    history: Type.Optional(
      Type.String({
        maxLength: 100,
        description:
          "Which history the cursor is of, as hello named it: another one is answered with an error.",
      }),
    ),
    marks: Type.Optional(Type.Boolean({ description: "True: also send mark messages. Absent = false." })),
  },
  {
    additionalProperties: false,
    title: "SubscribeMessage",
    description: "What the client wants from now on. A second one takes the place of the first.",
  },
);

/** Every message of the server by its type. */
export const serverMessages = {
  hello: HelloSchema,
  snapshot: SnapshotMessageSchema,
  gap: GapSchema,
  reading: ReadingMessageSchema,
  collection: CollectionMessageSchema,
  missed: MissedMessageSchema,
  board: BoardMessageSchema,
  alert: AlertMessageSchema,
  unstored: UnstoredSchema,
  mark: MarkSchema,
  error: ErrorSchema,
} as const;

/** Every message of a client by its type. */
export const clientMessages = { subscribe: SubscribeSchema } as const;

export type HelloMessage = Static<typeof HelloSchema>;
export type SnapshotMessage = Static<typeof SnapshotMessageSchema>;
export type GapMessage = Static<typeof GapSchema>;
export type MarkMessage = Static<typeof MarkSchema>;
export type ErrorMessage = Static<typeof ErrorSchema>;
export type UnstoredMessage = Static<typeof UnstoredSchema>;
/** A stored event: the messages with a place in history. */
export type EventMessage =
  | Static<typeof ReadingMessageSchema>
  | Static<typeof CollectionMessageSchema>
  | Static<typeof MissedMessageSchema>
  | Static<typeof BoardMessageSchema>
  | Static<typeof AlertMessageSchema>;
export type ServerMessage =
  | HelloMessage
  | SnapshotMessage
  | GapMessage
  | EventMessage
  | UnstoredMessage
  | MarkMessage
  | ErrorMessage;
export type SubscribeMessage = Static<typeof SubscribeSchema>;
