import { closeSync, fchownSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { heapscopeError } from "../shared/errors.ts";

const PATIENCE_MS = 5_000;

/**
 * Runs `work` while no other process runs one with the same lock file. The lock is an exclusive SQLite transaction: Node
 * has no other that the system ends with the process, however that ends. `owner`: to whom the file is given; null = us.
 * Throws file-locked where another one holds it for five seconds.
 */
export function withFileLock(
  lockFile: string,
  owner: { readonly uid: number; readonly gid: number } | null,
  work: () => void,
): void {
  if (owner !== null) makeOwned(lockFile, owner);
  const lock = new Database(lockFile, { timeout: PATIENCE_MS });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code !== "SQLITE_BUSY") throw error;
    throw heapscopeError("file-locked", { file: lockFile });
  } finally {
    lock.close();
  }
}

/** What is there already stays as it is: root must not give away what a user's link points to. */
function makeOwned(file: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx", 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    throw error;
  }
  try {
    fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}
