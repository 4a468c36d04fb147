import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { EventMessage } from "../../src/client/feed-state.ts";
import { openStore } from "../../src/store/open-store.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { garble, oldEvents, oldHistory } from "../support/old-history.ts";
import { smallDisk } from "../support/small-disk.ts";
import { watchedDaemon } from "../support/watched-daemon.ts";
import { Receiver } from "./webhooks/receiver.ts";

const soon = { timeout: 20_000, interval: 50 };

/** What the history holds, as the feed would send it. */
function storedEvents(file: string): readonly Pick<EventMessage, "type" | "cursor" | "data">[] {
  const store = openStore({ file });
  const stored = store.eventsAfter(0, { limit: 1_000_000 });
  store.close();
  return stored.map(({ type, cursor, data }) => ({ type, cursor, data }) as EventMessage);
}

describe("a disk that becomes full while heapscope runs", { timeout: 60_000 }, () => {
  test("costs nothing: all goes on live, is stored in order when there is space, and no client misses or doubles", async (context) => {
    const disk = smallDisk("8m");
    if (disk === undefined) return context.skip("this user may not mount a disk");
    const file = join(disk.folder, "history.db");
    const receiver = await Receiver.start();
    const { get, follow, daemon, log, storeLines } = await watchedDaemon(file, {
      alerts: {
        defaults: false,
        rules: [{ name: "some", when: "utilization > 1 % for 20 readings" }],
        webhooks: [{ url: receiver.url }],
      },
    });
    const { feed, events, unstored } = follow();
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(3), soon);

    disk.fill();
    await vi.waitFor(() => expect(unstored.length).toBeGreaterThan(3), soon);
    const health = await get("/api/v1/health");
    expect(health).toMatchObject({
      status: 503,
      body: {
        status: "degraded",
        store: { cursor: feed.cursor, dropped: 0 },
        lastError: {
          code: "store-failed",
          message: expect.stringContaining("the disk is full. It goes on by itself"),
        },
      },
    });
    expect(health.body.store.waiting).toBeGreaterThan(3);
    const [board] = (await get("/api/v1/boards")).body;
    expect(board.lastReading.id).toBeNull();
    // History can still be read.
    expect((await get("/api/v1/boards/alice/readings")).body.length).toBeLessThan(board.counts.readings);
    const metrics = await (await fetch(`${daemon.url}/metrics`)).text();
    expect(metrics).toMatch(/^heapscope_store_up 0$/m);
    expect(metrics).toMatch(/^heapscope_store_waiting_events [1-9]/m);
    const counted = /^heapscope_readings_total\{.*\} (\d+)$/m.exec(metrics);
    expect(Number(counted?.[1])).toBeGreaterThan(events.filter(({ type }) => type === "reading").length);
    // Alerts fire, and are told of, without an id.
    const [told] = await receiver.until(1);
    expect(told?.body).toMatchObject({
      boardName: "alice",
      data: { rule: "some", state: "firing", id: null },
    });
    expect((await get("/api/v1/alerts")).body).toMatchObject([{ rule: "some" }]);
    // An action is done, and its audit waits too.
    await vi.waitFor(async () => {
      // A slow machine may find the board in the middle of a periodic reading: 409, try again.
      const act = await fetch(`${daemon.url}/api/v1/boards/alice/read`, { method: "POST" });
      expect(act.status).toBe(200);
    }, soon);
    // Another client may begin, and one that resumes gets what is stored.
    const second = follow();
    await vi.waitFor(() => expect(second.feed.state.kind).toBe("live"), soon);
    expect(second.events).toEqual(events);

    disk.clear();
    await vi.waitFor(async () => expect((await get("/api/v1/health")).status).toBe(200), {
      ...soon,
      timeout: 30_000,
    });
    const count = events.length;
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(count + 3), soon);
    expect((await get("/api/v1/audit")).body.at(-1)).toMatchObject({
      action: "read",
      board: "alice",
      status: 200,
    });
    expect((await get("/api/v1/health")).body).toMatchObject({
      lastError: null,
      store: { waiting: 0, dropped: 0 },
    });
    await daemon.stop();

    const stored = storedEvents(file);
    expect(events).toEqual(stored);
    expect(second.events).toEqual(stored);
    expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, index) => index + 1));
    expect(stored.filter(({ type }) => type === "alert")).toHaveLength(1);
    const times = stored.map(({ data }) => ("at" in data ? data.at : ""));
    const readings = times.filter((_, index) => stored[index]?.type === "reading");
    expect(readings).toEqual([...readings].sort());
    expect(feed.counts).toMatchObject({ dropped: 0, gaps: 0, connections: 1 });
    expect(storeLines().map(({ level }) => level)).toEqual([50, 30]);
    expect(log.filter(({ level, part }) => level >= 40 && part !== "alerts")).toHaveLength(1);
  });

  test("does not hold up the stop, which says how much is lost", async (context) => {
    const disk = smallDisk("8m");
    if (disk === undefined) return context.skip("this user may not mount a disk");
    const { get, daemon, storeLines } = await watchedDaemon(join(disk.folder, "history.db"));
    await vi.waitFor(
      async () => expect((await get("/api/v1/health")).body.store.cursor).toBeGreaterThan(3),
      soon,
    );
    disk.fill();
    await vi.waitFor(
      async () => expect((await get("/api/v1/health")).body.store.waiting).toBeGreaterThan(3),
      soon,
    );
    const startedMs = performance.now();
    await daemon.stop();
    expect(performance.now() - startedMs).toBeLessThan(5000);
    const last = storeLines().at(-1);
    expect(last?.msg).toBe(
      `${last?.lost} events are lost: the history could not take them until heapscope stopped.`,
    );
    expect(last?.lost).toBeGreaterThan(3);
  });
});

