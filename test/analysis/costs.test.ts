import { describe, expect, test } from "vitest";
import { type CycleEnds, churnOf } from "../../src/analysis/churn.ts";
import { type CollectionFigures, collectionsWorth } from "../../src/analysis/collections-worth.ts";
import { timeToReach, timeToZero } from "../../src/analysis/exhaustion.ts";
import { typeGrowth } from "../../src/analysis/growth.ts";
import type { TrendFit } from "../../src/analysis/trend.ts";
import { hourMs, minuteMs, startMs } from "./simulate.ts";

const at = (minute: number) => startMs + minute * minuteMs;

describe("time to exhaustion", () => {
  const rising: TrendFit = {
    slopePerHour: 100,
    lowPerHour: 50,
    highPerHour: 200,
    pValue: 0,
    significant: true,
    points: 100,
    spanSeconds: 36_000,
    fromMs: startMs,
    toMs: startMs + 10 * hourMs,
    endValue: 9_000,
    spread: 10,
  };

  test("is what is left above the line's end over the slope, with the interval's ends", () => {
    expect(timeToReach(rising, 10_000)).toEqual({
      seconds: 36_000,
      earliestSeconds: 18_000,
      latestSeconds: 72_000,
      expectedAt: new Date(startMs + 20 * hourMs).toISOString(),
    });
  });

  test("is 0 where the line is already there, and has no latest where the slope may be 0", () => {
    expect(timeToReach({ ...rising, lowPerHour: 0 }, 8_000)).toMatchObject({
      seconds: 0,
      latestSeconds: null,
    });
  });

  test("is unknown without a significant rise, and has no date beyond the year 9999", () => {
    expect(timeToReach(null, 1)).toBeNull();
    expect(timeToReach({ ...rising, significant: false }, 10_000)).toBeNull();
    expect(timeToReach({ ...rising, slopePerHour: -1 }, 10_000)).toBeNull();
    expect(timeToReach(rising, 1e14)?.expectedAt).toBeNull();
  });

  test("of something that falls is when it is 0", () => {
    const falling = { ...rising, slopePerHour: -100, lowPerHour: -200, highPerHour: -50 };
    expect(timeToZero(falling)).toMatchObject({
      seconds: 324_000,
      earliestSeconds: 162_000,
      latestSeconds: 648_000,
    });
    expect(timeToZero(rising)).toBeNull();
  });
});

describe("growth by head letter", () => {
  const maps = Array.from({ length: 60 }, (_, index) => ({
    atMs: at(index * 5),
    blockSizeBytes: 16,
    types: {
      h: { objects: 10, blocks: 100 + (index % 3) },
      S: { objects: 5 + index, blocks: 50 + 2 * index },
      ...(index > 40 && { D: { objects: 1, blocks: 4 } }),
    },
  }));

  test("names the letter that grows, in blocks and bytes per hour, and it alone is significant", () => {
    const [first, ...others] = typeGrowth(maps);
    expect(first).toMatchObject({ letter: "S", significant: true, blocks: 168, objects: 64, maps: 60 });
    expect(first?.blocksPerHour).toBeCloseTo(24, 8);
    expect(first?.bytesPerHour).toBeCloseTo(384, 6);
    expect(others.map(({ letter, significant }) => [letter, significant])).toEqual([
      ["h", false],
      ["D", false],
    ]);
  });

  test("looks only at what came after a break, and knows nothing from one map", () => {
    expect(typeGrowth(maps, [at(150)])[0]?.maps).toBe(30);
    expect(typeGrowth(maps.slice(0, 1))).toEqual([]);
    expect(typeGrowth([])).toEqual([]);
  });
});

/** One a minute; each cycle allocates `perSecond` bytes, of which the collection takes all. */
function cycles(count: number, perSecond: number): (CycleEnds & CollectionFigures)[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: at(index),
    usedBytes: 50_000,
    beforeAtMs: at(index) - 50,
    beforeUsedBytes: 50_000 + Math.round(perSecond * 59.95),
    freeBytes: 150_000,
    reclaimedBytes: Math.round(perSecond * 59.95),
    largestFreeGainBytes: 1_024,
    fragmentationBefore: 0.3,
    fragmentation: 0.1,
    pauseMs: 8,
  }));
}

