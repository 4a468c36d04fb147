import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { nodeSocket } from "../../src/app/node-socket.ts";
import { connectFeed } from "../../src/client/connect-feed.ts";
import type { EventMessage } from "../../src/client/feed-state.ts";
import { openStore } from "../../src/store/open-store.ts";
import { startFakeTcpBoard } from "../support/fake-tcp-board.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const kills = 50;
/** Longest time that a daemon lives after it is up, ms: enough for a few readings of both boards. */
const longestLifeMs = 250;

/**
 * Real time and real processes: what is tested is what the operating system leaves of a process that had no chance to do
 * anything about its end.
 */
test("a daemon killed 50 times at random loses nothing: a client that follows by cursor has just what is stored", {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-kill-"));
  const boards = [await startFakeTcpBoard("a11ce"), await startFakeTcpBoard("b0b")];
  const database = join(folder, "history.db");
  const port = await freePort();
  const start = daemonStarter(
    folder,
    database,
    port,
    boards.map(({ url }) => url),
  );
  const events: EventMessage[] = [];
  const feed = connectFeed(
    {
      url: `http://127.0.0.1:${port}`,
      webSocket: nodeSocket(undefined),
      after: 0,
      retry: { firstMs: 20, lastMs: 40 },
    },
    { onEvent: (event) => events.push(event) },
  );
  onTestFinished(() => {
    feed.close();
    for (const board of boards) board.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (let kill = 0; kill < kills; kill++) {
    const daemon = await start();
    await sleep(Math.random() * longestLifeMs);
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
  }
  const last = await start();
  await expect.poll(() => feed.state.kind, { timeout: 20_000 }).toBe("live");
  const before = events.length;
  await expect.poll(() => events.length, { timeout: 20_000 }).toBeGreaterThan(before);
  // This time it may say goodbye, and the client hears what happens until then.
  last.kill("SIGTERM");
  await once(last, "exit");
  await expect.poll(() => feed.state.kind).not.toBe("live");

  const store = openStore({ file: database });
  onTestFinished(() => store.close());
  const stored = store
    .eventsAfter(0, { limit: 1_000_000 })
    .map(({ type, cursor, data }) => ({ type, cursor, data }));
  expect(events).toEqual(stored);
  expect(events.map(({ cursor }) => cursor)).toEqual(stored.map((_, index) => index + 1));
  expect(stored.filter(({ type }) => type === "reading").length).toBeGreaterThan(kills);
  expect(feed.counts).toMatchObject({ dropped: 0, coalesced: 0, gaps: 0 });
  // One that nobody ever reached would prove nothing.
  expect(feed.counts.connections).toBeGreaterThan(kills / 2);
});

/** Starts a daemon over the same history and at the same port each time; resolves when it is up. */
function daemonStarter(folder: string, database: string, port: number, boards: readonly string[]) {
  const config = join(folder, "config.yaml");
  const settings = {
    listen: `127.0.0.1:${port}`,
    database,
    autoAttach: false,
    log: { level: "error" },
    sampling: {
      readIntervalSeconds: 0.1,
      collectIntervalSeconds: 0.5,
      mapIntervalSeconds: 1,
      mapSharePercent: 50,
    },
    boards: boards.map((url, index) => ({ port: url, name: `board-${index + 1}` })),
  };
  writeFileSync(config, JSON.stringify(settings));
  return async (): Promise<ChildProcess> => {
    const daemon = spawn(process.execPath, [main, "serve", "--config", config], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env["PATH"] },
    });
    onTestFinished(() => void daemon.kill("SIGKILL"));
    const up = new Promise<void>((resolve, reject) => {
      let text = "";
      daemon.stdout.on("data", (chunk) => {
        text += String(chunk);
        if (text.includes(" is up on ")) resolve();
      });
      daemon.once("exit", () => reject(new Error(`the daemon ended before it was up: ${text}`)));
    });
    await up;
    return daemon;
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
