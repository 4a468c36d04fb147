import { describe, expect, onTestFinished, test } from "vitest";
import { analyzeHistory, compareMaps, trendOf } from "../../src/app/board-analysis.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, Store } from "../../src/store/store-types.ts";
import { hourMs, minuteMs, type Simulation, simulate, startMs } from "../analysis/simulate.ts";
import { dumpText } from "../support/block-maps.ts";
import { sampleReading, sampleSnapshot } from "../support/samples.ts";
import { appendCollections } from "../support/stored-collections.ts";

const board = "e6614103e7452d2f";

function storeWith(simulation: Simulation | null, events: readonly NewEvent[] = []): Store {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  store.append(events);
  if (simulation !== null) appendCollections(store, simulate(simulation));
  return store;
}

const span = (minutes: number) => ({ fromMs: startMs, toMs: startMs + minutes * minuteMs });
const leaking = { seed: 1, minutes: 2_880, leakBytesPerMinute: 100 };
const mapReading = (blocks: string, atMs: number): NewEvent => ({
  type: "reading",
  data: sampleReading({
    at: new Date(atMs).toISOString(),
    map: {
      areas: [{ base: "10000", blocks: 64 }],
      verified: true,
      freeRuns: 2,
      histogram: [],
      types: { S: { objects: 1, blocks: 2 } },
    },
  }),
  dump: bytesOf(dumpText([blocks])),
});

describe("a leaking board", () => {
  test("is told with slope, time and sentences", () => {
    const analysis = analyzeHistory(storeWith(leaking), board, span(2_880), 144);
    expect(analysis.counts).toEqual({ readings: 5_759, collections: 2_880, maps: 0 });
    expect(analysis.leak?.significant).toBe(true);
    expect(analysis.leak?.slopeBytesPerHour).toBeGreaterThan(5_700);
    expect(analysis.leak?.slopeBytesPerHour).toBeLessThan(6_300);
    // Its largest run is half of what is free, so both run out at the same time.
    expect(analysis.exhaustion.heap?.seconds).toBeCloseTo(analysis.exhaustion.largestFree!.seconds, -4);
    expect(analysis.findings[0]).toMatch(/^Used memory after collection grows by 5\.\d KiB per hour/);
    expect(analysis.findings[1]).toMatch(
      /^At this rate the (heap is full|largest free run is used up) in about \d+ days/,
    );
    expect(analysis.churn?.ownBytesPerSecond).toBeCloseTo(144 / 60, 1);
    expect(analysis.breaks).toEqual([]);
  });

  test("gives alert rules its slope and the time from now", () => {
    const store = storeWith(leaking);
    const now = trendOf(store, board, startMs + 2_880 * minuteMs);
    expect(now.leakBytesPerHour).toBeGreaterThan(5_700);
    const later = trendOf(store, board, startMs + 2_880 * minuteMs + hourMs / 2);
    expect(now.timeToExhaustionSeconds! - later.timeToExhaustionSeconds!).toBeCloseTo(1_800, 3);
  });

  test("that restarted is looked at from then on, by its reported restarts", () => {
    const { counts } = sampleSnapshot();
    const mark = (minute: number, restarts: number): NewEvent => ({
      type: "board",
      boardId: board,
      at: new Date(startMs + minute * minuteMs).toISOString(),
      data: sampleSnapshot({ counts: { ...counts, restarts } }),
    });
    const simulation = { seed: 2, minutes: 600, noiseBytes: 2_000, leakBytesPerMinute: 30, restarts: [300] };
    const restarted = analyzeHistory(
      storeWith(simulation, [mark(299, 0), mark(300, 1)]),
      board,
      span(600),
      null,
    );
    expect(restarted.breaks).toEqual([new Date(startMs + 300 * minuteMs).toISOString()]);
    expect(restarted.leak).toMatchObject({ significant: true, points: 300 });
    expect(restarted.findings.join("\n")).toContain(
      "Memory began anew at 2026-11-16T05:00:00.000Z, as after a restart",
    );
  });
});

test("a restart is remembered when more come, and no finding denies one", () => {
  const { counts } = sampleSnapshot();
  const mark = (minute: number, restarts: number): NewEvent => ({
    type: "board",
    boardId: board,
    at: new Date(startMs + minute * minuteMs).toISOString(),
    data: sampleSnapshot({ counts: { ...counts, restarts } }),
  });
  const restarts = [6, 12, 18, 24];
  const simulation = { seed: 1, minutes: 26, leakBytesPerMinute: 50_000, restarts };
  // Before the fourth the daemon restarted: its count began again.
  const marks = [mark(0, 0), mark(6, 1), mark(12, 2), mark(18, 3), mark(24, 1)];
  const store = storeWith(simulation, marks);
  for (const minutes of [11, 17, 26]) {
    const { breaks, findings } = analyzeHistory(store, board, span(minutes), null);
    expect(breaks, `${minutes}`).toHaveLength(restarts.filter((minute) => minute < minutes).length);
    expect(findings[0]).toContain("over 60 min since memory last began anew");
    expect(findings.join(" ")).not.toMatch(/without a restart|rhythm/);
  }
});