describe("churn", () => {
  const unmeasured = { probeGarbageBytes: null, readings: 600 };

  test("is what used memory grows by between collections, per second", () => {
    const churn = churnOf(cycles(20, 100), unmeasured);
    expect(churn?.bytesPerSecond).toBeCloseTo(100, 1);
    expect(churn).toMatchObject({ ownBytesPerSecond: null, cycles: 19 });
  });

  test("without the monitor's own garbage, where that was measured", () => {
    // 101 collections over 100 minutes with 501 readings: 400 of them leave 144 bytes in a cycle, 9.6 bytes a second.
    const churn = churnOf(cycles(101, 100), { probeGarbageBytes: 144, readings: 501 });
    expect(churn?.ownBytesPerSecond).toBeCloseTo(9.6, 6);
    expect(churn?.bytesPerSecond).toBeCloseTo(90.4, 1);
    expect(churnOf(cycles(101, 5), { probeGarbageBytes: 144, readings: 501 })?.bytesPerSecond).toBe(0);
  });

  test("a collection by the board itself, or a hole in the history, is no cycle", () => {
    const some = cycles(40, 100);
    some[10] = { ...some[10]!, beforeUsedBytes: 20_000 };
    const holed = some.filter((_, index) => index < 15 || index > 30);
    const churn = churnOf(holed, unmeasured);
    expect(churn?.cycles).toBe(holed.length - 3);
    expect(churn?.bytesPerSecond).toBeCloseTo(100, 1);
  });

  test("takes two collections", () => {
    expect(churnOf(cycles(1, 100), unmeasured)).toBeNull();
    expect(churnOf([], unmeasured)).toBeNull();
  });
});

describe("what collections buy", () => {
  const churn = (bytesPerSecond: number) => ({
    bytesPerSecond,
    busyBytesPerSecond: bytesPerSecond,
    ownBytesPerSecond: 0,
    cycles: 100,
  });

  test("is the medians of the newest hundred", () => {
    expect(collectionsWorth(cycles(300, 100), churn(100))).toMatchObject({
      count: 100,
      intervalSeconds: 60,
      reclaimedBytes: 5_995,
      largestFreeGainBytes: 1_024,
      fragmentationBefore: 0.3,
      fragmentationAfter: 0.1,
      pauseMs: 8,
    });
    expect(collectionsWorth([], null)).toBeNull();
  });

  test("is worth it once a quarter of the free memory is garbage", () => {
    const worth = collectionsWorth(cycles(20, 100), churn(100));
    expect(worth?.worthIntervalSeconds).toBe(375);
    expect(worth?.worthBecause).toMatch(
      /^One every 6 min, not every 60 s, would be often enough: by then about 36\.6 KiB of garbage would have gathered/,
    );
  });

  test("and says whether that is more or less often than now", () => {
    const words = (bytesPerSecond: number) =>
      collectionsWorth(cycles(20, 100), churn(bytesPerSecond))?.worthBecause;
    expect(words(3_000)).toMatch(/^One every 13 s, more often than now, would be worth its pause: /);
    expect(words(1_000)).toMatch(/^One every 38 s, little more often than now, would be worth its pause: /);
    expect(words(625)).toMatch(/^Every 60 s is as often as it is worth: /);
  });

  test("but pauses take at most 1 % of the time", () => {
    const slow = cycles(20, 100).map((cycle) => ({ ...cycle, pauseMs: 5_000 }));
    expect(collectionsWorth(slow, churn(100))?.worthIntervalSeconds).toBe(500);
    const unknown = cycles(20, 100).map((cycle) => ({ ...cycle, pauseMs: null }));
    expect(collectionsWorth(unknown, churn(100))).toMatchObject({ pauseMs: null, worthIntervalSeconds: 375 });
  });

  test("and is not where the board collects by itself before that, or where there is no garbage", () => {
    const slow = cycles(20, 100).map((cycle) => ({ ...cycle, pauseMs: 20_000 }));
    expect(collectionsWorth(slow, churn(100))).toMatchObject({
      worthIntervalSeconds: null,
      worthBecause: expect.stringContaining("the board then collects by itself"),
    });
    expect(collectionsWorth(cycles(20, 0), churn(0))?.worthIntervalSeconds).toBeNull();
    expect(collectionsWorth(cycles(1, 0), null)?.worthBecause).toContain("two collections");
  });
});
