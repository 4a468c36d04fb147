import { expect, test } from "vitest";
import type { BlockMapView } from "../../../src/client/views.ts";
import { frameIndex, framesOf } from "../../../src/dashboard/compare/film-frames.ts";
import { MapCache } from "../../../src/dashboard/compare/map-cache.ts";
import { mapAt, readingOf } from "../map/support.ts";

function mapOfBlocks(id: number, blocks: number): BlockMapView {
  return { ...mapAt([["0", "h".padEnd(blocks, "=")]]), reading: readingOf(id) };
}

/** A cache over maps of 10 000 blocks, and what it asked for. */
function cacheOf(mostBytes: number) {
  const asked: number[] = [];
  const cache = new MapCache(async (id) => {
    asked.push(id);
    if (id === 404) throw new Error("gone");
    return mapOfBlocks(id, 10_000);
  }, mostBytes);
  return { cache, asked };
}

test("a map is loaded once, however often it is asked for", async () => {
  const { cache, asked } = cacheOf(1e6);
  const [one, other] = await Promise.all([cache.get(1), cache.get(1)]);
  expect(one).toBe(other);
  expect(await cache.get(1)).toBe(one);
  expect(asked).toEqual([1]);
  expect(cache.peek(1)).toBe(one);
  expect(cache.peek(2)).toBeUndefined();
});

test("the maps not asked for the longest make room, and the bytes stay bounded", async () => {
  const { cache, asked } = cacheOf(40_000);
  for (const id of [1, 2, 1, 3, 1, 2]) {
    await cache.get(id);
    expect(cache.bytes).toBeLessThanOrEqual(40_000);
  }
  expect(asked).toEqual([1, 2, 3, 2]);
});

test("one map that is larger than the cache is still held", async () => {
  const { cache } = cacheOf(10);
  await cache.get(1);
  await cache.get(2);
  expect([cache.peek(1), cache.peek(2)].map((map) => map !== undefined)).toEqual([false, true]);
});

test("what fails is asked for again the next time", async () => {
  const { cache, asked } = cacheOf(1e6);
  await expect(cache.get(404)).rejects.toThrow("gone");
  await expect(cache.get(404)).rejects.toThrow("gone");
  expect(asked).toEqual([404, 404]);
});

test("a film shows the maps of its period", () => {
  const nowMs = Date.UTC(2026, 10, 27, 12, 30);
  const at = (minutesAgo: number) => new Date(nowMs - minutesAgo * 60_000).toISOString();
  const maps = [1500, 120, 59, 1].map((ago, index) => ({ ...readingOf(index + 1), at: at(ago) }));
  const ids = (period: "1h" | "24h" | "all") => framesOf(maps, period, nowMs).map(({ id }) => id);
  expect([ids("1h"), ids("24h"), ids("all")]).toEqual([
    [3, 4],
    [2, 3, 4],
    [1, 2, 3, 4],
  ]);
});

test("a film keeps its place when maps come and go", () => {
  const frames = [3, 5, 9].map(readingOf);
  expect(frameIndex(frames, null)).toBe(2);
  expect(frameIndex(frames, 5)).toBe(1);
  expect(frameIndex(frames, 7)).toBe(1);
  expect(frameIndex(frames, 1)).toBe(0);
  expect(frameIndex([], null)).toBe(-1);
});
