import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { metricNames } from "../../src/store/metrics.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, SeriesBucket, Store } from "../../src/store/store-types.ts";
import { sampleCollection, sampleReading } from "../support/samples.ts";
import { temporaryFolder } from "./temp-folder.ts";

const board = "e6614103e7452d2f";
const startMs = Date.UTC(2026, 10, 22);
const hourMs = 3_600_000;

function memoryStore(): Store {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  return store;
}

function readingAt(
  atMs: number,
  usedBytes: number,
  change: Parameters<typeof sampleReading>[0] = {},
): NewEvent {
  const at = new Date(atMs).toISOString();
  const heap = { totalBytes: 100_000, usedBytes, freeBytes: 100_000 - usedBytes, growableBytes: null };
  return { type: "reading", data: sampleReading({ at, heap, utilization: usedBytes / 100_000, ...change }) };
}

test("buckets hold least, mean, greatest and count", () => {
  const store = memoryStore();
  store.append([100, 300, 200].map((used, index) => readingAt(startMs + index * 1000, used)));
  const series = store.series(board, {
    metric: "usedBytes",
    fromMs: startMs,
    toMs: startMs + 10_000,
    points: 1,
  });
  expect(series).toEqual({
    bucketSeconds: 10,
    source: "single",
    buckets: [{ at: "2026-11-22T00:00:00.000Z", min: 100, mean: 200, max: 300, count: 3 }],
  });
});

test("a bucket without values is left out, as is an unknown figure", () => {
  const store = memoryStore();
  store.append([
    readingAt(startMs, 1, { largestFreeBytes: null }),
    readingAt(startMs + 50_000, 2, { largestFreeBytes: 64 }),
  ]);
  const query = { fromMs: startMs, toMs: startMs + 60_000, points: 60 };
  expect(store.series(board, { metric: "largestFreeBytes", ...query }).buckets).toEqual([
    { at: "2026-11-22T00:00:50.000Z", min: 64, mean: 64, max: 64, count: 1 },
  ]);
  expect(store.series(board, { metric: "usedBytes", ...query }).buckets).toHaveLength(2);
  expect(store.series("unknown", { metric: "usedBytes", ...query }).buckets).toEqual([]);
});

test("live bytes and their growth come from the reading after each collection", () => {
  const store = memoryStore();
  for (const [index, used] of [5000, 5100, 4900].entries()) {
    const atMs = startMs + index * 60_000;
    const [before, after] = store.append([
      readingAt(atMs, 9000, { phase: "before-collect" }),
      readingAt(atMs + 10, used, { phase: "after-collect" }),
    ]);
    const at = new Date(atMs + 20).toISOString();
    const ids = { beforeId: before!.cursor, afterId: after!.cursor };
    store.append([{ type: "collection", data: sampleCollection({ at, ...ids, pauseMs: 3 }) }]);
  }
  const query = { fromMs: startMs, toMs: startMs + 180_000, points: 3 };
  const means = (metric: "liveBytes" | "growthBytes" | "pauseMs") =>
    store.series(board, { metric, ...query }).buckets.map(({ mean }) => mean);
  expect(means("liveBytes")).toEqual([5000, 5100, 4900]);
  expect(means("growthBytes")).toEqual([100, -200]);
  expect(means("pauseMs")).toEqual([3, 3, 3]);
});

test("long ranges are made of roll-ups, and say so", () => {
  const store = memoryStore();
  store.append(Array.from({ length: 6 * 60 * 3 }, (_, index) => readingAt(startMs + index * 10_000, index)));
  const query = { metric: "usedBytes", fromMs: startMs } as const;
  const minutes = store.series(board, { ...query, toMs: startMs + 3 * hourMs, points: 90 });
  expect([minutes.source, minutes.bucketSeconds, minutes.buckets.length]).toEqual(["minute", 120, 90]);
  expect(minutes.buckets[0]).toEqual({
    at: "2026-11-22T00:00:00.000Z",
    min: 0,
    mean: 5.5,
    max: 11,
    count: 12,
  });
  const hours = store.series(board, { ...query, toMs: startMs + 3 * hourMs, points: 3 });
  expect([hours.source, hours.bucketSeconds, hours.buckets.map(({ count }) => count)]).toEqual([
    "hour",
    3600,
    [360, 360, 360],
  ]);
});

