import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../src/shared/make-folder.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-folder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("makes a folder and what is missing above it, twice without harm", () => {
  const folder = join(temporaryFolder(), "one", "two", "three");
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("a place where no folder can be made is an error, not an endless attempt", () => {
  expect(() => makeFolder("/proc/nowhere/one/two")).toThrow("ENOENT");
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(() => makeFolder(join(file, "one"))).toThrow("ENOTDIR");
});
