import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { readTranscript } from "../support/transcript.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");

/** The built command as a user would start it; nothing of our environment but the path. */
function start(args: readonly string[]) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, err: () => err };
}

function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-record-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function boardForTest() {
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  return board;
}

/** A TCP port that takes connections and never says anything. */
async function silentPort(): Promise<string> {
  const server = createServer((socket) => socket.resume().on("error", () => {}));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `tcp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

test("read --record keeps the whole exchange, names its folder on stderr, and prints as without", async () => {
  const board = await boardForTest();
  const dir = folderForTest();
  const { code, out, err } = await start(["read", board.path, "--map", "--json", "--record", dir]).ended;
  const [name = "", ...more] = readdirSync(dir);
  expect({ code, more }).toEqual({ code: 0, more: [] });
  expect(err).toBe(`heapscope: what went over the wire is in ${join(dir, name)}\n`);
  expect(JSON.parse(out)).toMatchObject({ source: "repl", map: { verified: true } });

  const { header, steps, end } = readTranscript(join(dir, name, "wire.jsonl"));
  expect(header).toMatchObject({ port: `serial:${board.path}`, baudRate: 115200 });
  expect(steps[0]).toMatchObject({ from: "host", text: "\r\x01" });
  const said = steps.flatMap(({ from, text }) => (from === "board" ? [text] : [])).join("");
  expect(said).toContain("GC memory layout; from ");
  expect(end).toMatchObject({ end: "closed" });
});

test("read --record keeps what led to a failure", async () => {
  const dir = folderForTest();
  const { code, out, err } = await start(["read", await silentPort(), "--record", dir]).ended;
  expect({ code, out }).toEqual({ code: 1, out: "" });
  const [name = ""] = readdirSync(dir);
  expect(err).toContain(`what went over the wire is in ${join(dir, name)}\n`);
  expect(err).toContain("Nothing at tcp://");
  expect(readTranscript(join(dir, name, "wire.jsonl")).steps[0]?.text).toBe("\r\x01");
});

test("a folder that cannot be used ends both commands with code 2 before any board is touched", async () => {
  const file = join(folderForTest(), "file");
  writeFileSync(file, "");
  const commands = [["read"], ["serve", "--database", ":memory:", "--listen", "127.0.0.1:0", "--port"]];
  for (const command of commands) {
    const { code, err } = await start([...command, await silentPort(), "--record", file]).ended;
    expect({ code, err }).toEqual({
      code: 2,
      err: `heapscope: Nothing can be recorded in ${file}: it is no folder. Give --record a folder that can be written to.\n`,
    });
  }
});

test("serve --record survives kill -9 up to the last chunks", async () => {
  const board = await boardForTest();
  const dir = folderForTest();
  const args = ["--listen", "127.0.0.1:0", "--database", ":memory:", "--port", board.path, "--record", dir];
  const { child, ended } = start(["serve", ...args]);
  const file = (): string => join(dir, readdirSync(dir)[0] ?? "none", "wire.jsonl");
  // The map of the first reading, so that the recording is in its middle.
  await expect.poll(() => readFileSync(file(), "utf8"), { timeout: 10_000 }).toContain("GC memory layout");
  child.kill("SIGKILL");
  await ended;
  const { steps, end } = readTranscript(file());
  expect(steps.length).toBeGreaterThan(5);
  expect(end).toBeNull();
});
