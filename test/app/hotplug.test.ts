import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/app/load-config.ts";
import { startDaemon } from "../../src/app/serve.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { type EmulatedBoardOptions, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";

/** What the issue promises: a board that is there again is read within so long, ms. */
const BACK_WITHIN_MS = 2_000;

function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-hotplug-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function boardForTest(options: EmulatedBoardOptions) {
  const board = await startEmulatedBoard({ app: null, ...options });
  onTestFinished(() => board.stop());
  return board;
}

/** A daemon with these entries of `boards`, and what it says of its boards. */
async function serve(boards: readonly object[]) {
  const lines: string[] = [];
  const settings = { listen: "127.0.0.1:0", database: ":memory:", boards };
  const flags = Object.entries(settings).map(([key, value]) => ({ path: [key], value, origin: "test" }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ base: null, level: "warn" }, { write: (line) => void lines.push(JSON.parse(line).msg) }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
  });
  onTestFinished(() => daemon.stop());
  const list = async (): Promise<BoardSnapshot[]> =>
    (await (await fetch(`${daemon.url}/api/v1/boards`)).json()) as BoardSnapshot[];
  /** Waits until the board at `port` has been read more often than `readings`; returns it. */
  const readMore = async (port: string, readings: number, timeoutMs: number): Promise<BoardSnapshot> => {
    let found: BoardSnapshot | undefined;
    await expect
      .poll(
        async () => {
          found = (await list()).find((board) => board.port === `serial:${port}`);
          return found?.state.kind === "ready" ? found.counts.readings : 0;
        },
        { timeout: timeoutMs, interval: 20 },
      )
      .toBeGreaterThan(readings);
    if (!found) throw new Error("no board");
    return found;
  };
  return { list, readMore, lines };
}

test("a board behind a link is read soon after it is plugged in for the first time, and again", async () => {
  const link = join(folderForTest(), "board");
  const { readMore, list } = await serve([{ port: link, name: "bench" }]);
  expect(await list()).toMatchObject([{ name: "bench", counts: { readings: 0 } }]);
  const board = await boardForTest({ linkPath: link });
  const { counts } = await readMore(link, 0, BACK_WITHIN_MS);
  await board.unplug();
  await expect.poll(async () => (await list())[0]?.state.kind).toBe("disconnected");
  await board.replug();
  await readMore(link, counts.readings, BACK_WITHIN_MS);
});

test("a wildcard's boards are watched when they come, and one keeps its identity under another path", async () => {
  const folder = folderForTest();
  const { readMore, list, lines } = await serve([{ port: join(folder, "board-*"), name: "bench" }]);
  expect(await list()).toEqual([]);
  const board = await boardForTest({ name: "one", linkPath: join(folder, "board-1") });
  const first = await readMore(join(folder, "board-1"), 0, BACK_WITHIN_MS);
  expect(first).toMatchObject({ id: board.uniqueId, name: "bench" });
  await board.stop();
  await expect.poll(async () => (await list())[0]?.state.kind).toBe("disconnected");
  await boardForTest({ name: "one", linkPath: join(folder, "board-7") });
  const moved = await readMore(join(folder, "board-7"), 0, BACK_WITHIN_MS);
  expect(moved).toMatchObject({ id: board.uniqueId, name: "bench" });
  expect(await list()).toHaveLength(1);

  await boardForTest({ name: "two", linkPath: join(folder, "board-2") });
  const second = await readMore(join(folder, "board-2"), 0, BACK_WITHIN_MS);
  expect(second.name).toBe(second.id);
  expect(lines.at(-1)).toContain('which keeps it: "bench"');
});

test("a device that two entries name is watched once, by the first, and the log says so", async () => {
  const link = join(folderForTest(), "board");
  const board = await boardForTest({});
  symlinkSync(board.path, link);
  const { readMore, list, lines } = await serve([{ port: link, name: "bench" }, { port: board.path }]);
  await readMore(link, 0, BACK_WITHIN_MS);
  expect(await list()).toHaveLength(1);
  expect(lines).toContain(`boards[1] is the same device as boards[0]: ${board.path}. It is left out.`);
});
