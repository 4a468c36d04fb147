import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLastingStore } from "../../src/store/lasting-store.ts";
import type { NewEvent, Store } from "../../src/store/store-types.ts";
import { sampleReading } from "../support/samples.ts";
import { temporaryFolder } from "./temp-folder.ts";

const board = "e6614103e7452d2f";
const nowMs = (): number => Date.UTC(2026, 10, 22, 17, 0, 0);

function readings(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({ type: "reading", data: sampleReading() }));
}

function lasting(file: string): { readonly store: Store; readonly moved: string[] } {
  const moved: string[] = [];
  const store = openLastingStore({
    file,
    nowMs,
    onReplaced: (why) => moved.push(why.kind === "damaged" ? why.movedTo : why.kind),
  });
  onTestFinished(() => store.close());
  return { store, moved };
}

/** A disk of `size` of its own; undefined where this user may not mount one. */
function smallDisk(size: string): string | undefined {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]).status !== 0)
    return undefined;
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  return folder;
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
  expect(store.append(readings(1))[0]?.data).toMatchObject({ boardId: board });
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
  const { store, moved } = lasting(join(disk, "history.db"));
  const fill = (): void => {
    for (;;) store.append(readings(100));
  };
  writeFileSync(join(disk, "ballast"), Buffer.alloc(100_000));
  expect(fill).toThrow("the disk is full");
  const last = store.latestCursor();
  expect(() => store.append(readings(100))).toThrow("the disk is full");
  expect(store.readings(board, { limit: 1 })).toHaveLength(1);

  rmSync(join(disk, "ballast"));
  expect(store.append(readings(1))[0]?.cursor).toBe(last + 1);
  expect(moved).toEqual([]);
});

test("a disk that is full at the start is waited for", (context) => {
  const disk = smallDisk("300k");
  if (disk === undefined) return context.skip("this user may not mount a disk");
  spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "ballast")}`, "bs=4096"]);
  const { store } = lasting(join(disk, "history.db"));
  expect(() => store.append(readings(1))).toThrow("the disk is full");
  expect(() => store.latestCursor()).toThrow("the disk is full");

  rmSync(join(disk, "ballast"));
  expect(store.append(readings(1))[0]?.cursor).toBe(1);
});

test("a disk that is read-only at the start is waited for", (context) => {
  const disk = smallDisk("2m");
  if (disk === undefined) return context.skip("this user may not mount a disk");
  const remount = (mode: string) => spawnSync("mount", ["-o", `remount,${mode}`, disk]).status;
  const before = openLastingStore({ file: join(disk, "history.db"), nowMs, onReplaced: () => {} });
  before.append(readings(5));
  before.close();
  expect(remount("ro")).toBe(0);
  const { store, moved } = lasting(join(disk, "history.db"));
  expect(() => store.append(readings(1))).toThrow("read-only");

  expect(remount("rw")).toBe(0);
  expect(store.append(readings(1))[0]?.cursor).toBe(6);
  expect(moved).toEqual([]);
});
