import { expect, test } from "vitest";
import { type SamplePlan, Sampler } from "../../src/board/sampler.ts";
import type { MemInfoFigures } from "../../src/heap/reading.ts";
import { sampleMap, sampleReading } from "../support/samples.ts";

const plan: SamplePlan = {
  readIntervalMs: 10_000,
  collectIntervalMs: 60_000,
  mapIntervalMs: 300_000,
  mapShare: 0.02,
};

function figures(usedBytes: number, withMap: boolean): MemInfoFigures {
  const totalBytes = 64_000;
  return {
    ...sampleReading(),
    heap: { totalBytes, usedBytes, freeBytes: totalBytes - usedBytes, growableBytes: null },
    largestFreeBytes: totalBytes - usedBytes,
    map: withMap ? sampleMap : null,
  };
}

test("the first reading is due at once and brings a map", () => {
  const sampler = new Sampler(plan, 5_000);
  expect(sampler.nextDueMs).toBe(5_000);
  expect(sampler.due(5_000)).toEqual({ what: "read-map", overlapped: 0 });
  expect(sampler.nextDueMs).toBe(15_000);
});

test("while the heap stays as it is, readings are basic until the map interval has passed", () => {
  const sampler = new Sampler({ ...plan, collectIntervalMs: 0 }, 0);
  const maps: number[] = [];
  for (let nowMs = 0; nowMs <= 650_000; nowMs += 10_000) {
    const withMap = sampler.due(nowMs).what === "read-map";
    if (withMap) maps.push(nowMs);
    sampler.note(figures(8_000, withMap), 20, nowMs);
  }
  expect(maps).toEqual([0, 300_000, 600_000]);
});

test("a heap that moved by a twentieth is worth a map at the next reading", () => {
  const sampler = new Sampler(plan, 0);
  sampler.due(0);
  sampler.note(figures(8_000, true), 20, 0);
  expect(sampler.due(10_000).what).toBe("read");
  sampler.note(figures(8_000 + 3_100, false), 5, 10_000);
  expect(sampler.due(20_000).what).toBe("read");
  sampler.note(figures(8_000 + 3_300, false), 5, 20_000);
  expect(sampler.due(30_000).what).toBe("read-map");
});

test("periodic maps never take more than their share of the board's time", () => {
  const sampler = new Sampler({ ...plan, collectIntervalMs: 0 }, 0);
  const costMs = 2_000;
  let spentMs = 0;
  const endMs = 3_600_000;
  for (let nowMs = 0; nowMs < endMs; nowMs += 10_000) {
    const withMap = sampler.due(nowMs).what === "read-map";
    if (withMap) spentMs += costMs;
    sampler.note(figures(nowMs % 20_000 === 0 ? 8_000 : 30_000, withMap), withMap ? costMs : 5, nowMs);
  }
  expect(spentMs).toBeGreaterThan(0);
  expect(spentMs / endMs).toBeLessThanOrEqual(0.02);
});

test("a share of 0 means no periodic maps at all", () => {
  const sampler = new Sampler({ ...plan, mapShare: 0 }, 0);
  expect(sampler.due(0).what).toBe("read");
});

test("a collection stands in for the reading that is due with it", () => {
  const sampler = new Sampler(plan, 0);
  const done: string[] = [];
  while (sampler.nextDueMs <= 120_000) {
    const nowMs = sampler.nextDueMs;
    const { what } = sampler.due(nowMs);
    done.push(`${nowMs / 1000} ${what}`);
    sampler.note(figures(8_000, what === "read-map"), 5, nowMs);
  }
  expect(done.filter((line) => line.endsWith("collect"))).toEqual(["60 collect", "120 collect"]);
  expect(done).toHaveLength(13);
});

test("a collection stands in for a reading also where sums of fractions differ", () => {
  const startMs = 1_234.567_891;
  const sampler = new Sampler(
    { ...plan, readIntervalMs: 333.3, collectIntervalMs: 1_666.5, mapShare: 0 },
    startMs,
  );
  let readings = 0;
  for (; sampler.nextDueMs < startMs + 60_000; readings++) sampler.due(sampler.nextDueMs);
  expect(readings).toBe(Math.ceil(60_000 / 333.3));
});

test("a collection still stands in for a reading when readings were moved against it", () => {
  const sampler = new Sampler({ ...plan, mapShare: 0 }, 0);
  sampler.due(0);
  sampler.hasten(3_200);
  const done: string[] = [];
  while (sampler.nextDueMs <= 183_200) {
    const nowMs = sampler.nextDueMs;
    done.push(`${nowMs / 1000} ${sampler.due(nowMs).what}`);
  }
  expect(done.filter((line) => line.endsWith("collect"))).toEqual([
    "63.2 collect",
    "123.2 collect",
    "183.2 collect",
  ]);
  expect(done).toHaveLength(19);
});

test("collections that come more often than readings come between them", () => {
  const sampler = new Sampler({ ...plan, collectIntervalMs: 4_000, mapShare: 0 }, 0);
  const done: string[] = [];
  while (sampler.nextDueMs <= 12_000) {
    const nowMs = sampler.nextDueMs;
    done.push(`${nowMs / 1000} ${sampler.due(nowMs).what}`);
  }
  expect(done).toEqual(["0 read", "4 collect", "8 collect", "10 read", "12 collect"]);
});

test("a board that was left alone is collected again once it answers", () => {
  const sampler = new Sampler({ ...plan, mapShare: 0 }, 0);
  sampler.due(0);
  sampler.holdUntil(Number.POSITIVE_INFINITY);
  expect(sampler.nextDueMs).toBe(Number.POSITIVE_INFINITY);
  sampler.hasten(200_000);
  expect(sampler.due(200_000).what).toBe("collect");
});

test("readings that fell due during a long exchange are counted, not made up for", () => {
  const sampler = new Sampler({ ...plan, collectIntervalMs: 0 }, 0);
  sampler.due(0);
  expect(sampler.due(45_000)).toEqual({ what: "read-map", overlapped: 3 });
  expect(sampler.nextDueMs).toBe(50_000);
});

test("a board that does not answer is left alone until the hold ends", () => {
  const sampler = new Sampler(plan, 0);
  sampler.due(0);
  sampler.holdUntil(90_000);
  expect(sampler.nextDueMs).toBe(90_000);
});
