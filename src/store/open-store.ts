import { eventAppender } from "./append-events.ts";
import { auditTable } from "./audit.ts";
import { boardsTable } from "./boards-table.ts";
import { failingAsStore, openDatabase } from "./open-database.ts";
import { alertReader } from "./read-alerts.ts";
import { historyReader } from "./read-history.ts";
import { eventReplay } from "./replay-events.ts";
import { retention } from "./retention.ts";
import { Rollups } from "./rollups.ts";
import { seriesReader } from "./series.ts";
import type { Store } from "./store-types.ts";

export interface StoreOptions {
  /** The database file; made with its folder where it is not there. `:memory:` for a history that is not kept. */
  readonly file: string;
  /** Ids go on after this one where the history's own are behind it. */
  readonly continueAfter?: number | undefined;
}

/** What came before the new first id is not here, so nobody can resume from there. */
const skipIds = "UPDATE sequence SET last_id = :id, forgotten_through = :id WHERE last_id < :id";

/**
 * Opens the history database: SQLite in WAL mode, schema brought up to date.
 *
 * Throws `store-failed` where the file cannot be opened, is not ours, or comes from a newer heapscope, or another one is writing to it.
 */
export function openStore({ file, continueAfter = 0 }: StoreOptions): Store {
  const { db, close } = openDatabase(file);
  const guarded =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result =>
      failingAsStore(file, () => work(...args));

  if (continueAfter > 0) {
    failingAsStore(file, () => db.prepare(skipIds).run({ id: continueAfter }));
  }
  const boards = boardsTable(db);
  const history = historyReader(db, boards);
  const rollups = new Rollups(db);
  const alerts = alertReader(db, boards);
  const audit = auditTable(db);
  const latest = db.prepare<[], number>("SELECT last_id FROM sequence").pluck();
  const oldest = db.prepare<[], number>("SELECT forgotten_through FROM sequence").pluck();

  return {
    append: guarded(eventAppender(db, boards, rollups)),
    upsertBoard: guarded(boards.upsert),
    tidy: guarded(retention(db, rollups)),
    boards: guarded(boards.all),
    board: guarded(boards.find),
    readings: guarded(history.readings),
    collections: guarded(history.collections),
    missed: guarded(history.missed),
    series: guarded(seriesReader(db, boards)),
    alerts: guarded(alerts.alerts),
    firingAlerts: guarded(alerts.firingAlerts),
    audit: guarded(audit.audit),
    auditTrail: guarded(audit.auditTrail),
    latestMap: guarded(history.latestMap),
    mapOf: guarded(history.mapOf),
    eventsAfter: guarded(eventReplay(db, boards)),
    oldestCursor: guarded(() => oldest.get() ?? 0),
    latestCursor: guarded(() => latest.get() ?? 0),
    // better-sqlite3 checkpoints the write-ahead log on close, and a second close does nothing.
    close: guarded(close),
  };
}
