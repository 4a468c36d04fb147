import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { HeapscopeError } from "../../src/shared/errors.ts";
import { applicationId, migrate } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations/all.ts";
import { openStore } from "../../src/store/open-store.ts";
import { sampleReading } from "../support/samples.ts";
import { temporaryFolder } from "./temp-folder.ts";

function refusal(file: string): HeapscopeError {
  try {
    openStore({ file }).close();
  } catch (error) {
    if (error instanceof HeapscopeError) return error;
    throw error;
  }
  throw new Error(`${file} was opened`);
}

test("a fresh file is made with its folder, in WAL mode, and keeps what was appended", () => {
  const file = join(temporaryFolder(), "deep", "down", "history.sqlite");
  const store = openStore({ file });
  store.append([{ type: "reading", data: sampleReading() }]);
  store.close();
  store.close();
  const raw = new Database(file, { readonly: true });
  expect(raw.pragma("journal_mode", { simple: true })).toBe("wal");
  expect(raw.pragma("user_version", { simple: true })).toBe(migrations.length);
  expect(raw.pragma("application_id", { simple: true })).toBe(applicationId);
  raw.close();
  const again = openStore({ file });
  expect(again.readings("e6614103e7452d2f", { limit: 1 })).toHaveLength(1);
  again.close();
});

test("a fresh history is for its user alone; the mode of one that is there stays", () => {
  const file = join(temporaryFolder(), "history.db");
  const mode = (path: string) => statSync(path).mode & 0o777;
  const store = openStore({ file });
  store.append([{ type: "reading", data: sampleReading() }]);
  for (const part of ["", "-wal", "-shm", "-lock"]) expect([part, mode(file + part)]).toEqual([part, 0o600]);
  store.close();
  chmodSync(file, 0o640);
  openStore({ file }).close();
  expect(mode(file)).toBe(0o640);
});

test("a committed event is there for whoever opens the file while the writer is still running", () => {
  const file = join(temporaryFolder(), "history.sqlite");
  const store = openStore({ file });
  store.append([{ type: "reading", data: sampleReading() }]);
  const raw = new Database(file, { readonly: true });
  expect(raw.prepare("SELECT count(*) FROM readings").pluck().get()).toBe(1);
  raw.close();
  store.close();
});

test("a second writer is refused until the first has closed", () => {
  const file = join(temporaryFolder(), "history.db");
  const first = openStore({ file });
  expect(() => openStore({ file })).toThrow("another heapscope is writing to it");
  first.append([{ type: "reading", data: sampleReading() }]);
  first.close();
  const second = openStore({ file });
  expect(second.latestCursor()).toBe(1);
  second.close();
});

test("a database from a newer heapscope is refused and left as it is", () => {
  const file = join(temporaryFolder(), "history.sqlite");
  openStore({ file }).close();
  const raw = new Database(file);
  raw.pragma("user_version = 99");
  raw.close();
  expect(refusal(file)).toMatchObject({ code: "store-failed", exitCode: 1 });
  expect(refusal(file).message).toContain("newer heapscope (schema 99");
});

test("another program's database is refused", () => {
  const file = join(temporaryFolder(), "other.sqlite");
  const raw = new Database(file);
  raw.exec("CREATE TABLE songs (title TEXT)");
  raw.close();
  expect(refusal(file).message).toContain("another program");
});

test("a file that is no database is refused", () => {
  const file = join(temporaryFolder(), "notes.txt");
  writeFileSync(file, "remember the milk\n".repeat(100));
  expect(refusal(file)).toMatchObject({ code: "store-failed" });
});

test("steps are applied in order, each wholly or not at all", () => {
  const db = new Database(":memory:");
  migrate(db, migrations);
  const broken = {
    version: migrations.length + 1,
    name: "broken",
    sql: "CREATE TABLE extra (a) STRICT; SELECT nonsense;",
  };
  expect(() => migrate(db, [...migrations, broken])).toThrow();
  expect(db.pragma("user_version", { simple: true })).toBe(migrations.length);
  expect(db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'extra'").get()).toBeUndefined();
  migrate(db, [...migrations, { ...broken, sql: "CREATE TABLE extra (a INTEGER) STRICT" }]);
  expect(db.pragma("user_version", { simple: true })).toBe(migrations.length + 1);
  db.close();
});

test("a history has a name of its own, which it keeps", () => {
  const file = join(temporaryFolder(), "history.db");
  const names = [0, 1].map(() => {
    const store = openStore({ file });
    const name = store.historyId();
    store.close();
    return name;
  });
  const other = openStore({ file: ":memory:" });
  expect(names[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(names[1]).toBe(names[0]);
  expect(other.historyId()).not.toBe(names[0]);
  other.close();
});

test("steps count up from 1 without a hole", () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, place) => place + 1));
});

test("using a closed store is a store failure, not a crash", () => {
  const store = openStore({ file: ":memory:" });
  store.close();
  expect(() => store.latestCursor()).toThrow(expect.objectContaining({ code: "store-failed" }));
});
