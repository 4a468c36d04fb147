import { accessSync, closeSync, constants, existsSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { makeFolder } from "../shared/make-folder.ts";
import { checkSchema, migrate } from "./migrate.ts";
import { migrations } from "./migrations/all.ts";
import { troubleOf } from "./store-trouble.ts";

export interface OpenDatabase {
  readonly db: Database.Database;
  /** Checkpoints, closes the file and gives up the claim on it. A second call does nothing. */
  readonly close: () => void;
}

/**
 * Opens (or creates, with its folder) the history file and brings its schema up to date. `:memory:` is a
 * history that ends with the process. `lockedMs`: how long a call waits for another program that has locked the file.
 *
 * Throws `store-failed`.
 */
export function openDatabase(file: string, lockedMs = 1000): OpenDatabase {
  return failingAsStore(file, () => {
    if (file !== ":memory:") makeFolder(dirname(file));
    const wasOurs = existsSync(lockOf(file));
    const release = file === ":memory:" ? () => {} : claim(file);
    let db: Database.Database | undefined;
    try {
      makePrivate(file);
      db = new Database(file, { timeout: lockedMs });
      // Has an effect only while the file is empty: pages that tidying frees can then be given back.
      db.pragma("auto_vacuum = INCREMENTAL");
      // WAL with NORMAL: a killed process loses nothing that was committed; a power cut may lose the last commits.
      db.pragma("journal_mode = WAL");
      db.pragma("synchronous = NORMAL");
      db.pragma("foreign_keys = ON");
      db.pragma("journal_size_limit = 67108864");
      migrate(db, migrations);
      const opened = db;
      return {
        db,
        close: () => {
          try {
            checkpoint(opened);
            opened.close();
          } finally {
            release();
          }
        },
      };
    } catch (error) {
      db?.close();
      release();
      // The lock says that the file is a history of ours, and that has not been seen.
      if (!wasOurs) rmSync(lockOf(file), { force: true });
      throw error;
    }
  });
}

/**
 * Makes a file that is not there for this user alone; SQLite gives the files beside it the same mode. What fails, SQLite will
 * say.
 */
function makePrivate(file: string): void {
  if (file === ":memory:" || existsSync(file)) return;
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch {
    // See above.
  }
}

/** SQLite leaves that out of closing a file that was moved, which would leave behind what was written last. */
function checkpoint(db: Database.Database): void {
  try {
    if (db.open) db.pragma("wal_checkpoint(TRUNCATE)");
  } catch {
    // A disk that is full: the log stays beside the file, and is read with it.
  }
}

/** Opens a history for reading alone, also while another process writes to it. Throws `store-failed`. */
export function openReadOnly(file: string): Database.Database {
  return failingAsStore(file, () => {
    if (!existsSync(file)) throw new Error("there is no such file");
    const db = new Database(file, { readonly: true, timeout: 1000 });
    try {
      checkSchema(db, migrations);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** The lock beside a history. It is there for good once a heapscope has opened the history. */
export function lockOf(file: string): string {
  return `${file}-lock`;
}

/**
 * One daemon writes a history: two would mix their feeds. An exclusive transaction on a small file beside it is the
 * lock; the system ends it with the process, however that ends. Others may still read the history itself.
 */
function claim(file: string): () => void {
  makePrivate(lockOf(file));
  const lock = new Database(lockOf(file), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || error.code !== "SQLITE_BUSY") throw error;
    const reason =
      "another heapscope is writing to it; stop that one, or give one of them another file with --database";
    throw heapscopeError("store-failed", { file, reason });
  }
}

/** SQLite only says that it cannot open a file; the system knows why nothing can be written beside it. */
function folderError(file: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError) || !error.code.startsWith("SQLITE_CANTOPEN")) return undefined;
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
      return new Error("it is a folder. Give heapscope a file with --database");
    accessSync(dirname(file), constants.W_OK);
    return undefined;
  } catch (reason) {
    return reason;
  }
}

/** Runs `work`; whatever it throws leaves as `store-failed` about `file`. */
export function failingAsStore<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeapscopeError) throw error;
    throw heapscopeError("store-failed", { file, ...troubleOf(folderError(file, error) ?? error) });
  }
}
