import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent } from "../../src/store/store-types.ts";
import {
  sampleCollection,
  sampleDump,
  sampleMap,
  sampleReading,
  sampleSnapshot,
} from "../support/samples.ts";

const board = "e6614103e7452d2f";
const startMs = Date.UTC(2026, 10, 22, 17);
const at = (second: number) => new Date(startMs + second * 1000).toISOString();
const all = { fromMs: startMs, toMs: startMs + 3_600_000 };

function storeWith(events: readonly NewEvent[]) {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  store.append(events);
  return store;
}

const heap = (usedBytes: number) => ({
  totalBytes: 10_000,
  usedBytes,
  freeBytes: 10_000 - usedBytes,
  growableBytes: null,
});
const reading = (second: number, change: Parameters<typeof sampleReading>[0] = {}): NewEvent => ({
  type: "reading",
  data: sampleReading({ at: at(second), ...change }),
});
/** Before, after, collection: the ids `first`, `first + 1`, `first + 2`. */
const cycle = (second: number, first: number, used: number): NewEvent[] => [
  reading(second, { phase: "before-collect", heap: heap(used + 500) }),
  reading(second + 1, {
    phase: "after-collect",
    heap: heap(used),
    largestFreeBytes: 7_000,
    fragmentation: 0.25,
  }),
  {
    type: "collection",
    data: sampleCollection({
      at: at(second + 2),
      beforeId: first,
      afterId: first + 1,
      reclaimedBytes: 500,
      pauseMs: 2,
    }),
  },
];

test("a collection comes with the figures of its two readings, oldest first, the newest of the span", () => {
  const store = storeWith([...cycle(10, 1, 1_000), ...cycle(20, 4, 1_100), ...cycle(30, 7, 1_200)]);
  const points = store.collectionPoints(board, { ...all, toMs: startMs + 30_000 }, 10);
  expect(points.map(({ usedBytes }) => usedBytes)).toEqual([1_000, 1_100]);
  expect(points[0]).toEqual({
    atMs: startMs + 11_000,
    usedBytes: 1_000,
    freeBytes: 9_000,
    totalBytes: 10_000,
    growableBytes: null,
    largestFreeBytes: 7_000,
    fragmentation: 0.25,
    beforeAtMs: startMs + 10_000,
    beforeUsedBytes: 1_500,
    fragmentationBefore: 0.25,
    reclaimedBytes: 500,
    largestFreeGainBytes: 1_024,
    pauseMs: 2,
  });
  expect(store.collectionPoints(board, all, 2).map(({ usedBytes }) => usedBytes)).toEqual([1_100, 1_200]);
});

test("a collection whose readings are forgotten has no point", () => {
  const store = storeWith([
    { type: "collection", data: sampleCollection({ at: at(5), beforeId: 90, afterId: 91 }) },
  ]);
  expect(store.collectionPoints(board, all, 10)).toEqual([]);
});

test("extremes say which reading had them, and ignore what is unknown", () => {
  const store = storeWith([
    reading(0, { heap: heap(9_999) }),
    reading(10, { heap: heap(500), largestFreeBytes: null }),
    reading(20, { heap: heap(800), largestFreeBytes: 4_000 }),
    reading(30, { heap: heap(700), largestFreeBytes: 3_000 }),
  ]);
  expect(store.extremes(board, { ...all, fromMs: startMs + 1 })).toEqual({
    readings: 3,
    mostUsed: { readingId: 3, atMs: startMs + 20_000, bytes: 800, totalBytes: 10_000 },
    leastLargestFree: { readingId: 4, atMs: startMs + 30_000, bytes: 3_000, totalBytes: 10_000 },
  });
});

test("maps are listed newest first within the span, and their types read oldest first", () => {
  const withMap = (second: number): NewEvent => ({
    type: "reading",
    data: sampleReading({ at: at(second), map: sampleMap }),
    dump: sampleDump,
  });
  const store = storeWith([withMap(0), reading(1), withMap(2), withMap(3), withMap(4)]);
  expect(store.mapIds(board, { fromMs: startMs + 1_000, toMs: startMs + 4_000 }, 10)).toEqual([4, 3]);
  expect(store.mapIds(board, all, 2)).toEqual([5, 4]);
  expect(store.mapTypes(board, [4, 2, 1])).toEqual([
    { atMs: startMs, blockSizeBytes: 16, types: sampleMap.types },
    { atMs: startMs + 3_000, blockSizeBytes: 16, types: sampleMap.types },
  ]);
  expect(store.mapIdBefore(board, 3)).toBe(1);
  expect(store.mapIdBefore(board, 1)).toBeUndefined();
});

test("restart marks are what board events say, whatever they hold", () => {
  const { counts } = sampleSnapshot();
  const store = storeWith([
    {
      type: "board",
      boardId: board,
      at: at(1),
      data: sampleSnapshot({ counts: { ...counts, restarts: 2 } }),
    },
    { type: "board", boardId: board, at: at(2), data: {} },
  ]);
  expect(store.restartMarks(board, all)).toEqual([
    { atMs: startMs + 1_000, restarts: 2, state: "ready", probeGarbageBytes: 144 },
    { atMs: startMs + 2_000, restarts: null, state: null, probeGarbageBytes: null },
  ]);
});

test("nothing is known of an unknown board", () => {
  const store = storeWith([]);
  expect(store.collectionPoints("nobody", all, 10)).toEqual([]);
  expect(store.extremes("nobody", all)).toEqual({ readings: 0, mostUsed: null, leastLargestFree: null });
  expect(store.mapIds("nobody", all, 10)).toEqual([]);
  expect(store.mapTypes("nobody", [1])).toEqual([]);
  expect(store.mapIdBefore("nobody", 9)).toBeUndefined();
  expect(store.restartMarks("nobody", all)).toEqual([]);
});

test("when a board was read: the ends of the span, and its longest gaps", () => {
  const store = storeWith([0, 10, 20, 80, 90, 200].map((second) => reading(second)));
  expect(store.readingTimes(board, all)).toEqual({
    firstMs: startMs,
    lastMs: startMs + 200_000,
    count: 6,
  });
  const [first, second] = [
    { fromMs: startMs + 20_000, toMs: startMs + 80_000 },
    { fromMs: startMs + 90_000, toMs: startMs + 200_000 },
  ];
  expect(store.readingGaps(board, all, 30_000, 10)).toEqual([first, second]);
  expect(store.readingGaps(board, all, 30_000, 1)).toEqual([second]);
  expect(store.readingTimes("nobody", all)).toEqual({ firstMs: null, lastMs: null, count: 0 });
  expect(store.readingGaps("nobody", all, 0, 10)).toEqual([]);
});
