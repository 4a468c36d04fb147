import type { Database } from "better-sqlite3";
import { analysisReader } from "./analysis-history.ts";
import { eventAppender } from "./append-events.ts";
import { auditTable } from "./audit.ts";
import { type BoardsTable, boardsTable } from "./boards-table.ts";
import { failingAsStore, openDatabase, openReadOnly } from "./open-database.ts";
import { alertReader } from "./read-alerts.ts";
import { historyReader } from "./read-history.ts";
import { markedReader } from "./read-marks.ts";
import { eventReplay } from "./replay-events.ts";
import { retention } from "./retention.ts";
import { Rollups } from "./rollups.ts";
import { seriesReader } from "./series.ts";
import type { HistoryReader, Store } from "./store-types.ts";
import { storedIds } from "./stored-ids.ts";
import { webhookCursors } from "./webhook-cursor.ts";

export interface StoreOptions {
  /** The database file; made with its folder where it is not there. `:memory:` for a history that is not kept. */
  readonly file: string;
  /** Ids go on after this one where the history's own are behind it. */
  readonly continueAfter?: number | undefined;
  /** The name of the history that this one goes on with, where it does. */
  readonly historyId?: string | undefined;
  /** How long a call waits for another program that has locked the file, ms. Default 1000. */
  readonly lockedMs?: number | undefined;
}

/** What came before the new first id is not here, so nobody can resume from there. */
const skipIds = "UPDATE sequence SET last_id = :id, forgotten_through = :id WHERE last_id < :id";

/**
 * Opens the history database: SQLite in WAL mode, schema brought up to date.
 *
 * Throws `store-failed` where the file cannot be opened, is not ours, or comes from a newer heapscope, or another one is writing to it.
 */
export function openStore({ file, continueAfter = 0, historyId, lockedMs }: StoreOptions): Store {
  const { db, close } = openDatabase(file, lockedMs);
  const guarded = guardedFor(file);
  if (continueAfter > 0) guarded(() => db.prepare(skipIds).run({ id: continueAfter }))();
  if (historyId !== undefined) guarded(() => db.prepare("UPDATE sequence SET history = ?").run(historyId))();
  const boards = boardsTable(db);
  const rollups = new Rollups(db);
  const audit = auditTable(db);
  const webhooks = webhookCursors(db);
  return {
    ...readers(db, boards, guarded),
    append: guarded(eventAppender(db, boards, rollups)),
    upsertBoard: guarded(boards.upsert),
    tidy: guarded(retention(db, rollups)),
    audit: guarded(audit.audit),
    webhookCursor: guarded(webhooks.webhookCursor),
    setWebhookCursor: guarded(webhooks.setWebhookCursor),
    keepWebhookCursors: guarded(webhooks.keepWebhookCursors),
    // better-sqlite3 checkpoints the write-ahead log on close, and a second close does nothing.
    close: guarded(close),
  };
}

/** A history that is only read, beside a daemon that may be writing to it. */
export type OpenHistory = HistoryReader & { close(): void };

/** Opens a history for reading alone. Throws `store-failed` where it is not there, not ours, or of another heapscope's schema. */
export function openHistory(file: string): OpenHistory {
  const db = openReadOnly(file);
  return { ...readers(db, boardsTable(db), guardedFor(file)), close: () => void db.close() };
}

type Guarded = ReturnType<typeof guardedFor>;

function guardedFor(file: string) {
  return <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result =>
      failingAsStore(file, () => work(...args));
}

function readers(db: Database, boards: BoardsTable, guarded: Guarded): HistoryReader {
  const history = historyReader(db, boards);
  const alerts = alertReader(db, boards);
  const analysis = analysisReader(db, boards);
  const latest = db.prepare<[], number>("SELECT last_id FROM sequence").pluck();
  const oldest = db.prepare<[], number>("SELECT forgotten_through FROM sequence").pluck();
  const historyId = db.prepare<[], string>("SELECT history FROM sequence").pluck();
  return {
    boards: guarded(boards.all),
    board: guarded(boards.find),
    readings: guarded(history.readings),
    collections: guarded(history.collections),
    missed: guarded(history.missed),
    series: guarded(seriesReader(db, boards)),
    alerts: guarded(alerts.alerts),
    firingAlerts: guarded(alerts.firingAlerts),
    mappedReadings: guarded(history.mappedReadings),
    markedReadings: guarded(markedReader(db, boards)),
    latestMap: guarded(history.latestMap),
    mapOf: guarded(history.mapOf),
    collectionPoints: guarded(analysis.collectionPoints),
    extremes: guarded(analysis.extremes),
    mapIds: guarded(analysis.mapIds),
    mapTypes: guarded(analysis.mapTypes),
    mapIdBefore: guarded(analysis.mapIdBefore),
    restartMarks: guarded(analysis.restartMarks),
    readingTimes: guarded(analysis.readingTimes),
    readingGaps: guarded(analysis.readingGaps),
    eventsAfter: guarded(eventReplay(db, boards)),
    historyId: guarded(() => historyId.get() ?? ""),
    oldestCursor: guarded(() => oldest.get() ?? 0),
    latestCursor: guarded(() => latest.get() ?? 0),
    auditTrail: guarded(auditTable(db).auditTrail),
    storedId: guarded(storedIds(db, boards)),
  };
}
