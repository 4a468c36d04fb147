import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { lendPort } from "../../src/app/daemon-client.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { type Daemon, startDaemon } from "../../src/app/serve.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type ByteClient, eventually, freePort, openByteClient } from "../support/byte-client.ts";
import { openSerialClient } from "../support/serial-client.ts";

const readIntervalSeconds = 0.3;

interface Bench {
  readonly daemon: Daemon;
  readonly board: EmulatedBoard;
  /** Of the TCP door. */
  readonly port: number;
  snapshot(): Promise<BoardSnapshot>;
  /** How many questions the board did not answer. One may well take longer than the short interval here. */
  failures(): Promise<number>;
  /** Waits until the board is in that state and was read since. */
  reads(kind?: string): Promise<void>;
}

/** A daemon with one real, emulated board that has a TCP door. */
async function bench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-console-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  const port = await freePort();
  const settings = {
    listen: "127.0.0.1:0",
    database: ":memory:",
    "sampling.readIntervalSeconds": readIntervalSeconds,
    boards: [{ port: board.url, name: "bench", consolePort: port }],
  };
  const flags = Object.entries(settings).map(([path, value]) => ({
    path: path.split("."),
    value,
    origin: path,
  }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
    env: { XDG_RUNTIME_DIR: folder },
  });
  onTestFinished(() => daemon.stop());
  const snapshot = async (): Promise<BoardSnapshot> => {
    const response = await fetch(`${daemon.url}/api/v1/boards/bench`);
    return JSON.parse(await response.text());
  };
  const failures = async (): Promise<number> => {
    const { missed, overlapped } = (await snapshot()).counts;
    return missed - overlapped;
  };
  const reads = async (kind = "ready"): Promise<void> => {
    const before = (await snapshot()).counts.readings;
    await eventually(async () => {
      const { counts, state } = await snapshot();
      return counts.readings > before ? state.kind : `${state.kind}, not read: ${state.message}`;
    }).toBe(kind);
  };
  await reads();
  return { daemon, board, port, snapshot, failures, reads };
}

const rawBanner = "raw REPL; CTRL-B to exit\r\n>";

/** What mpremote does to get to the raw prompt. */
async function enterRaw(client: ByteClient): Promise<void> {
  client.write("\r\x03");
  await client.ask("\r\x01", rawBanner);
}

/** What mpremote does with a program: raw-paste, within the window. */
async function runAsMpremote(client: ByteClient, program: string): Promise<string> {
  await client.ask("\x05A\x01", "R\x01");
  const header = await client.waitFor("\x01");
  const windowBytes = header.charCodeAt(0) + 256 * header.charCodeAt(1);
  expect(program.length).toBeLessThan(windowBytes);
  client.write(program);
  await client.ask("\x04", "\x04");
  return client.waitFor("\x04\x04>");
}

test("mpremote's conversation passes through the door, and readings go on when it leaves", async () => {
  const { port, snapshot, failures, reads } = await bench();
  for (let round = 0; round < 2; round++) {
    const client = await openByteClient(port);
    await enterRaw(client);
    expect((await snapshot()).state.kind).toBe("console");
    expect(await runAsMpremote(client, "print(6*7)")).toBe("42\r\n\x04\x04>");
    expect(await runAsMpremote(client, "x = '\xc3\xb6'; print(len(x), x)")).toContain("1 \xc3\xb6\r\n");
    // Its soft reset.
    await client.ask("\x04", "soft reboot\r\n");
    await client.waitFor(rawBanner);
    expect(await client.ask("\r\x02", ">>> ")).toContain("MicroPython v1.");
    // Longer than an interval: what is paused is not missed.
    await new Promise((resolve) => setTimeout(resolve, 2_000 * readIntervalSeconds));
    client.socket.end();
    await reads();
  }
  expect(await failures()).toBe(0);
  expect((await snapshot()).counts.restarts).toBe(0);
});

test("mpremote's way over RFC 2217 passes too", async () => {
  const { port, reads } = await bench();
  const client = await openByteClient(port);
  await client.ask("\xff\xfd\x2c\xff\xfb\x2c", "\xff\xfa\x2c\x6b\xb0\xff\xf0");
  expect(await client.ask("\xff\xfa\x2c\x05\x08\xff\xf0", "\xff\xf0")).toBe("\xff\xfa\x2c\x69\x08\xff\xf0");
  await enterRaw(client);
  expect(await runAsMpremote(client, "print(6*7)")).toBe("42\r\n\x04\x04>");
  client.socket.end();
  await reads();
});

