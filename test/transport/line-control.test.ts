import { execFileSync } from "node:child_process";
import { closeSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openPty } from "../../src/emulator/pty.ts";
import { readLines, setDropAtClose, setLines } from "../../src/transport/line-control.ts";

function ptyForTest() {
  const pty = openPty();
  onTestFinished(() => {
    closeSync(pty.keeperFd);
    closeSync(pty.masterFd);
  });
  return pty;
}

/** As stty, a program of its own, sees the flag. */
function hupcl(path: string): string | undefined {
  const flag = process.platform === "darwin" ? "-f" : "-F";
  return /-?hupcl/.exec(execFileSync("stty", [flag, path, "-a"], { encoding: "utf8" }))?.[0];
}

test("a pseudo-terminal has no modem lines, and saying so is all that happens", () => {
  const { keeperFd } = ptyForTest();
  expect(readLines(keeperFd)).toBeNull();
  expect(setLines(keeperFd, { dtr: true, rts: true })).toBe(false);
});

test("the flag that drops the lines at the last close is set and cleared", () => {
  const { keeperFd, path } = ptyForTest();
  expect(setDropAtClose(keeperFd, true)).toBe(true);
  expect(hupcl(path)).toBe("hupcl");
  expect(setDropAtClose(keeperFd, false)).toBe(true);
  expect(hupcl(path)).toBe("-hupcl");
});

test("a descriptor that is none is told as such", () => {
  expect(setDropAtClose(-1, true)).toBe(false);
  expect(readLines(-1)).toBeNull();
});
