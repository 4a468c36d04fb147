import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderEntries } from "../../src/app/folder-entries.ts";

function emptyFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "heapscope-entries-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test("a folder is read only when its turn comes, so nobody pays for what is not asked for", () => {
  const dir = emptyFolder();
  mkdirSync(join(dir, "a"));
  mkdirSync(join(dir, "b"));
  const entries = folderEntries(dir);
  expect(entries.next().value).toMatchObject({ kind: "folder", name: "a" });
  writeFileSync(join(dir, "a", "later.py"), "x = 1");
  expect(entries.next().value).toMatchObject({ kind: "file", name: "a/later.py", sizeBytes: 5 });
  expect(entries.next().value).toMatchObject({ kind: "folder", name: "b" });
  expect(entries.next().done).toBe(true);
});

test("a link back to a folder above, or to nowhere, is left out", () => {
  const dir = emptyFolder();
  mkdirSync(join(dir, "a"));
  symlinkSync(dir, join(dir, "a", "back"));
  symlinkSync(join(dir, "nowhere"), join(dir, "gone"));
  expect([...folderEntries(dir)].filter(({ kind }) => kind === "file")).toEqual([]);
});

test("a folder that is not there is told", () => {
  expect(() => [...folderEntries("/nowhere/at/all")]).toThrow("there is no such file or folder");
});
