import { describe, expect, test } from "vitest";
import { figuresOf } from "../../src/heap/figures.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent } from "../../src/store/store-types.ts";
import { type SimulatedHistory, simulatedHistory, simulatedYear } from "./simulated-history.ts";

const eventsOf = (options: Partial<SimulatedHistory>): readonly NewEvent[] =>
  [...simulatedHistory(options)].flat();
const atOf = (event: NewEvent): string => (event.type === "board" ? event.at : event.data.at);
const readingsOf = (events: readonly NewEvent[]) =>
  events.flatMap((event) => (event.type === "reading" ? [event.data] : []));
const afterCollect = (events: readonly NewEvent[]) =>
  readingsOf(events).filter(({ phase }) => phase === "after-collect");

/** Least squares: bytes a minute. */
function slopeOf(events: readonly NewEvent[]): number {
  const points = afterCollect(events).map(
    ({ at, heap }) => [Date.parse(at) / 60_000, heap.usedBytes] as const,
  );
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  return covariance / mean(points.map(([x]) => (x - meanX) ** 2));
}

describe("a day", () => {
  const events = eventsOf({ days: 1 });

  test("has a reading each 10 s, a collection each minute, a map each five, and few missed", () => {
    const count = (type: NewEvent["type"]) => events.filter((event) => event.type === type).length;
    const due = 8640;
    expect(count("collection")).toBeGreaterThan(1420);
    expect(count("collection")).toBeLessThan(1440);
    expect(count("missed")).toBeGreaterThan(5);
    expect(count("missed")).toBeLessThan(40);
    expect(count("reading")).toBe(due - count("missed") + count("collection"));
    const maps = readingsOf(events).filter(({ map }) => map !== null).length;
    expect(maps).toBeGreaterThan(280);
    expect(maps).toBeLessThanOrEqual(288);
  });

  test("adds up in every reading, and never goes back in time", () => {
    let beforeMs = 0;
    for (const event of events) {
      const atMs = Date.parse(atOf(event));
      expect(atMs).toBeGreaterThanOrEqual(beforeMs);
      beforeMs = atMs;
    }
    for (const { heap, blocks, largestFreeBytes, utilization, fragmentation } of readingsOf(events)) {
      expect(heap.usedBytes + heap.freeBytes).toBe(heap.totalBytes);
      expect(heap.usedBytes % 16).toBe(0);
      expect(largestFreeBytes).toBe((blocks.largestFree ?? 0) * 16);
      expect(largestFreeBytes).toBeLessThanOrEqual(heap.freeBytes);
      expect(utilization).toBe(heap.usedBytes / heap.totalBytes);
      expect(fragmentation).toBeGreaterThan(0);
      expect(fragmentation).toBeLessThan(0.5);
    }
  });

  test("has maps that differ, and say what their readings say", () => {
    const dumps = new Set<string>();
    for (const event of events) {
      if (event.type !== "reading" || event.data.map === null) continue;
      const { dump, data } = event;
      const [finding] = parseMemInfo(dump ?? new Uint8Array());
      if (finding?.kind !== "record") throw new Error("the dump is not one record");
      expect(reconcile(finding.record).kind).toBe("verified");
      const { stack, heap, blocks, largestFreeBytes, utilization, fragmentation, map } = data;
      expect(figuresOf(finding.record)).toEqual({
        ...{ stack, heap, blocks, largestFreeBytes, utilization, fragmentation, map },
      });
      dumps.add(Buffer.from(dump ?? []).toString("latin1"));
    }
    expect(dumps.size).toBeGreaterThan(280);
  });

  test("is the same each time, and another with another seed", () => {
    const text = (all: readonly NewEvent[]): string => JSON.stringify(all.slice(0, 500));
    expect(text(eventsOf({ days: 0.1 }))).toBe(text(events));
    expect(text(eventsOf({ days: 0.1, seed: 2 }))).not.toBe(text(events));
  });

  test("goes into a store whose ids are those that collections name", () => {
    const store = openStore({ file: ":memory:" });
    for (const batch of simulatedHistory({ days: 0.05 })) store.append(batch);
    const collections = store.collections(simulatedYear.boardId, { limit: 1000 });
    const readings = new Map(
      store.readings(simulatedYear.boardId, { limit: 10_000 }).map((reading) => [reading.id, reading]),
    );
    expect(collections.length).toBeGreaterThan(60);
    for (const { beforeId, afterId, reclaimedBytes } of collections) {
      const [before, after] = [readings.get(beforeId), readings.get(afterId)];
      expect([before?.phase, after?.phase]).toEqual(["before-collect", "after-collect"]);
      expect((before?.heap.usedBytes ?? 0) - (after?.heap.usedBytes ?? 0)).toBe(reclaimedBytes);
    }
    store.close();
  });
});

test("a week with a leak of 100 bytes a minute grows so, without one it does not, both within 5 KB of the line", () => {
  const week = { days: 7, heapBytes: 4 * 1024 * 1024, noiseBytes: 5000, mapIntervalMs: 0 };
  const leaking = eventsOf({ ...week, leakBytesPerMinute: 100 });
  expect(slopeOf(leaking)).toBeGreaterThan(99);
  expect(slopeOf(leaking)).toBeLessThan(101);
  const calm = eventsOf(week);
  expect(Math.abs(slopeOf(calm))).toBeLessThan(0.1);
  const used = afterCollect(calm).map(({ heap }) => heap.usedBytes);
  expect(Math.min(...used)).toBeGreaterThan(54_900);
  expect(Math.max(...used)).toBeLessThan(65_100);
  expect(Math.max(...used) - Math.min(...used)).toBeGreaterThan(9_900);
});

test("a heap too small for the leak is refused", () => {
  expect(() => eventsOf({ days: 7, leakBytesPerMinute: 100 })).toThrow(/bytes: give it more$/);
});
