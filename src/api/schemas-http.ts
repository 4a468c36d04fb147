import Type from "typebox";
import { boardStateKinds } from "./schemas-board.ts";
import { isoTime, listOf, nullable, ReadingSchema } from "./schemas-reading.ts";

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: "URI of the kind of problem; changes only with code." }),
    title: Type.String({ description: "The code in words." }),
    status: Type.Integer({ description: "The HTTP status." }),
    detail: Type.String({ description: "For people: what happened, what it means, what to do next." }),
    instance: Type.String({ description: "The path that was asked for." }),
    code: Type.String({ description: "For programs: the code of heapscope's error table." }),
  },
  { title: "Problem", description: "RFC 9457 problem document." },
);

export const LastErrorSchema = Type.Object({
  at: isoTime("UTC."),
  code: Type.String({ description: "A code of the error table." }),
  message: Type.String(),
});

export const WebhookHealthSchema = Type.Object(
  {
    url: Type.String({ description: "Its address without password and query." }),
    queued: Type.Integer({ description: "Alerts that wait, the one that is being sent included." }),
    delivered: Type.Integer({ description: "Alerts it took, since start." }),
    failed: Type.Integer({ description: "Attempts that failed, since start." }),
    deadLetters: Type.Integer({ description: "Alerts given up: refused by it, or tried for too long." }),
    dropped: Type.Integer({ description: "Alerts dropped because too many waited." }),
    lastError: nullable(LastErrorSchema),
  },
  { title: "Webhook", description: "How a webhook does, since the daemon started." },
);

export const HealthSchema = Type.Object(
  {
    status: Type.Enum(["ok", "degraded"], {
      description: "degraded: history cannot be read or written; readings go on, see lastError.",
    }),
    version: Type.String({ description: "heapscope's version." }),
    startedAt: isoTime("UTC."),
    uptimeSeconds: Type.Number(),
    boards: Type.Object({
      total: Type.Integer(),
      byState: Type.Record(Type.Enum([...boardStateKinds]), Type.Integer()),
    }),
    store: Type.Object({
      cursor: nullable(
        Type.Integer({ description: "The newest event's id; null when history cannot be read." }),
      ),
      waiting: Type.Integer({
        description: "Events that wait in memory because history cannot take them now (disk full, for one).",
      }),
      dropped: Type.Integer({ description: "Events lost because too many waited, since start." }),
    }),
    feed: Type.Object({
      clients: Type.Integer({ description: "Connected WebSocket clients." }),
      encodings: Type.Integer({
        description: "Live events encoded since start: one per event, however many clients.",
      }),
    }),
    consoleSocket: nullable(
      Type.String({
        description:
          "The Unix socket of `heapscope console`, on this machine and for the daemon's user alone; null: there is none.",
      }),
    ),
    webhooks: listOf(WebhookHealthSchema, { description: "Who is told of alerts." }),
    lastError: nullable(LastErrorSchema),
  },
  { title: "Health" },
);

/** The short one is for who brings no token where one is required. */
export const HealthAnswer = Type.Union([
  HealthSchema,
  Type.Object({ status: HealthSchema.properties.status }, { additionalProperties: false }),
]);

export const BoardParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200, description: "The board's id or name." }),
});

export const BoardsQuery = Type.Object(
  {
    known: Type.Optional(
      Type.Enum(["watched", "all"], {
        default: "watched",
        description: "watched: attached or configured; all: also those that only history knows.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const MapParams = Type.Object({
  id: BoardParams.properties.id,
  readingId: Type.Integer({ minimum: 1, description: "The id of a reading that has a map." }),
});

export const NoQuery = Type.Object({}, { additionalProperties: false });

export const defaultLimit = 100;

export const HistoryQuerySchema = Type.Object(
  {
    from: Type.Optional(isoTime("Not before this time (included).")),
    to: Type.Optional(isoTime("Before this time (excluded).")),
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          "Only ids greater than this, in order of id: pass the last id you have to page forward. Without it: the newest, oldest first.",
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, default: defaultLimit, description: "At most so many." }),
    ),
  },
  { additionalProperties: false },
);

export const AuditQuerySchema = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Only ids greater than this, in order of id. Without it: the newest, oldest first.",
      }),
    ),
    limit: HistoryQuerySchema.properties.limit,
  },
  { additionalProperties: false },
);

export const AuditEntrySchema = Type.Object(
  {
    id: Type.Integer({ description: "Counts by itself, apart from the events' ids." }),
    at: isoTime("UTC."),
    action: Type.String({ description: "read, collect, release, attach, console, …" }),
    board: nullable(Type.String({ description: "As the caller named it; null: it concerns no board." })),
    token: nullable(
      Type.String({
        description: "The name of the token that came with it; null: none, or none that is known.",
      }),
    ),
    address: Type.String({ description: "An IP address, or a console's way: unix, tcp 127.0.0.1." }),
    status: Type.Integer({ description: "HTTP status of the answer; for a console, what it would be." }),
    code: nullable(Type.String({ description: "Problem code; null: it was done." })),
  },
  { title: "AuditEntry" },
);

export const ReadBody = Type.Object(
  {
    map: Type.Optional(
      Type.Boolean({ default: false, description: "True: a verbose reading with its map." }),
    ),
  },
  { additionalProperties: false },
);

export const CollectBody = Type.Object({}, { additionalProperties: false });
export const AttachBody = CollectBody;
export const ModulesBody = CollectBody;

export const ReleaseBody = Type.Object(
  {
    seconds: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 604_800,
        description: "The port is taken back after so long. Default: not before attach.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const BlockMapSchema = Type.Object(
  {
    reading: ReadingSchema,
    blockSizeBytes: Type.Integer({ description: "Size of one block. Bytes." }),
    areas: listOf(
      Type.Object({
        base: Type.String({ description: "Address of the area's first block, hexadecimal." }),
        blocks: Type.Integer({ description: "Blocks in this area." }),
        runs: listOf(
          Type.Unsafe<readonly [string, number]>({
            type: "array",
            prefixItems: [
              Type.String({ description: "The letter as printed: . free, = tail, else a head." }),
              Type.Integer({ description: "How many blocks in a row." }),
            ],
            items: false,
            minItems: 2,
          }),
          { description: "From the start of the area to its end." },
        ),
      }),
    ),
  },
  { title: "BlockMap", description: "Every block of the heap, as runs of equal letters." },
);
