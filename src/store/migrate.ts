import type { Database } from "better-sqlite3";
import type { Migration } from "./migrations/migration.ts";

/** "HpSc": marks the file as a heapscope history, so that no other program's database is taken for one. */
export const applicationId = 0x48705363;

/**
 * Brings the schema up to the last of `steps`, each step in a transaction of its own; a fresh file gets all.
 *
 * Throws an Error whose message says why where the file belongs to another program or to a newer heapscope.
 */
export function migrate(db: Database, steps: readonly Migration[]): void {
  const newest = steps.at(-1)?.version ?? 0;
  const found = numberPragma(db, "application_id");
  const tables = db.prepare("SELECT count(*) FROM sqlite_master").pluck().get();
  if (found !== applicationId && (found !== 0 || tables !== 0)) {
    throw new Error("it is an SQLite database of another program. Give heapscope a file of its own");
  }
  const version = numberPragma(db, "user_version");
  if (version > newest) {
    throw new Error(
      `it was written by a newer heapscope (schema ${version}, this one knows ${newest}). Start the newer heapscope, or choose another file`,
    );
  }
  for (const step of steps) {
    if (step.version <= version) continue;
    db.transaction(() => {
      db.exec(step.sql);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  }
}

/** Throws an Error whose message says why where the schema is not the last of `steps`, to the number. */
export function checkSchema(db: Database, steps: readonly Migration[]): void {
  const newest = steps.at(-1)?.version ?? 0;
  if (numberPragma(db, "application_id") !== applicationId) throw new Error("it is no history of heapscope");
  const version = numberPragma(db, "user_version");
  if (version === newest) return;
  throw new Error(
    version > newest
      ? `it was written by a newer heapscope (schema ${version}, this one knows ${newest})`
      : `it was written by an older heapscope (schema ${version}, this one has ${newest}). Start "heapscope serve" on it once`,
  );
}

function numberPragma(db: Database, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}
