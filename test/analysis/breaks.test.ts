import { expect, test } from "vitest";
import { findBreaks as allBreaks, type LevelPoint, type Suspicion } from "../../src/analysis/breaks.ts";
import { columnsOf, reduced } from "../../src/analysis/series.ts";
import { fitTrend } from "../../src/analysis/trend.ts";
import { heapBytes, hourMs, minuteMs, simulate, startMs, usedSeries } from "./simulate.ts";

const findBreaks = (points: readonly LevelPoint[], suspicions?: readonly Suspicion[]) =>
  allBreaks(points, suspicions).breaksMs;
const at = (minute: number) => startMs + minute * minuteMs;

test("noise has no breaks, however long", () => {
  for (const seed of [1, 2, 3]) expect(findBreaks(simulate({ seed, minutes: 10_080 }))).toEqual([]);
});

test("a restart that gives back what leaked is found to the minute, reported or not", () => {
  const points = simulate({ seed: 1, minutes: 2_000, leakBytesPerMinute: 100, restarts: [1_200] });
  expect(findBreaks(points)).toEqual([at(1_200)]);
  expect(findBreaks(points, [{ fromMs: at(1_000), toMs: at(1_300) }])).toEqual([at(1_200)]);
});

test("a small fall counts only where a restart was reported", () => {
  const points = simulate({
    seed: 2,
    minutes: 600,
    noiseBytes: 2_000,
    extra: (minute) => (minute < 300 ? 8_000 : 0),
  });
  expect(findBreaks(points)).toEqual([]);
  expect(findBreaks(points, [{ fromMs: at(298), toMs: at(301) }])).toEqual([at(300)]);
});

test("a reported restart after which memory is where it was breaks nothing", () => {
  const points = simulate({ seed: 3, minutes: 600, leakBytesPerMinute: 100 });
  expect(findBreaks(points, [{ fromMs: at(300), toMs: at(302) }])).toEqual([]);
});

test("a gap breaks the series where memory fell during it, and not where it went on", () => {
  const isRead = (minute: number) => minute < 300 || minute > 400;
  const on = simulate({ seed: 4, minutes: 700, leakBytesPerMinute: 100, isRead });
  expect(findBreaks(on)).toEqual([]);
  const anew = simulate({ seed: 4, minutes: 700, leakBytesPerMinute: 100, isRead, restarts: [350] });
  expect(findBreaks(anew)).toEqual([at(401)]);
});

test("another heap size is a break, unless the heap is one that grows", () => {
  const points = simulate({ seed: 5, minutes: 100 });
  const larger = points.map((point, index) => (index < 50 ? point : { ...point, totalBytes: heapBytes * 2 }));
  expect(findBreaks(larger)).toEqual([at(50)]);
  expect(findBreaks(larger.map((point) => ({ ...point, growableBytes: 100_000 })))).toEqual([]);
});

test("what falls again and again is the application's rhythm, once or twice it is a restart", () => {
  const extra = (minute: number) => (minute % 500) * 100;
  expect(findBreaks(simulate({ seed: 6, minutes: 990, noiseBytes: 500, extra }))).toEqual([at(500)]);
  expect(findBreaks(simulate({ seed: 6, minutes: 2_400, noiseBytes: 500, extra }))).toEqual([]);
});

test("a reported restart is a break, whether a fall shows or not, and stays one in a rhythm of falls", () => {
  const told = (minute: number) => ({ fromMs: at(minute - 2), toMs: at(minute), isReported: true });
  const steady = simulate({ seed: 3, minutes: 600, leakBytesPerMinute: 100 });
  expect(findBreaks(steady, [told(300)])).toEqual([at(300)]);
  expect(findBreaks(steady, [told(0), told(700)])).toEqual([]);
  // A leak so fast that its own steps are the noise, restarted every 6 minutes.
  const fast = simulate({ seed: 1, minutes: 26, leakBytesPerMinute: 50_000, restarts: [6, 12, 18, 24] });
  expect(findBreaks(fast, [told(6), told(12), told(18), told(24)])).toHaveLength(4);
  expect(findBreaks(fast.slice(0, 20), [told(6), told(12), told(18)])).toHaveLength(3);
});

test("falls at reported restarts are no rhythm, and a rhythm is counted", () => {
  const points = simulate({
    seed: 6,
    minutes: 2_000,
    noiseBytes: 500,
    leakBytesPerMinute: 100,
    restarts: [500, 1_000, 1_500],
  });
  expect(allBreaks(points)).toEqual({ breaksMs: [], rhythmFalls: 3 });
  const reported = [{ fromMs: at(990), toMs: at(1_001), isReported: true }];
  expect(allBreaks(points, reported)).toEqual({ breaksMs: [at(500), at(1_000), at(1_500)], rhythmFalls: 0 });
});

test("one low point at the end is no break, and three are", () => {
  const lowFrom = (minute: number) =>
    simulate({ seed: 1, minutes: 284, noiseBytes: 0, extra: (now) => (now < minute ? 60_000 : 0) });
  expect(findBreaks(lowFrom(283))).toEqual([]);
  expect(findBreaks(lowFrom(283), [{ fromMs: at(282), toMs: at(290) }])).toEqual([]);
  expect(findBreaks(lowFrom(281))).toEqual([at(281)]);
});

test("no points, no breaks", () => {
  expect(findBreaks([])).toEqual([]);
  expect(findBreaks(simulate({ seed: 1, minutes: 1 }))).toEqual([]);
});

test("a trend is of what came after the last break that has points after it", () => {
  const points = usedSeries(simulate({ seed: 7, minutes: 600, noiseBytes: 0 }));
  const trend = fitTrend(points, { breaksMs: [at(400), at(100), at(9_999)] });
  expect(trend).toMatchObject({ fromMs: at(400), points: 200, slopePerHour: 0, significant: false });
});

test("19 points, or 59 minutes, are too little for a trend, exact as it may be", () => {
  const line = (count: number, everyMs: number) =>
    fitTrend(
      Array.from({ length: count }, (_, index) => ({
        atMs: startMs + index * everyMs,
        value: index * 1_000,
      })),
    );
  expect(line(19, hourMs)?.significant).toBe(false);
  expect(line(20, hourMs)).toMatchObject({ significant: true, slopePerHour: 1_000 });
  expect(line(60, minuteMs)?.significant).toBe(false);
  expect(line(61, minuteMs)?.significant).toBe(true);
  expect(fitTrend([])).toBeNull();
  expect(fitTrend([{ atMs: startMs, value: 1 }])).toBeNull();
});

test("a change below the least that is worth a word is not significant", () => {
  const points = Array.from({ length: 100 }, (_, index) => ({ atMs: at(index), value: index }));
  expect(fitTrend(points, { leastChange: 99 })?.significant).toBe(true);
  expect(fitTrend(points, { leastChange: 100 })?.significant).toBe(false);
});

test("a long series is reduced to medians of equal times, and a line stays the same line", () => {
  const points = Array.from({ length: 10_000 }, (_, index) => ({ atMs: at(index), value: 5 * index }));
  const { hours, values } = reduced(columnsOf(points), 600);
  expect(hours.length).toBe(600);
  values.forEach((value, index) => {
    expect(value).toBeCloseTo(hours[index]! * 300, 6);
  });
  const few = columnsOf(points.slice(0, 600));
  expect(reduced(few, 600)).toEqual(few);
});
