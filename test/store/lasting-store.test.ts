import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { openLastingStore } from "../../src/store/lasting-store.ts";
import type { NewEvent, Store } from "../../src/store/store-types.ts";
import { sampleReading } from "../support/samples.ts";
import { smallDisk } from "../support/small-disk.ts";
import { temporaryFolder } from "./temp-folder.ts";

const board = "e6614103e7452d2f";
const startMs = Date.UTC(2026, 10, 22, 17, 0, 0);
const nowMs = (): number => startMs;

function readings(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({ type: "reading", data: sampleReading() }));
}

function lasting(file: string, now = nowMs): { readonly store: Store; readonly moved: string[] } {
  const moved: string[] = [];
  const store = openLastingStore({
    file,
    nowMs: now,
    onReplaced: (why) => moved.push(why.kind === "damaged" ? why.movedTo : why.kind),
  });
  onTestFinished(() => store.close());
  return { store, moved };
}

test("a file damaged between two runs is moved aside, whole, and a new history begun", () => {
  const file = join(temporaryFolder(), "history.db");
  const first = openLastingStore({ file, nowMs, onReplaced: () => {} });
  first.append(readings(10));
  first.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 0, 4096));

  const { store, moved } = lasting(file);
  expect(moved).toEqual([`${file}.damaged-20261122-170000`]);
  expect(readFileSync(moved[0]!)).toEqual(bytes);
  // What the last id was nobody can say: the new ones are above whatever a client holds.
  expect(store.append(readings(1))[0]).toMatchObject({ cursor: startMs + 1, data: { boardId: board } });
  expect(store.oldestCursor()).toBe(startMs);
});

test("damage that a read finds does not stay: the next write begins a new history", () => {
  const file = join(temporaryFolder(), "history.db");
  const first = openLastingStore({ file, nowMs, onReplaced: () => {} });
  first.append(readings(3000));
  first.close();
  const bytes = readFileSync(file);
  // Everything but the schema's first pages, which are read when the file is opened.
  writeFileSync(file, bytes.fill(0x5a, Math.floor(bytes.length / 2)));
  const { store, moved } = lasting(file);
  expect(store.latestCursor()).toBe(3000);
  expect(() => store.eventsAfter(0, { limit: 10_000 })).toThrow("damaged");
  expect(moved).toEqual([]);
  expect(store.append(readings(1))[0]?.cursor).toBe(3001);
  expect(moved).toHaveLength(1);
  expect(store.eventsAfter(3000, { limit: 10 })).toHaveLength(1);
});

test("a file of zero bytes that was a history is begun anew, and said", () => {
  const file = join(temporaryFolder(), "history.db");
  lasting(file).store.close();
  writeFileSync(file, "");
  const { store, moved } = lasting(file);
  expect(moved).toEqual(["empty"]);
  expect(store.append(readings(1))[0]?.cursor).toBe(startMs + 1);
});

test.each([
  ["removed", (file: string) => rmSync(file)],
  ["moved away", (file: string) => renameSync(file, `${file}.old`)],
])("a file that is %s while it is open is noticed within a second, and ids go on", (_, away) => {
  const file = join(temporaryFolder(), "history.db");
  const clock = { ms: startMs };
  const { store, moved } = lasting(file, () => clock.ms);
  store.append(readings(5));
  away(file);
  clock.ms += 1000;
  expect(store.append(readings(1))[0]?.cursor).toBe(6);
  expect(moved).toEqual(["removed"]);
  expect([store.oldestCursor(), statSync(file).isFile()]).toEqual([5, true]);
  // The old one is whole.
  if (statSync(`${file}.old`, { throwIfNoEntry: false }))
    expect(lasting(`${file}.old`).store.latestCursor()).toBe(5);
});

test("a file that another program has locked is waited for, at the start too", () => {
  const file = join(temporaryFolder(), "history.db");
  lasting(file).store.close();
  const other = new Database(file);
  other.pragma("locking_mode = EXCLUSIVE");
  other.exec("CREATE TABLE visitor (a)");
  const { store } = lasting(file);
  expect(() => store.append(readings(1))).toThrow("another program has locked it");
  other.close();
  expect(store.append(readings(1))[0]?.cursor).toBe(1);
});

