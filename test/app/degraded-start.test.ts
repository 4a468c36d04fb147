import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "../store/temp-folder.ts";
import { garble, oldEvents, oldHistory } from "../support/old-history.ts";
import { smallDisk } from "../support/small-disk.ts";
import { watchedDaemon } from "../support/watched-daemon.ts";

const isWell = { timeout: 20_000, interval: 50 };

describe("a history that was damaged while heapscope was away is moved aside, and a new one begun", () => {
  test.each([
    ["its header is garbled", (file: string) => garble(file, 0, 0.01)],
    ["it was cut in half", (file: string) => truncateSync(file, readFileSync(file).length / 2)],
    ["nothing but its header is left", (file: string) => garble(file, 0.02, 1)],
  ])("%s", async (_, damage) => {
    const file = oldHistory();
    damage(file);
    const damaged = readFileSync(file);
    const { get, follow, storeLines } = await watchedDaemon(file);
    const { events } = follow();
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(3), isWell);
    // Above every cursor that a client may still hold.
    expect(events[0]?.cursor).toBeGreaterThan(oldEvents);

    const [line, ...more] = storeLines();
    expect([line, more]).toMatchObject([{ level: 50, code: "history-damaged" }, []]);
    const { status, body } = await get("/api/v1/health");
    expect([status, body]).toMatchObject([200, { status: "ok", lastError: { message: line?.msg } }]);
    const aside = readdirSync(join(file, "..")).find((name) => name.includes("damaged"));
    expect(line?.msg).toContain(`It is now ${join(file, "..", aside ?? "?")}`);
    expect(readFileSync(join(file, "..", aside ?? "?"))).toEqual(damaged);
  });

  test("a page in its middle is garbled, which shows when it is read", async () => {
    const file = oldHistory();
    garble(file, 0.6, 0.9);
    const { get, storeLines } = await watchedDaemon(file);
    const old = await get("/api/v1/boards/old/readings?limit=10000");
    expect(old).toMatchObject({ status: 500, body: { detail: expect.stringContaining("damaged") } });
    await vi.waitFor(async () => {
      expect(await get("/api/v1/health")).toMatchObject({
        status: 200,
        body: { lastError: { code: "history-damaged" } },
      });
      const { body } = await get("/api/v1/boards/alice/readings?limit=5");
      expect(body).toHaveLength(5);
    }, isWell);
    expect(storeLines()).toHaveLength(1);
  });

  test("it has zero bytes", async () => {
    const file = oldHistory();
    writeFileSync(file, "");
    const { get, storeLines } = await watchedDaemon(file);
    expect((await get("/api/v1/health")).body).toMatchObject({ lastError: { code: "history-empty" } });
    expect(storeLines()).toMatchObject([{ level: 50, msg: expect.stringContaining("was empty") }]);
  });
});

test("a garbled write-ahead log costs what it holds, and nothing else", async () => {
  const file = oldHistory();
  writeFileSync(`${file}-wal`, Buffer.alloc(50_000, 0x5a));
  const { get, storeLines } = await watchedDaemon(file);
  expect((await get("/api/v1/boards/old/readings?limit=10000")).body).toHaveLength(oldEvents);
  expect((await get("/api/v1/health")).status).toBe(200);
  expect(storeLines()).toEqual([]);
});

test.each([
  [
    "a text file",
    (file: string) => writeFileSync(file, "Somebody's notes.\n".repeat(500)),
    "no history at all",
  ],
  ["a folder", (file: string) => void mkdirSync(file), "it is a folder"],
  [
    "another program's database",
    (file: string) => void new Database(file).exec("CREATE TABLE t (a)").close(),
    "database of another program",
  ],
])("%s in its place ends the start with a sentence, and is left as it was", async (_, make, words) => {
  const folder = temporaryFolder();
  const file = join(folder, "history.db");
  make(file);
  const failure = await watchedDaemon(file).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "store-failed",
    exitCode: 1,
    message: expect.stringContaining(words),
  });
  expect(readdirSync(folder)).toEqual(["history.db"]);
});

/** A start on a disk that fails: everything live works, and when it is mended what waited is stored in order. */
async function startsDegraded(file: string, words: string, mend: () => void): Promise<void> {
  const { get, follow, log, storeLines, daemon } = await watchedDaemon(file);
  const health = await get("/api/v1/health");
  expect(health).toMatchObject({
    status: 503,
    body: { status: "degraded", store: { cursor: null }, lastError: { code: "store-failed" } },
  });
  expect(health.body.lastError.message).toContain(words);
  await vi.waitFor(async () => {
    const [board] = (await get("/api/v1/boards")).body;
    expect(board).toMatchObject({ name: "alice", counts: { readings: expect.any(Number) } });
    expect(board.counts.readings).toBeGreaterThan(3);
  }, isWell);
  // It asks for what only the history has: it is told so, and comes back until it gets it.
  const { feed, events } = follow();
  await vi.waitFor(() => expect(feed.state).toMatchObject({ kind: "waiting" }), isWell);
  expect(feed.state).toMatchObject({ reason: expect.stringContaining(words) });
  expect((await fetch(`${daemon.url}/metrics`)).status).toBe(200);

  mend();
  await vi.waitFor(async () => expect((await get("/api/v1/health")).status).toBe(200), {
    ...isWell,
    timeout: 30_000,
  });
  await vi.waitFor(() => {
    expect(feed.state.kind).toBe("live");
    const fresh = events.filter(({ data }) => !("boardId" in data) || data.boardId !== "old");
    expect(fresh.length).toBeGreaterThan(3);
  }, isWell);
  expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, index) => index + 1));
  expect(feed.counts).toMatchObject({ dropped: 0, gaps: 0 });
  expect(storeLines().map(({ level }) => level)).toEqual([50, 30]);
  expect(log.filter(({ level }) => level >= 40).map(({ part }) => part)).toEqual(["alerts", "history"]);
}

describe("a disk that fails at the start is waited for", { timeout: 60_000 }, () => {
  test("a full disk, with a history or without one", async (context) => {
    for (const hasHistory of [false, true]) {
      const disk = smallDisk("8m");
      if (disk === undefined) return context.skip("this user may not mount a disk");
      const file = join(disk.folder, "history.db");
      if (hasHistory) oldHistory(disk.folder);
      disk.fill();
      await startsDegraded(file, "the disk is full", disk.clear);
    }
  });

  test("a disk that is read-only", async (context) => {
    const disk = smallDisk("8m");
    if (disk === undefined) return context.skip("this user may not mount a disk");
    const file = oldHistory(disk.folder);
    disk.remount("ro");
    await startsDegraded(file, "read-only", () => disk.remount("rw"));
  });

  test("a file that another program has locked", async () => {
    const file = oldHistory();
    const other = new Database(file);
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("CREATE TABLE visitor (a)");
    await startsDegraded(file, "another program has locked it", () => void other.close());
  });
});
