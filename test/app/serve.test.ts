import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { lendPort } from "../../src/app/daemon-client.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { type Daemon, startDaemon } from "../../src/app/serve.ts";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openStore } from "../../src/store/open-store.ts";
import { openSerialClient } from "../support/serial-client.ts";

const daemons: Daemon[] = [];

afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.stop();
});

async function serve(
  settings: Readonly<Record<string, unknown>> = {},
  standInWhenAlone = true,
): Promise<Daemon> {
  const flags = Object.entries({ listen: "127.0.0.1:0", database: ":memory:", ...settings }).map(
    ([path, value]) => ({
      path: path.split("."),
      value,
      origin: `--${path}`,
    }),
  );
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone,
    listAttached: async () => [],
    portsFingerprint: () => "",
  });
  daemons.push(daemon);
  return daemon;
}

/** Process ids, by `pgrep`, which Linux and macOS have; its own is gone by then. */
function childProcesses(): number[] {
  return spawnSync("pgrep", ["-P", String(process.pid), "node"], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

/** Status and parsed body; JSON.parse gives `any`, and the expectations check what is in it. */
async function json(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** Feed messages until one satisfies `last`. */
async function feed(
  daemon: Daemon,
  last: (message: { type: string }) => boolean,
): Promise<{ type: string }[]> {
  const socket = new WebSocket(`${daemon.url.replace("http", "ws")}/api/v1/feed`);
  const messages: { type: string }[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data) => {
        const message = JSON.parse(String(data));
        messages.push(message);
        if (message.type === "hello") socket.send(JSON.stringify({ type: "subscribe", boards: ["*"] }));
        if (last(message)) resolve();
      });
    });
  } finally {
    socket.terminate();
  }
  return messages;
}

describe("with one emulated board", () => {
  test("a real heap arrives at REST and feed", async () => {
    const daemon = await serve({ "sampling.readIntervalSeconds": 0.2 });
    expect(daemon).toMatchObject({ standIn: true, ports: [] });

    const messages = await feed(daemon, (message) => message.type === "reading");
    expect(messages.slice(0, 2).map((message) => message.type)).toEqual(["hello", "snapshot"]);

    const boards = await json(`${daemon.url}/api/v1/boards`);
    expect(boards.body).toMatchObject([{ name: "emulated-1", emulated: true, state: { kind: "ready" } }]);
    const board = `${daemon.url}/api/v1/boards/${boards.body[0].id}`;

    const readings = await json(`${board}/readings?limit=5`);
    expect(readings.body[0]).toMatchObject({
      source: "repl",
      boardId: boards.body[0].id,
      heap: { totalBytes: 64000 },
    });
    const map = await json(`${board}/maps/latest`);
    expect(map.body.reading.map.verified).toBe(true);
    const text = await fetch(`${board}/maps/latest`, { headers: { accept: "text/plain" } });
    expect(await text.text()).toContain("GC memory layout; from ");
  });

  test("a collection now reports what it reclaimed and its pause", async () => {
    const daemon = await serve();
    await feed(daemon, (message) => message.type === "reading");
    const board = `${daemon.url}/api/v1/boards/emulated-1`;
    // This port collects by itself every 16 KB: of three times it is at most once just before us.
    const bodies = [];
    for (let time = 0; time < 3; time++) {
      for (let count = 0; count < 4; count++) await json(`${board}/read`, { method: "POST" });
      bodies.push((await json(`${board}/collect`, { method: "POST" })).body);
    }
    expect(Math.max(...bodies.map(({ reclaimedBytes }) => reclaimedBytes))).toBeGreaterThan(0);
    for (const { pauseMs } of bodies) expect(pauseMs).toBeGreaterThan(0);
    const collections = await json(`${board}/collections`);
    expect(collections.body).toEqual(bodies);
  });
});

test("an emulated board whose process is killed stays listed as disconnected, with the reason", async () => {
  const before = new Set(childProcesses());
  const daemon = await serve();
  const [pid = 0] = childProcesses().filter((child) => !before.has(child));
  await feed(daemon, (message) => message.type === "reading");
  const told = feed(daemon, (message) => JSON.stringify(message).includes("killed by SIGKILL"));
  process.kill(pid, "SIGKILL");
  await told;
  const { body } = await json(`${daemon.url}/api/v1/boards`);
  expect(body).toMatchObject([
    {
      name: "emulated-1",
      state: { kind: "disconnected", message: expect.stringContaining("Its process ended") },
    },
  ]);
});

test("stopping leaves a board at its friendly prompt and its port free", async () => {
  const board = await startEmulatedBoard({ app: null });
  try {
    const daemon = await serve({ boards: [{ port: board.url }], "sampling.readIntervalSeconds": 0.2 }, false);
    await feed(daemon, (message) => message.type === "reading");
    await daemon.stop();
    await daemon.stop();
    const client = await openSerialClient(board.path);
    client.write("\r");
    await client.waitFor(">>> ");
    await client.close();
  } finally {
    await board.stop();
  }
});

test("a released port works for another program, and attach resumes readings", async () => {
  const daemon = await serve();
  await feed(daemon, (message) => message.type === "reading");
  const released = await lendPort(daemon, "emulated-1", "release");
  expect(released.state.kind).toBe("released");
  const client = await openSerialClient(released.port.replace("serial:", ""));
  expect(await client.ask("print(6*7)\r", "42")).toContain("42");
  await client.close();
  const back = feed(daemon, (message) => message.type === "reading");
  await lendPort(daemon, "emulated-1", "attach");
  await back;
  await expect(lendPort(daemon, "nobody", "release")).rejects.toThrow('There is no board "nobody"');
  await expect(lendPort({ url: "http://127.0.0.1:9" }, "x", "release")).rejects.toMatchObject({
    code: "daemon-absent",
  });
});

test("an address in use is a clear error before any board is touched, and nothing stays behind", async () => {
  const first = await serve();
  const file = join(mkdtempSync(join(tmpdir(), "heapscope-serve-")), "history.db");
  const settings = { database: file, boards: [{ port: first.emulatedPorts[0] }] };
  await expect(serve({ ...settings, listen: new URL(first.url).host })).rejects.toMatchObject({
    code: "address-in-use",
  });
  const store = openStore({ file });
  expect(store.latestCursor()).toBe(0);
  store.close();
  rmSync(dirname(file), { recursive: true });
});

test("a port that is not there is a board that is disconnected, in plain words", async () => {
  const daemon = await serve({ boards: [{ port: "/dev/heapscope-none", name: "absent" }] }, false);
  const messages = await feed(daemon, (message) => JSON.stringify(message).includes("disconnected"));
  expect(JSON.stringify(messages)).toContain("There is no port serial:/dev/heapscope-none");
  const { status, body } = await json(`${daemon.url}/api/v1/boards/absent/read`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: "board-not-ready", detail: expect.stringContaining("no port") });
});