test("a rhythm of falls without reported restarts is said to be one", () => {
  const restarts = [400, 800, 1_200, 1_600];
  const { breaks, findings } = analyzeHistory(
    storeWith({ seed: 6, minutes: 2_000, noiseBytes: 500, leakBytesPerMinute: 100, restarts }),
    board,
    span(2_000),
    null,
  );
  expect(breaks).toEqual([]);
  expect(findings.join("\n")).toContain("fell suddenly 4 times");
});

describe("alert rules", () => {
  test("hear 0 of a board that does not leak, and null where it is too early or too long ago", () => {
    const store = storeWith({ seed: 3, minutes: 600 });
    const endMs = startMs + 600 * minuteMs;
    expect(trendOf(store, board, endMs)).toEqual({ leakBytesPerHour: 0, timeToExhaustionSeconds: null });
    const untold = { leakBytesPerHour: null, timeToExhaustionSeconds: null };
    expect(trendOf(store, board, startMs + 30 * minuteMs)).toEqual(untold);
    expect(trendOf(store, board, endMs + 2 * hourMs)).toEqual(untold);
    expect(trendOf(store, "nobody", endMs)).toEqual(untold);
  });
});

test("a steady board is called steady, and no leak", () => {
  const { leak, exhaustion, findings } = analyzeHistory(
    storeWith({ seed: 4, minutes: 1_440 }),
    board,
    span(1_440),
    null,
  );
  expect(leak?.significant).toBe(false);
  expect(exhaustion).toEqual({ sooner: null, heap: null, largestFree: null });
  expect(findings[0]).toBe(
    "Used memory after collection shows no trend beyond its usual ups and downs, over the last 1440 collections in 24 h.",
  );
  expect(findings.join(" ")).not.toMatch(/grows|full in/);
});

test("too little data is said to be too little, and everything else is null", () => {
  const early = analyzeHistory(storeWith({ seed: 5, minutes: 10 }), board, span(60), null);
  expect(early.findings[0]).toBe(
    "It is too early to tell whether memory leaks: that takes 20 collections over 60 min, and there are 10 over 9 min so far.",
  );
  const nothing = analyzeHistory(storeWith(null), board, span(60), null);
  expect(nothing).toMatchObject({
    newest: null,
    leak: null,
    fragmentation: null,
    churn: null,
    collections: null,
    growth: [],
    pins: [],
    highWater: { mostUsed: null, leastLargestFree: null },
  });
  expect(nothing.findings).toEqual([expect.stringContaining("No collection was stored")]);
});

test("the newest maps tell what pins a gap, since when, and which type is there", () => {
  const pinned = "hh....................SS=.......hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";
  const at = (minute: number) => startMs + minute * minuteMs;
  const maps = [mapReading("hh", at(0)), mapReading(pinned, at(5)), mapReading(pinned, at(10))];
  const analysis = analyzeHistory(storeWith(null, maps), board, span(60), null);
  expect(analysis.counts.maps).toBe(3);
  expect(analysis.pins[0]).toMatchObject({
    gainBytes: 7 * 16,
    objects: [{ letter: "S", ageReadings: 2, since: new Date(at(5)).toISOString() }, { letter: "S" }],
  });
  expect(analysis.growth[0]).toMatchObject({ letter: "S", blocks: 2, significant: false });
  expect(analysis.findings.join("\n")).toContain(
    "2 objects (48 bytes in all) at offset 0x160 of the area at 10000 keep",
  );
});

test("the monitor's garbage comes from the stored events where the board is gone", () => {
  const gone: NewEvent = {
    type: "board",
    boardId: board,
    at: new Date(startMs).toISOString(),
    data: sampleSnapshot(),
  };
  const store = storeWith({ seed: 6, minutes: 100 }, [gone]);
  expect(analyzeHistory(store, board, span(100), null).churn?.ownBytesPerSecond).toBeCloseTo(144 / 60, 1);
});

test("two stored maps are compared; a damaged one is named", () => {
  const store = storeWith(null, [mapReading("h=.S", startMs), mapReading("h=A.", startMs + 1)]);
  const [older, newer] = [store.mapOf(board, 1)!, store.mapOf(board, 2)!];
  expect(compareMaps(older, newer)).toMatchObject({
    kind: "compared",
    diff: { totals: { appeared: 1, went: 1, changed: 0 } },
  });
  const damaged = { ...older, dump: bytesOf("GC: nonsense") };
  expect(compareMaps(damaged, newer)).toEqual({ kind: "damaged", map: damaged });
  expect(compareMaps(newer, damaged)).toEqual({ kind: "damaged", map: damaged });
});