/** What `series` must say, by hand. */
function expectedBuckets(values: readonly (readonly [atMs: number, value: number])[], widthMs: number) {
  const groups = new Map<number, number[]>();
  for (const [atMs, value] of values) {
    const bucket = Math.floor(atMs / widthMs);
    groups.set(bucket, [...(groups.get(bucket) ?? []), value]);
  }
  return [...groups.entries()]
    .sort(([one], [other]) => one - other)
    .map(
      ([bucket, group]): SeriesBucket => ({
        at: new Date(bucket * widthMs).toISOString(),
        min: Math.min(...group),
        mean: group.reduce((sum, value) => sum + value, 0) / group.length,
        max: Math.max(...group),
        count: group.length,
      }),
    );
}

test("roll-ups are exact whatever the order of times, with restarts and failed batches in between", () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ offsetMs: fc.integer({ min: 0, max: 5 * hourMs }), used: fc.nat(1e6) }),
    },
    { weight: 1, arbitrary: fc.constant("restart" as const) },
    { weight: 1, arbitrary: fc.constant("failure" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const file = join(temporaryFolder(), "history.db");
      let store = openStore({ file });
      const values: [number, number][] = [];
      for (const one of steps) {
        if (one === "restart") {
          store.close();
          store = openStore({ file });
        } else if (one === "failure") {
          const broken = { ...sampleReading(), heap: { ...sampleReading().heap, usedBytes: Number.NaN } };
          expect(() => store.append([readingAt(startMs, 7), { type: "reading", data: broken }])).toThrow();
        } else {
          values.push([startMs + one.offsetMs, one.used]);
          store.append([readingAt(startMs + one.offsetMs, one.used)]);
        }
      }
      for (const widthMs of [1000, 60_000, 300_000, hourMs]) {
        const query = { fromMs: startMs, toMs: startMs + 6 * hourMs, points: (6 * hourMs) / widthMs };
        const { buckets } = store.series(board, { metric: "usedBytes", ...query });
        expect(buckets).toEqual(expectedBuckets(values, widthMs));
      }
      store.close();
    }),
    { numRuns: 25 },
  );
});

test("every metric can be asked for at every level", () => {
  const store = memoryStore();
  store.append([readingAt(startMs, 1)]);
  for (const metric of metricNames) {
    for (const points of [1, 60, 3600]) {
      const { buckets } = store.series(board, { metric, fromMs: startMs, toMs: startMs + hourMs, points });
      expect(buckets.length).toBeLessThanOrEqual(1);
    }
  }
});

test("what a helper reports is followed too, also over a restart and by the minute", () => {
  const file = join(temporaryFolder(), "history.db");
  const region = (freeBytes: number, largestFreeBytes: number) => ({
    totalBytes: 300_000,
    freeBytes,
    largestFreeBytes,
    minimumFreeBytes: 0,
  });
  const helper = (peakBytes: number) => ({
    ...{ run: "3f2a", sequence: 1, ticksMs: 0, mark: null, gcThreshold: null },
    peakBytes,
    idfHeap: [region(1000, 700), region(500, 500)],
  });
  const first = openStore({ file });
  first.append([readingAt(startMs, 1, { helper: helper(50) }), readingAt(startMs + 1000, 2)]);
  first.close();
  const store = openStore({ file });
  onTestFinished(() => store.close());
  store.append([readingAt(startMs + 90_000, 1, { helper: helper(70) })]);
  const query = { fromMs: startMs, toMs: startMs + 2 * hourMs, points: 2 };
  const only = (metric: "peakBytes" | "idfFreeBytes" | "idfLargestFreeBytes" | "usedBytes") =>
    store.series(board, { metric, ...query }).buckets;
  expect(only("peakBytes")).toMatchObject([{ min: 50, max: 70, count: 2 }]);
  expect(only("idfFreeBytes")).toMatchObject([{ min: 1500, max: 1500, count: 2 }]);
  expect(only("idfLargestFreeBytes")).toMatchObject([{ min: 700, count: 2 }]);
  expect(only("usedBytes")).toMatchObject([{ min: 1, max: 2, count: 3 }]);
});
