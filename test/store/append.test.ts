import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store-types.ts";
import {
  sampleCollection,
  sampleDump,
  sampleMap,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../support/samples.ts";
import { temporaryFolder } from "./temp-folder.ts";

const board = "e6614103e7452d2f";

function memoryStore(): Store {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  return store;
}

test("a batch comes back in order with one id sequence over all kinds", () => {
  const store = memoryStore();
  const stored = store.append([
    { type: "reading", data: sampleReading() },
    { type: "missed", data: sampleMissed() },
    { type: "board", boardId: board, at: sampleTime, data: sampleSnapshot() },
    { type: "collection", data: sampleCollection() },
  ]);
  expect(stored.map(({ type, cursor }) => [type, cursor])).toEqual([
    ["reading", 1],
    ["missed", 2],
    ["board", 3],
    ["collection", 4],
  ]);
  expect(stored[0]?.data).toEqual({ ...sampleReading(), id: 1 });
  expect(stored[3]?.data).toEqual({ ...sampleCollection(), id: 4 });
  expect(store.eventsAfter(0, { limit: 10 })).toEqual(stored);
  expect(store.latestCursor()).toBe(4);
});

test("an empty batch changes nothing", () => {
  const store = memoryStore();
  expect(store.append([])).toEqual([]);
  expect(store.latestCursor()).toBe(0);
});

test("every reading comes back exactly as it was appended", () => {
  const store = memoryStore();
  const whole = fc.integer({ min: 0, max: 2 ** 40 });
  const count = fc.option(whole);
  const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0));
  const reading = fc.record({
    id: fc.constant(null),
    boardId: fc.constantFrom(board, "emulated-1", "Ünïcode board"),
    at: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(8.64e15) })
      .map((at) => at.toISOString()),
    source: fc.constantFrom("repl" as const, "helper" as const, "file" as const),
    phase: fc.constantFrom(
      "periodic" as const,
      "before-collect" as const,
      "after-collect" as const,
      "on-demand" as const,
    ),
    durationMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0)),
    wireBytes: count,
    helper: fc.option(
      fc.record({
        run: fc.constantFrom("3f2a", "0"),
        sequence: whole,
        ticksMs: whole,
        mark: fc.option(
          fc.record({
            kind: fc.constantFrom("point" as const, "begin" as const, "end" as const, "settled" as const),
            label: fc.string(),
          }),
        ),
        gcThreshold: fc.option(fc.integer()),
        peakBytes: count,
        idfHeap: fc.option(
          fc.array(
            fc.record({
              totalBytes: whole,
              freeBytes: whole,
              largestFreeBytes: whole,
              minimumFreeBytes: whole,
            }),
          ),
        ),
      }),
    ),
    stack: fc.option(fc.record({ usedBytes: whole, totalBytes: count })),
    heap: fc.record({ totalBytes: whole, usedBytes: whole, freeBytes: whole, growableBytes: count }),
    blocks: fc.record({
      sizeBytes: count,
      total: count,
      oneBlock: count,
      twoBlock: count,
      largestUsed: count,
      largestFree: count,
    }),
    largestFreeBytes: count,
    utilization: share,
    fragmentation: share,
    map: fc.option(fc.constant(sampleMap)),
  });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 5 }), (readings) => {
      const before = store.latestCursor();
      const stored = store.append(readings.map((data) => ({ type: "reading", data })));
      expect(store.eventsAfter(before, { limit: 10 })).toEqual(stored);
      expect(stored.map((event) => ({ ...event.data, id: null }))).toEqual(readings);
    }),
  );
});

test("a batch with one unusable event is not stored at all, and uses no id", () => {
  const store = memoryStore();
  expect(() =>
    store.append([
      { type: "reading", data: sampleReading({ boardId: "never-seen" }) },
      { type: "missed", data: sampleMissed({ at: "yesterday" }) },
    ]),
  ).toThrow(expect.objectContaining({ code: "store-failed", message: expect.stringContaining("yesterday") }));
  expect(store.latestCursor()).toBe(0);
  expect(store.boards()).toEqual([]);
  const [stored] = store.append([{ type: "reading", data: sampleReading({ boardId: "never-seen" }) }]);
  expect(stored?.cursor).toBe(1);
});

test("ids go on after a restart and are not reused after events were deleted", () => {
  const file = join(temporaryFolder(), "history.sqlite");
  const first = openStore({ file });
  first.append([
    { type: "reading", data: sampleReading() },
    { type: "reading", data: sampleReading() },
  ]);
  first.close();
  const raw = new Database(file);
  raw.exec("DELETE FROM readings");
  raw.close();
  const second = openStore({ file });
  onTestFinished(() => second.close());
  expect(second.latestCursor()).toBe(2);
  expect(second.append([{ type: "missed", data: sampleMissed() }])[0]?.cursor).toBe(3);
});

test("a map's dump comes back byte for byte, with its reading", () => {
  const store = memoryStore();
  const damaged = new Uint8Array([0, 255, 13, 10, 128, ...sampleDump]);
  store.append([
    { type: "reading", data: sampleReading({ map: sampleMap }), dump: sampleDump },
    { type: "reading", data: sampleReading() },
    { type: "reading", data: sampleReading({ map: sampleMap }), dump: damaged },
    { type: "reading", data: sampleReading({ boardId: "other", map: sampleMap }), dump: sampleDump },
  ]);
  expect(store.mapOf(board, 1)).toEqual({
    reading: { ...sampleReading({ map: sampleMap }), id: 1 },
    dump: sampleDump,
  });
  expect(store.latestMap(board)?.reading.id).toBe(3);
  expect(store.latestMap(board)?.dump).toEqual(damaged);
  expect(store.mapOf(board, 2)).toBeUndefined();
  expect(store.mapOf("other", 1)).toBeUndefined();
  expect(store.latestMap("nobody")).toBeUndefined();
});
