import type { Alert, AlertSeverity, Collection, Missed, Reading, TypeTotals } from "../heap/reading.ts";
import type { MetricName } from "./metrics.ts";

/** The kinds of events that history holds and the feed carries. */
export const eventTypes = ["reading", "collection", "missed", "board", "alert"] as const;
export type EventType = (typeof eventTypes)[number];

/** A reading that knows its board and its time; only such a one has a place in history. */
export type BoardReading = Reading & {
  readonly boardId: string;
  readonly at: string;
};

/** What `append` takes. An `id` inside `data` is ignored: the store gives the next one of its sequence. */
export type NewEvent =
  | {
      readonly type: "reading";
      readonly data: BoardReading;
      /** The dump that holds the map, byte for byte as the board printed it. */
      readonly dump?: Uint8Array | undefined;
    }
  | { readonly type: "collection"; readonly data: Collection }
  | { readonly type: "missed"; readonly data: Missed }
  | { readonly type: "alert"; readonly data: Alert }
  | {
      readonly type: "board";
      readonly boardId: string;
      /** UTC, ISO 8601. */
      readonly at: string;
      /** Any value that survives JSON; app stores a BoardSnapshot. */
      readonly data: object;
    };

interface Stored<Type extends EventType, Data> {
  readonly type: Type;
  /** The row's id in the one sequence over all kinds: later events have greater cursors, none is used twice. */
  readonly cursor: number;
  readonly boardId: string;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  /** For all but board events `data.id` is the cursor. */
  readonly data: Data;
}

export type StoredEvent =
  | Stored<"reading", BoardReading>
  | Stored<"collection", Collection>
  | Stored<"missed", Missed>
  | Stored<"alert", Alert>
  | Stored<"board", object>;