test("what can no longer be opened is waited for, whatever the reason", () => {
  const file = join(temporaryFolder(), "history.db");
  const clock = { ms: startMs };
  const { store } = lasting(file, () => clock.ms);
  rmSync(file);
  mkdirSync(file);
  clock.ms += 1000;
  let failure: unknown;
  try {
    store.append(readings(1));
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({ code: "store-failed", context: { trouble: "unusable" } });
  expect(String(failure)).toContain("it is a folder");
  rmSync(file, { recursive: true });
  expect(store.append(readings(1))[0]?.cursor).toBe(1);
});

test("a file damaged while it is open is replaced too, and ids go on after the last one published", () => {
  const file = join(temporaryFolder(), "history.db");
  const { store, moved } = lasting(file);
  store.append(readings(3000));
  const last = store.latestCursor();
  // A checkpoint puts everything into the file, so that damage shows.
  store.close();
  const again = lasting(file);
  writeFileSync(file, Buffer.alloc(statSync(file).size - 4096, 0x5a), { flag: "r+" });
  const [stored] = again.store.append(readings(1));
  expect(again.moved.length + moved.length).toBe(1);
  expect(stored?.cursor).toBe(last + 1);
  expect(again.store.oldestCursor()).toBe(last);
  expect(again.store.readings(board, { limit: 10 }).map(({ id }) => id)).toEqual([last + 1]);
});

test("a file that never was a history is left alone", () => {
  const folder = temporaryFolder();
  const file = join(folder, "notes.txt");
  writeFileSync(file, "Not a database, but somebody's notes.\n".repeat(200));
  for (let attempt = 0; attempt < 2; attempt++) expect(() => lasting(file)).toThrow("no history at all");
  expect(readdirSync(folder)).toEqual(["notes.txt"]);
});

test("a folder that cannot be made is an error at once", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(() => lasting(join(file, "history.db"))).toThrow("cannot be used");
});

test("a full disk refuses, and takes events again when there is space", (context) => {
  const disk = smallDisk("600k");
  if (disk === undefined) return context.skip("this user may not mount a disk");
  const { store, moved } = lasting(join(disk.folder, "history.db"));
  const fill = (): void => {
    for (;;) store.append(readings(100));
  };
  writeFileSync(join(disk.folder, "ballast"), Buffer.alloc(100_000));
  expect(fill).toThrow("the disk is full");
  const last = store.latestCursor();
  expect(() => store.append(readings(100))).toThrow("the disk is full");
  expect(store.readings(board, { limit: 1 })).toHaveLength(1);

  disk.clear();
  expect(store.append(readings(1))[0]?.cursor).toBe(last + 1);
  expect(moved).toEqual([]);
});

test("a disk that is full at the start is waited for", (context) => {
  const disk = smallDisk("300k");
  if (disk === undefined) return context.skip("this user may not mount a disk");
  disk.fill();
  const { store } = lasting(join(disk.folder, "history.db"));
  expect(() => store.append(readings(1))).toThrow("the disk is full");
  expect(() => store.latestCursor()).toThrow("the disk is full");

  disk.clear();
  expect(store.append(readings(1))[0]?.cursor).toBe(1);
});

test("a disk that is read-only at the start is waited for", (context) => {
  const disk = smallDisk("2m");
  if (disk === undefined) return context.skip("this user may not mount a disk");
  const before = openLastingStore({ file: join(disk.folder, "history.db"), nowMs, onReplaced: () => {} });
  before.append(readings(5));
  before.close();
  disk.remount("ro");
  const { store, moved } = lasting(join(disk.folder, "history.db"));
  expect(() => store.append(readings(1))).toThrow("read-only");

  disk.remount("rw");
  expect(store.append(readings(1))[0]?.cursor).toBe(6);
  expect(moved).toEqual([]);
});