describe("a file that goes wrong while heapscope runs is replaced, and cursors go on", () => {
  test.each([
    ["removed", "history-removed", (file: string) => rmSync(file)],
    [
      "overwritten by a text",
      "history-removed",
      (file: string) => {
        rmSync(file);
        writeFileSync(file, "Somebody's notes.\n".repeat(1000));
      },
    ],
  ])("%s", async (kind, code, spoil) => {
    const folder = temporaryFolder();
    const file = join(folder, "history.db");
    const { get, follow, daemon, log } = await watchedDaemon(file);
    const { feed, events } = follow();
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(10), soon);
    spoil(file);
    await vi.waitFor(() => expect(log.some((line) => line.code === code)).toBe(true), soon);
    const before = events.length;
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(before + 3), soon);

    expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, index) => index + 1));
    expect(feed.counts).toMatchObject({ connections: 1, dropped: 0, gaps: 0 });
    const health = await get("/api/v1/health");
    const last = log.findLast((line) => line.part === "history" && line.level === 50);
    expect(health).toMatchObject({ status: 200, body: { status: "ok", lastError: { message: last?.msg } } });
    const aside = readdirSync(folder).filter((name) => /damaged-[\d-]+$/.test(name));
    expect(aside).toHaveLength(kind === "removed" ? 0 : 1);
    if (aside[0]) expect(health.body.lastError.message).toContain(`It is now ${join(folder, aside[0])}`);
    if (kind.includes("text")) expect(readFileSync(join(folder, aside[0] ?? ""), "utf8")).toContain("notes");
    await daemon.stop();
    // What the new one holds, a client had from the feed.
    const stored = storedEvents(file);
    expect(events.slice(-stored.length)).toEqual(stored);
  });
});

test("a file that is garbled while heapscope runs is moved aside once somebody has read there", async () => {
  const file = oldHistory();
  const { get, follow, storeLines } = await watchedDaemon(file);
  const { feed, events } = follow(oldEvents);
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(3), soon);
  garble(file, 0.6, 0.9);
  const old = await get("/api/v1/boards/old/readings?limit=10000");
  expect(old).toMatchObject({ status: 500, body: { detail: expect.stringContaining("damaged") } });
  const before = events.length;
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(before + 3), soon);

  expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, index) => oldEvents + 1 + index));
  expect(feed.counts).toMatchObject({ connections: 1, dropped: 0, gaps: 0 });
  const [line, ...more] = storeLines();
  expect([line?.code, more]).toEqual(["history-damaged", []]);
  expect((await get("/api/v1/health")).body).toMatchObject({
    status: "ok",
    lastError: { message: line?.msg },
  });
  const aside = readdirSync(join(file, "..")).find((name) => /damaged-[\d-]+$/.test(name));
  expect(line?.msg).toContain(`It is now ${join(file, "..", aside ?? "?")}`);
  expect((await get("/api/v1/boards/old/readings")).status).toBe(404);
});
