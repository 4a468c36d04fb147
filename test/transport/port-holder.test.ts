import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { portHolder } from "../../src/transport/port-holder.ts";

const onLinux = test.skipIf(process.platform !== "linux");

async function boardForTest() {
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  return board;
}

/** A program that has `path` open and locked, as mpremote has. */
async function holderForTest(path: string): Promise<number> {
  const child = spawn("flock", ["--no-fork", path, "sh", "-c", "echo held; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

onLinux("the program that has a port is named; the emulated board behind it is not", async () => {
  const board = await boardForTest();
  expect(await portHolder(board.path)).toBeNull();
  const pid = await holderForTest(board.path);
  expect(await portHolder(board.path)).toBe(`sleep (process ${pid})`);
});

onLinux("opening a port that another program has says which", async () => {
  const board = await boardForTest();
  const pid = await holderForTest(board.path);
  await expect(openPort(board.url)).rejects.toMatchObject({
    code: "port-busy",
    message: expect.stringMatching(new RegExp(`held by another program: .*\\(process ${pid}\\)`)),
  });
});

/** A /proc with one process. */
function procWith(cmdline: readonly string[], comm: string, files: readonly string[]): string {
  const proc = mkdtempSync(join(tmpdir(), "heapscope-proc-"));
  onTestFinished(() => rmSync(proc, { recursive: true, force: true }));
  mkdirSync(join(proc, "4242/fd"), { recursive: true });
  mkdirSync(join(proc, "self"));
  writeFileSync(join(proc, "4242/cmdline"), cmdline.map((word) => `${word}\0`).join(""));
  writeFileSync(join(proc, "4242/comm"), `${comm}\n`);
  for (const [index, file] of files.entries()) symlinkSync(file, join(proc, "4242/fd", String(index)));
  return proc;
}

test.each([
  [["/usr/bin/python3", "/usr/bin/mpremote", "repl"], "mpremote", "mpremote"],
  [["python3.12", "-m", "thonny"], "python3", "thonny"],
  [["python3", "-c", "import serial"], "python3", "python3"],
  [["/usr/bin/node", "/usr/local/bin/heapscope", "serve"], "node", "heapscope"],
  [["node", "dist/cli/main.js", "serve"], "node", "cli/main.js"],
  [["picocom", "/dev/null"], "picocom", "picocom"],
  [[], "kworker", "kworker"],
])("%j is known as %s → %s", async (cmdline, comm, name) => {
  expect(await portHolder("/dev/null", procWith(cmdline, comm, ["/dev/null"]))).toBe(
    `${name} (process 4242)`,
  );
});

test("who has other files open, a path that is not there, and a system without /proc give none", async () => {
  expect(await portHolder("/dev/null", procWith(["x"], "x", ["/dev/zero"]))).toBeNull();
  expect(await portHolder("/dev/heapscope-none")).toBeNull();
  expect(await portHolder("/dev/null", "/nowhere")).toBeNull();
});
