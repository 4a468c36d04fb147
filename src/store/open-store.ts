import { analysisReader } from "./analysis-history.ts";
import { eventAppender } from "./append-events.ts";
import { boardsTable } from "./boards-table.ts";
import { failingAsStore, openDatabase } from "./open-database.ts";
import { alertReader } from "./read-alerts.ts";
import { historyReader } from "./read-history.ts";
import { eventReplay } from "./replay-events.ts";
import type { Store } from "./store-types.ts";

export interface StoreOptions {
  /** The database file; made with its folder where it is not there. `:memory:` for a history that is not kept. */
  readonly file: string;
}

/**
 * Opens the history database: SQLite in WAL mode, schema brought up to date.
 *
 * Throws `store-failed` where the file cannot be opened, is not ours, or comes from a newer heapscope, or another one is writing to it.
 */
export function openStore({ file }: StoreOptions): Store {
  const { db, close } = openDatabase(file);
  const guarded =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result =>
      failingAsStore(file, () => work(...args));

  const boards = boardsTable(db);
  const history = historyReader(db, boards);
  const alerts = alertReader(db, boards);
  const analysis = analysisReader(db, boards);
  const latest = db.prepare<[], number>("SELECT last_id FROM sequence").pluck();
  const oldest = db.prepare<[], number>("SELECT forgotten_through FROM sequence").pluck();

  return {
    append: guarded(eventAppender(db, boards)),
    upsertBoard: guarded(boards.upsert),
    boards: guarded(boards.all),
    board: guarded(boards.find),
    readings: guarded(history.readings),
    collections: guarded(history.collections),
    missed: guarded(history.missed),
    alerts: guarded(alerts.alerts),
    firingAlerts: guarded(alerts.firingAlerts),
    latestMap: guarded(history.latestMap),
    mapOf: guarded(history.mapOf),
    collectionPoints: guarded(analysis.collectionPoints),
    extremes: guarded(analysis.extremes),
    mapIds: guarded(analysis.mapIds),
    mapTypes: guarded(analysis.mapTypes),
    mapIdBefore: guarded(analysis.mapIdBefore),
    restartMarks: guarded(analysis.restartMarks),
    eventsAfter: guarded(eventReplay(db, boards)),
    oldestCursor: guarded(() => oldest.get() ?? 0),
    latestCursor: guarded(() => latest.get() ?? 0),
    // better-sqlite3 checkpoints the write-ahead log on close, and a second close does nothing.
    close: guarded(close),
  };
}
