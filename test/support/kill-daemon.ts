import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { nodeSocket } from "../../src/app/node-socket.ts";
import { connectFeed } from "../../src/client/connect-feed.ts";
import type { EventMessage } from "../../src/client/feed-state.ts";
import { openStore } from "../../src/store/open-store.ts";
import { startFakeTcpBoard } from "./fake-tcp-board.ts";
import { bundleProgram, standBy } from "./standby-daemon.ts";

/** Longest time that a daemon lives after it is up, ms: enough for a few readings of both boards. */
const longestLifeMs = 500;

/**
 * A daemon killed so many times at random loses nothing: a client that follows by cursor has just what is stored. Real time and real
 * processes: what is tested is what the operating system leaves of a process that had no chance to do anything about its end.
 */
export async function killAtRandom(kills: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-kill-"));
  const boards = [await startFakeTcpBoard("a11ce"), await startFakeTcpBoard("b0b")];
  const database = join(folder, "history.db");
  const port = await freePort();
  const config = configFile(
    folder,
    database,
    port,
    boards.map(({ url }) => url),
  );
  const program = await bundleProgram(folder);
  const prepare = () => {
    const daemon = standBy(program, ["serve", "--config", config]);
    onTestFinished(() => void daemon.process.kill("SIGKILL"));
    return daemon;
  };
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

  let daemon = prepare();
  for (let kill = 0; kill < kills; kill++) {
    await daemon.run();
    const next = prepare();
    await sleep(Math.random() * longestLifeMs);
    daemon.process.kill("SIGKILL");
    await once(daemon.process, "exit");
    daemon = next;
  }
  await daemon.run();
  await expect.poll(() => feed.state.kind, { timeout: 20_000 }).toBe("live");
  const before = events.length;
  await expect.poll(() => events.length, { timeout: 20_000 }).toBeGreaterThan(before);
  // This time it may say goodbye, and the client hears what happens until then.
  daemon.process.kill("SIGTERM");
  await once(daemon.process, "exit");
  await expect.poll(() => feed.state.kind).not.toBe("live");

  const store = openStore({ file: database });
  onTestFinished(() => store.close());
  const stored = store
    .eventsAfter(0, { limit: 1_000_000 })
    .map(({ type, cursor, data }) => ({ type, cursor, data }));
  expect(events).toEqual(stored);
  expect(events.map(({ cursor }) => cursor)).toEqual(stored.map((_, index) => index + 1));
  expect(stored.filter(({ type }) => type === "reading").length).toBeGreaterThan(2 * kills);
  expect(feed.counts).toMatchObject({ dropped: 0, coalesced: 0, gaps: 0 });
  // One that nobody ever reached would prove nothing.
  expect(feed.counts.connections).toBeGreaterThan(kills / 2);
}

/** Always the same history and the same port. */
function configFile(folder: string, database: string, port: number, boards: readonly string[]): string {
  const config = join(folder, "config.yaml");
  const sampling = {
    readIntervalSeconds: 0.1,
    collectIntervalSeconds: 0.5,
    mapIntervalSeconds: 1,
    mapSharePercent: 50,
  };
  const settings = {
    listen: `127.0.0.1:${port}`,
    database,
    autoAttach: false,
    log: { level: "error" },
    sampling,
    boards: boards.map((url, index) => ({ port: url, name: `board-${index + 1}` })),
  };
  writeFileSync(config, JSON.stringify(settings));
  return config;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