test.each([
  ["in raw mode", "print(1", ""],
  ["in the middle of a program by raw-paste", "\x05A\x01", "print(1)\nprint("],
  ["with a statement half typed", "\x02", "for x in range(3):\r"],
  ["in paste mode", "\x02", "\x05print(1"],
])("a board left %s by its client is read again", async (_how, first, second) => {
  const { port, failures, reads } = await bench();
  const client = await openByteClient(port);
  await enterRaw(client);
  client.write(first);
  if (first !== "print(1") await client.waitFor(first === "\x02" ? ">>> " : "R\x01");
  client.write(second);
  client.socket.end();
  await reads();
  expect(await failures()).toBe(0);
});

test("a board left with a program that runs is busy, and read when that has ended", async () => {
  const { port, snapshot, reads } = await bench();
  const client = await openByteClient(port);
  await client.ask("\r", ">>> ");
  await client.ask("import time\r", ">>> ");
  await client.ask("for i in range(38): time.sleep(0.1)\r\r", "... \r\n");
  client.socket.end();
  await eventually(async () => (await snapshot()).state.kind).toBe("busy");
  await reads();
});

test("unplugging the board closes its console without a word; who comes then is told why", async () => {
  const { board, port, snapshot } = await bench();
  const client = await openByteClient(port);
  await client.ask("\r", ">>> ");
  await board.unplug();
  expect(await client.ended).toBe("");
  await eventually(async () => (await snapshot()).state.kind).toBe("disconnected");
  const late = await openByteClient(port);
  expect(await late.ended).toMatch(/^Board \S+ cannot be asked now: .*\r\n$/);
});

test("a board that prints without end, to a client that does not read, holds up nobody", async () => {
  const { daemon, port, snapshot, reads } = await bench();
  const client = await openByteClient(port);
  await client.ask("\r", ">>> ");
  await client.ask("import time; s = 'x' * 9000\r", ">>> ");
  client.socket.pause();
  client.write("while True: print(s) or time.sleep(0)\r\r");
  // The client is cut, and the program runs on.
  const kinds = async (): Promise<string> => {
    const startedMs = performance.now();
    const { state } = await snapshot();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    return state.kind;
  };
  await expect.poll(kinds, { timeout: 30_000 }).toBe("busy");
  expect((await fetch(`${daemon.url}/api/v1/health`)).status).toBe(200);
  const rescuer = await openByteClient(port);
  await rescuer.ask("\x03", "KeyboardInterrupt: \r\n>>> ");
  rescuer.socket.end();
  await reads();
}, 60_000);

test("release closes the console first; the port is another program's until attach", async () => {
  const { daemon, board, port, failures, reads } = await bench();
  const client = await openByteClient(port);
  await client.ask("\r", ">>> ");
  const released = await lendPort(daemon, "bench", "release");
  expect(released.state.kind).toBe("released");
  expect(await client.ended).toBe("");
  const other = await openSerialClient(board.path);
  expect(await other.ask("print(6*7)\r", "42")).toContain("42");
  const refused = await openByteClient(port);
  expect(await refused.ended).toContain('"attach" takes it back.');
  await other.close();
  await lendPort(daemon, "bench", "attach");
  await reads();
  expect(await failures()).toBe(0);
  // attach with a console open changes nothing.
  const again = await openByteClient(port);
  await again.ask("\r", ">>> ");
  expect((await lendPort(daemon, "bench", "attach")).state.kind).toBe("console");
  expect(await again.ask("print(6*7)\r", "42\r\n")).toContain("42");
});

test("a reading on demand is refused while the console is open", async () => {
  const { daemon, port } = await bench();
  const client = await openByteClient(port);
  await client.ask("\r", ">>> ");
  const response = await fetch(`${daemon.url}/api/v1/boards/bench/read`, { method: "POST" });
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("Its console is open");
});

test("stopping the daemon closes its clients, and leaves the board to others", async () => {
  const { daemon, board, port } = await bench();
  const client = await openByteClient(port);
  await client.ask("\r", ">>> ");
  const startedMs = performance.now();
  await daemon.stop();
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  await client.ended;
  await expect(openByteClient(port)).rejects.toThrow("ECONNREFUSED");
  const other = await openSerialClient(board.path);
  expect(await other.ask("print(6*7)\r", "42")).toContain("42");
  await other.close();
});

test("a console port that is in use is a clear error, and nothing stays behind", async () => {
  const { port } = await bench();
  const flags = Object.entries({
    listen: `127.0.0.1:${await freePort()}`,
    database: ":memory:",
    boards: [{ port: "/dev/heapscope-none", name: "other", consolePort: port }],
  }).map(([path, value]) => ({ path: [path], value, origin: path }));
  const start = (): Promise<Daemon> =>
    startDaemon(loadConfig({ file: null, env: {}, flags }), {
      clock: systemClock,
      log: pino({ level: "silent" }),
      standInWhenAlone: false,
      listAttached: async () => [],
      portsFingerprint: () => "",
    });
  // Twice: the API's own address is free again after the first.
  for (let count = 0; count < 2; count++) {
    await expect(start()).rejects.toMatchObject({ code: "console-port-failed", message: /board other/ });
  }
});
