import { closeSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPty, type Pty } from "../../src/emulator/pty.ts";
import { portPath, portPaths } from "../../src/transport/port-paths.ts";

function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-paths-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function ptyForTest(): Pty {
  const pty = openPty();
  onTestFinished(() => {
    closeSync(pty.keeperFd);
    closeSync(pty.masterFd);
  });
  return pty;
}

test("a link leads to its device, and a pseudo-terminal is known as one", () => {
  const folder = folderForTest();
  const pty = ptyForTest();
  const link = join(folder, "board");
  symlinkSync(pty.path, link);
  expect(portPath(link)).toEqual({ path: link, device: pty.path, isTerminal: true });
  expect(portPath("/dev/null")).toEqual({ path: "/dev/null", device: "/dev/null", isTerminal: false });
});

test("what is absent, leads nowhere or is no device is none", () => {
  const folder = folderForTest();
  writeFileSync(join(folder, "file"), "");
  symlinkSync("/nowhere", join(folder, "dangling"));
  for (const name of ["file", "dangling", "absent"]) expect(portPath(join(folder, name))).toBeNull();
});

test("wildcards stand for names in any part of a path, in the order of their numbers", () => {
  const folder = folderForTest();
  const pty = ptyForTest();
  for (const name of ["a/board-10", "a/board-2", "b/board-1", "b/other", "a/.board-0", "c"]) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    symlinkSync(pty.path, join(folder, name));
  }
  const found = (pattern: string): string[] =>
    portPaths(join(folder, pattern)).map(({ path }) => path.slice(folder.length));
  expect(found("a/board-*")).toEqual(["/a/board-2", "/a/board-10"]);
  expect(found("?/board-*")).toEqual(["/a/board-2", "/a/board-10", "/b/board-1"]);
  expect(found("a/.board-*")).toEqual(["/a/.board-0"]);
  expect(found("nowhere/*")).toEqual([]);
  expect(found("b/other")).toEqual(["/b/other"]);
});
