import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/all.ts";

/**
 * Opens (or creates, with its folder) the history file and brings its schema up to date. `:memory:` is a
 * history that ends with the process.
 *
 * Throws `store-failed`.
 */
export function openDatabase(file: string): Database.Database {
  return failingAsStore(file, () => {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const db = new Database(file, { timeout: 1000 });
    try {
      // WAL with NORMAL: a killed process loses nothing that was committed; a power cut may lose the last commits.
      db.pragma("journal_mode = WAL");
      db.pragma("synchronous = NORMAL");
      db.pragma("foreign_keys = ON");
      db.pragma("journal_size_limit = 67108864");
      migrate(db, migrations);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
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
