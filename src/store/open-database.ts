import { dirname } from "node:path";
import Database from "better-sqlite3";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { makeFolder } from "../shared/make-folder.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/all.ts";

export interface OpenDatabase {
  readonly db: Database.Database;
  /** Checkpoints, closes the file and gives up the claim on it. A second call does nothing. */
  readonly close: () => void;
}

/**
 * Opens (or creates, with its folder) the history file and brings its schema up to date. `:memory:` is a
 * history that ends with the process.
 *
 * Throws `store-failed`.
 */
export function openDatabase(file: string): OpenDatabase {
  return failingAsStore(file, () => {
    if (file !== ":memory:") makeFolder(dirname(file));
    const release = file === ":memory:" ? () => {} : claim(file);
    const db = new Database(file, { timeout: 1000 });
    try {
      // WAL with NORMAL: a killed process loses nothing that was committed; a power cut may lose the last commits.
      // Only while the file is empty: pages that tidying frees can then be given back.
      db.pragma("auto_vacuum = INCREMENTAL");
      db.pragma("journal_mode = WAL");
      db.pragma("synchronous = NORMAL");
      db.pragma("foreign_keys = ON");
      db.pragma("journal_size_limit = 67108864");
      migrate(db, migrations);
      return {
        db,
        close: () => {
          db.close();
          release();
        },
      };
    } catch (error) {
      db.close();
      release();
      throw error;
    }
  });
}

/**
 * One daemon writes a history: two would mix their feeds. An exclusive transaction on a small file beside it is the
 * lock; the system ends it with the process, however that ends. Others may still read the history itself.
 */
function claim(file: string): () => void {
  const lock = new Database(`${file}-lock`, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || error.code !== "SQLITE_BUSY") throw error;
    const reason = "another heapscope is writing to it; give one of them another file with --database";
    throw heapscopeError("store-failed", { file, reason });
  }
}

/** Runs `work`; whatever it throws leaves as `store-failed` about `file`. */
export function failingAsStore<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeapscopeError) throw error;
    throw heapscopeError("store-failed", {
      file,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