/** What is remembered of a board besides its events. */
export interface BoardRecord {
  readonly id: string;
  readonly name: string;
  /** Null for a board that is only known from imported events. */
  readonly port: string | null;
  readonly emulated: boolean;
  /** What the board said of itself (BoardFacts), as last stored. */
  readonly facts: object | null;
  /** UTC, ISO 8601. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

export type BoardUpdate = Omit<BoardRecord, "firstSeenAt" | "lastSeenAt">;

/**
 * Which part of a board's history. Times are UTC, ISO 8601; `from` is included, `to` is not.
 *
 * Without `after`: the newest `limit` by time, returned oldest first.
 * With `after` (an id): the first `limit` whose id is greater, in order of id, so a caller can page.
 */
export interface HistoryQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface AlertQuery extends HistoryQuery {
  /** Absent = every board. */
  readonly boardId?: string | undefined;
  /** Absent = both. */
  readonly state?: Alert["state"] | undefined;
  /** Absent = all. */
  readonly severity?: AlertSeverity | undefined;
}

export interface ReplayQuery {
  /** Board ids; absent = all. */
  readonly boards?: readonly string[] | undefined;
  /** Absent = all. */
  readonly types?: readonly EventType[] | undefined;
  /** The greatest cursor wanted; absent = no bound. */
  readonly through?: number | undefined;
  readonly limit: number;
}

export interface SeriesQuery {
  readonly metric: MetricName;
  /** Milliseconds since the Unix epoch; `fromMs` is included, `toMs` is not. */
  readonly fromMs: number;
  readonly toMs: number;
  /** At most so many buckets, and one more where they do not begin with the range. */
  readonly points: number;
}

/** What buckets were made of: single readings or collections, or roll-ups by the minute or hour. */
export type SeriesSource = "single" | "minute" | "hour";

export interface SeriesBucket {
  /** UTC, ISO 8601: where the bucket begins, a multiple of its width since the Unix epoch. */
  readonly at: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Values in the bucket, at least 1. */
  readonly count: number;
}

export interface Series {
  readonly bucketSeconds: number;
  readonly source: SeriesSource;
  /** In order of time; a bucket without values is left out. */
  readonly buckets: readonly SeriesBucket[];
}

export interface MarkedReadings {
  readonly readings: readonly BoardReading[];
  /** Some that came right before the first of them, oldest first: a measured block may have begun there. */
  readonly before: readonly BoardReading[];
}

export interface StoredMap {
  readonly reading: BoardReading;
  /** Byte for byte as the board printed it. */
  readonly dump: Uint8Array;
}

/** Somebody asked for something that acts on a board, or tried to. */
export interface AuditEntry {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** read, collect, release, attach, console, … */
  readonly action: string;
  /** As the caller named it; null: it concerns no board. */
  readonly board: string | null;
  /** The name of the token that came with it; null: none, or none that is known. */
  readonly token: string | null;
  /** Where it came from: an IP address, or the console's way (`unix`, `tcp 127.0.0.1`). */
  readonly address: string;
  /** HTTP status of the answer; for a console, what it would be. */
  readonly status: number;
  /** Problem code; null: it was done. */
  readonly code: string | null;
}

export interface StoredAuditEntry extends AuditEntry {
  /** Counts by itself, apart from the events' ids. */
  readonly id: number;
}

/**
 * Without `after`: the newest `limit`, oldest first. With `after` (an id): the first `limit` whose id is greater, in
 * order of id.
 */
export interface AuditQuery {
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Milliseconds since the Unix epoch; `fromMs` is included, `toMs` is not. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A collection with the figures of the reading after it; what names `before` is of the reading before it. */
export interface CollectionPoint {
  /** When the reading after it was complete. */
  readonly atMs: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly growableBytes: number | null;
  readonly largestFreeBytes: number | null;
  readonly fragmentation: number | null;
  readonly beforeAtMs: number;
  readonly beforeUsedBytes: number;
  readonly fragmentationBefore: number | null;
  readonly reclaimedBytes: number;
  readonly largestFreeGainBytes: number | null;
  readonly pauseMs: number | null;
}

/** The reading that had the most, or the least, of something; the newest of several. */
export interface ExtremeReading {
  readonly readingId: number;
  readonly atMs: number;
  readonly bytes: number;
  /** The heap at that time. */
  readonly totalBytes: number;
}

export interface HistoryExtremes {
  /** How many readings of the span are stored. */
  readonly readings: number;
  readonly mostUsed: ExtremeReading | null;
  readonly leastLargestFree: ExtremeReading | null;
}

/** What a stored map's blocks were of. */
export interface MapTypes {
  readonly atMs: number;
  readonly blockSizeBytes: number | null;
  readonly types: Readonly<Record<string, TypeTotals>>;
}

/** What a board event says of restarts; null where the event was not a BoardSnapshot. */
export interface RestartMark {
  readonly atMs: number;
  /** Since the daemon started. */
  readonly restarts: number | null;
  readonly state: string | null;
  readonly probeGarbageBytes: number | null;
}

/** When a board was read. */
export interface ReadingTimes {
  /** Of the span; null: it has no reading. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly count: number;
}

/** Lean queries for analysis: columns, not whole readings. Lists are oldest first unless they say otherwise. */
export interface AnalysisReader {
  /** The newest `limit` collections of the span whose two readings are stored. */
  collectionPoints(boardId: string, span: TimeSpan, limit: number): readonly CollectionPoint[];
  extremes(boardId: string, span: TimeSpan): HistoryExtremes;
  /** Ids of the newest `limit` readings of the span that have a stored map, newest first. */
  mapIds(boardId: string, span: TimeSpan, limit: number): readonly number[];
  /** The block totals by head letter of these maps. */
  mapTypes(boardId: string, readingIds: readonly number[]): readonly MapTypes[];
  /** The reading of the last stored map before `readingId`. */
  mapIdBefore(boardId: string, readingId: number): number | undefined;
  restartMarks(boardId: string, span: TimeSpan): readonly RestartMark[];
  readingTimes(boardId: string, span: TimeSpan): ReadingTimes;
  /** The times between two readings that are longer than `longMs`: the newest `limit` of them. */
  readingGaps(boardId: string, span: TimeSpan, longMs: number, limit: number): readonly TimeSpan[];
}

/** The reading half of the store: all that the API gets. Every call throws `store-failed` where SQLite fails. */
export interface HistoryReader extends AnalysisReader {
  boards(): readonly BoardRecord[];
  board(boardId: string): BoardRecord | undefined;
  readings(boardId: string, query: HistoryQuery): readonly BoardReading[];
  collections(boardId: string, query: HistoryQuery): readonly Collection[];
  missed(boardId: string, query: HistoryQuery): readonly Missed[];
  /** One metric over time, in buckets. */
  series(boardId: string, query: SeriesQuery): Series;
  /** Changes of alerts, firing and resolved. */
  alerts(query: AlertQuery): readonly Alert[];
  /** The alerts that fire now: of each board and rule the last change, where that was no end. Oldest first. */
  firingAlerts(): readonly Alert[];
  /** What was asked of boards, and what came of it. */
  auditTrail(query: AuditQuery): readonly StoredAuditEntry[];
  /** The readings whose map is stored, as in `readings`; "newest" means stored last, as with `latestMap`. */
  mappedReadings(boardId: string, query: HistoryQuery): readonly BoardReading[];
  /** The readings that carry a helper's mark, in order of id; "newest" means stored last. */
  markedReadings(boardId: string, query: HistoryQuery): MarkedReadings;
  /** The board's most recently stored map. */
  latestMap(boardId: string): StoredMap | undefined;
  mapOf(boardId: string, readingId: number): StoredMap | undefined;
  /** The first `limit` events with a greater cursor, of all kinds, in order of cursor. */
  eventsAfter(cursor: number, query: ReplayQuery): readonly StoredEvent[];
  /** The id of an event of the same board, kind, time and, for readings and missed ones, phase; undefined: there is none. */
  storedId(event: NewEvent): number | undefined;
  /** The name of this history, 16 hexadecimal digits: made with the file, so a cursor of another one can be told. */
  historyId(): string;
  /** The smallest cursor whose `eventsAfter` is complete: nothing later has been forgotten. 0 at first. */
  oldestCursor(): number;
  /** The cursor of the newest event, 0 before the first. Survives restarts and forgetting. */
  latestCursor(): number;
}

/** How long history is kept. Alerts and changes of boards are few and stay as long as the roll-ups by the hour. */
export interface RetentionPolicy {
  /** Readings, collections and missed ones, ms. */
  readonly eventsMs: number;
  /** Roll-ups by the minute, and maps beyond first, last and extremes, ms. */
  readonly minutesMs: number;
  /** Roll-ups by the hour, ms. */
  readonly hoursMs: number;
  /** Largest size of the database, bytes; Infinity = no limit. Beyond it the oldest day goes. */
  readonly maxBytes: number;
}

/** What one slice of tidying did. */
export interface Tidied {
  readonly removedRows: number;
  readonly thinnedMaps: number;
  /** False: call again, there is more. */
  readonly done: boolean;
}

/** How far each webhook has been told. `webhook`: any text that stands for it. */
export interface WebhookCursors {
  /** The id of the newest alert that was delivered to it or given up; undefined for a new one. */
  webhookCursor(webhook: string): number | undefined;
  setWebhookCursor(webhook: string, alertId: number): void;
  /** Forgets all others: one that is configured again later is a new one. */
  keepWebhookCursors(webhooks: readonly string[]): void;
}

/** The whole history database. One process writes; calls are synchronous. */
export interface Store extends HistoryReader, WebhookCursors {
  /**
   * Stores the batch in one transaction, all of it or nothing, and gives it back with cursors filled in, in the
   * same order. A board not seen before gets a row of its own.
   */
  append(events: readonly NewEvent[]): readonly StoredEvent[];
  /** Remembers what a board is called, where it is and what it said of itself. `at`: UTC, ISO 8601. */
  upsertBoard(board: BoardUpdate, at: string): void;
  /** Writes down what was asked of a board. The oldest entries are forgotten beyond `auditLimits` (audit.ts). */
  audit(entry: AuditEntry): void;
  /** Removes what the policy does not keep: one slice, some milliseconds. `nowMs`: wall time. */
  tidy(policy: RetentionPolicy, nowMs: number): Tidied;
  /** Checkpoints and closes the file. A second call does nothing. */
  close(): void;
}
