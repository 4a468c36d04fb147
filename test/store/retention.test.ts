import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { surplusMaps } from "../../src/store/map-thinning.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, RetentionPolicy, Store } from "../../src/store/store-types.ts";
import { sampleDump, sampleMap, sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";
import { temporaryFolder } from "./temp-folder.ts";

const board = "e6614103e7452d2f";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.UTC(2026, 10, 22);
const policy: RetentionPolicy = {
  eventsMs: 2 * dayMs,
  minutesMs: 10 * dayMs,
  hoursMs: 100 * dayMs,
  maxBytes: Number.POSITIVE_INFINITY,
};

function memoryStore(): Store {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  return store;
}

function at(beforeMs: number): string {
  return new Date(nowMs - beforeMs).toISOString();
}

function mapAt(beforeMs: number, change: Parameters<typeof sampleReading>[0] = {}, text = ""): NewEvent {
  const dump = Buffer.concat([sampleDump, Buffer.from(text === "" ? `at ${beforeMs}\r\n` : text)]);
  return { type: "reading", data: sampleReading({ at: at(beforeMs), map: sampleMap, ...change }), dump };
}

function tidyAll(store: Store, change: Partial<RetentionPolicy> = {}): number {
  for (let slices = 1; ; slices++) if (store.tidy({ ...policy, ...change }, nowMs).done) return slices;
}

test("single events go with age, roll-ups stay longer, and the feed's cursor knows", () => {
  const store = memoryStore();
  const events = Array.from({ length: 30 * 24 }, (_, index): NewEvent[] => [
    { type: "reading", data: sampleReading({ at: at(30 * dayMs - index * hourMs) }) },
    { type: "missed", data: sampleMissed({ at: at(30 * dayMs - index * hourMs) }) },
  ]).flat();
  store.append(events);
  tidyAll(store);

  const readings = store.readings(board, { limit: 10_000 });
  expect([readings.length, readings[0]?.at]).toEqual([48, at(2 * dayMs)]);
  expect(store.missed(board, { limit: 10_000 })).toHaveLength(48);
  expect(store.oldestCursor()).toBe(events.length - 2 * 48);
  expect(store.eventsAfter(store.oldestCursor(), { limit: 1000 })).toHaveLength(96);

  const counts = (points: number) => {
    const range = { fromMs: nowMs - 30 * dayMs, toMs: nowMs, points };
    const { source, buckets } = store.series(board, { metric: "usedBytes", ...range });
    return [source, buckets.reduce((sum, { count }) => sum + count, 0)];
  };
  // Minutes of the first twenty days are gone, so the hours answer, and they have everything.
  expect(counts(30 * 24 * 60)).toEqual(["hour", 720]);
  const recent = { fromMs: nowMs - 9 * dayMs, toMs: nowMs, points: 9 * 24 * 60 };
  expect(store.series(board, { metric: "usedBytes", ...recent }).source).toBe("minute");
});

test("what is removed takes many short slices", () => {
  const store = memoryStore();
  store.append(
    Array.from({ length: 9000 }, (_, index) => ({
      type: "reading" as const,
      data: sampleReading({ at: at(5 * dayMs - index) }),
    })),
  );
  expect(tidyAll(store)).toBeGreaterThan(4);
  expect(store.readings(board, { limit: 10 })).toEqual([]);
});

test("changes of boards stay as long as the hours", () => {
  const store = memoryStore();
  for (const days of [101, 99]) {
    store.append([{ type: "board", boardId: board, at: at(days * dayMs), data: sampleSnapshot() }]);
  }
  tidyAll(store);
  expect(store.eventsAfter(0, { limit: 10 }).map((event) => event.at)).toEqual([at(99 * dayMs)]);
});

test("beyond the size the oldest days go, and the newest stays whatever it takes", () => {
  const file = join(temporaryFolder(), "history.db");
  const store = openStore({ file });
  for (let day = 20; day > 0; day--) {
    store.append(
      Array.from({ length: 1440 }, (_, index) => ({
        type: "reading" as const,
        data: sampleReading({ at: at(day * dayMs - index * 60_000) }),
      })),
    );
  }
  const generous = { eventsMs: 100 * dayMs, minutesMs: 100 * dayMs, maxBytes: 2_000_000 };
  tidyAll(store, generous);
  const [first] = store.readings(board, { limit: 100_000 });
  expect(Date.parse(first?.at ?? "")).toBeGreaterThan(nowMs - 19 * dayMs);
  const hours = { metric: "usedBytes", fromMs: nowMs - 20 * dayMs, toMs: nowMs, points: 480 } as const;
  expect(store.series(board, hours).buckets).toHaveLength(480);

  tidyAll(store, { ...generous, maxBytes: 1 });
  expect(store.readings(board, { limit: 100_000 })).toHaveLength(1440);
  store.close();
});

test("maps thin out with age; first, last and extremes stay", () => {
  const store = memoryStore();
  const quarter = hourMs / 4;
  const ids = new Map<string, number>();
  for (let before = 20 * dayMs; before > 0; before -= quarter) {
    const special = {
      [15 * dayMs + quarter]: { heap: { ...sampleReading().heap, usedBytes: 200_000 } },
      [14 * dayMs + quarter]: { fragmentation: 0.9 },
      [13 * dayMs + quarter]: { largestFreeBytes: 16 },
    }[before];
    const [stored] = store.append([mapAt(before, special)]);
    ids.set(at(before), stored!.cursor);
  }
  tidyAll(store, { eventsMs: 100 * dayMs });
  const kept = [...ids.entries()].filter(([, id]) => store.mapOf(board, id)).map(([time]) => time);

  const within = (fromMs: number, toMs: number) =>
    kept.filter((time) => time >= at(fromMs) && time < at(toMs));
  expect(within(dayMs, 0)).toHaveLength(96);
  expect(within(7 * dayMs, dayMs)).toHaveLength(6 * 24);
  expect(within(10 * dayMs, 7 * dayMs)).toHaveLength(3);
  // Older than the minutes: the first and the extremes only.
  expect(kept.filter((time) => time < at(10 * dayMs))).toEqual([
    at(20 * dayMs),
    at(15 * dayMs + quarter),
    at(14 * dayMs + quarter),
    at(13 * dayMs + quarter),
  ]);
  // A reading keeps its summary when its map has gone.
  expect(store.readings(board, { limit: 10_000 }).every(({ map }) => map !== null)).toBe(true);
});

test("a reading whose map stays is not removed with the others of its age", () => {
  const store = memoryStore();
  const [first] = store.append([
    mapAt(50 * dayMs),
    { type: "reading", data: sampleReading({ at: at(49 * dayMs) }) },
  ]);
  tidyAll(store);
  expect(store.readings(board, { limit: 10 }).map(({ id }) => id)).toEqual([first?.cursor]);
  expect(store.mapOf(board, first!.cursor)).toBeDefined();
});

test("a map that is the same as the one before is stored once, and each reading has it", () => {
  const file = join(temporaryFolder(), "history.db");
  const store = openStore({ file });
  const noise = Buffer.from(Array.from({ length: 40_000 }, (_, index) => (index * 7919) % 251)).toString(
    "latin1",
  );
  const sizes: number[] = [];
  for (let index = 0; index < 40; index++) {
    store.append([mapAt(index, {}, noise)]);
    sizes.push(store.latestCursor());
  }
  for (const id of sizes)
    expect(store.mapOf(board, id)?.dump.length).toBe(sampleDump.length + Buffer.byteLength(noise));
  const dumps = new Database(file, { readonly: true }).prepare("SELECT count(*) FROM dumps").pluck().get();
  expect(dumps).toBe(1);
  store.close();
});

test("the first of each hour or day is not surplus", () => {
  const maps = [9.2, 9.1, 8.9, 3.02, 3.01, 0.2, 0.1].map((days, id) => ({ id, atMs: nowMs - days * dayMs }));
  expect(surplusMaps(maps, nowMs, Number.NEGATIVE_INFINITY)).toEqual([1, 4]);
  expect(surplusMaps(maps, nowMs, nowMs - 9 * dayMs)).toEqual([0, 1, 4]);
});
