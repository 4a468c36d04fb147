import { expect, test } from "vitest";
import type { SeriesView } from "../../../src/client/views.ts";
import {
  collectionMarks,
  mapMarks,
  mappedReadings,
  marksNear,
  missedMarks,
} from "../../../src/dashboard/charts/chart-marks.ts";
import {
  chartRows,
  columnsOf,
  filledPart,
  longestStepMs,
  rowsWithin,
  type SeriesSet,
} from "../../../src/dashboard/charts/chart-rows.ts";
import { markText, rowText, spreadText, tickText } from "../../../src/dashboard/charts/chart-words.ts";
import { sizeText } from "../../../src/shared/units-text.ts";
import { sampleCollection, sampleMap, sampleMissed, sampleReading } from "../../support/samples.ts";

const noonMs = Date.parse("2026-11-27T12:00:00.000Z");
const at = (seconds: number): string => new Date(noonMs + seconds * 1000).toISOString();

/** Buckets of 60 s from noon to 12:05:30; each value as [seconds, mean, min, max]. */
function series(values: readonly (readonly [number, number, number, number])[]): SeriesView {
  return {
    boardId: "b",
    metric: "m",
    from: at(0),
    to: at(330),
    bucketSeconds: 60,
    source: "single",
    buckets: values.map(([seconds, mean, min, max]) => ({ at: at(seconds), mean, min, max, count: 6 })),
  };
}

const used = series([
  [0, 10, 8, 12],
  [60, 11, 11, 11],
  [180, 12, 12, 12],
  [300, 13, 13, 13],
]);
const set: SeriesSet = {
  used,
  free: used,
  largest: series([[0, 5, 4, 6]]),
  fragmentation: series([]),
  reclaimed: series([
    [60, 100, 50, 150],
    [300, 7, 7, 7],
  ]),
};
const reading = (seconds: number) => sampleReading({ id: 1000 + seconds, at: at(seconds) });

test("a missing bucket leaves a gap where buckets hold several readings", () => {
  const columns = columnsOf(chartRows(set, []), 10_000);
  // 0, 60, gap, 180, gap, 300
  expect(columns.lines.used[0]).toEqual([10, 11, null, 12, null, 13]);
  expect(columns.lines.used[1]).toEqual([8, 11, null, 12, null, 13]);
  expect(columns.x[0]).toBe(noonMs / 1000 + 30);
  expect(columns.rows[2]).toBeNull();
  expect(columns.gaps).toHaveLength(2);
  expect(columns.x).toEqual([...columns.x].sort((one, other) => one - other));
});

test("a bucket that is narrower than the interval may be empty without a gap", () => {
  expect(columnsOf(chartRows(set, []), 60_000).lines.used[0]).toEqual([10, 11, 12, 13]);
  expect(longestStepMs(60_000, 60_000)).toBe(150_000);
  expect(longestStepMs(60_000, 10_000)).toBe(90_000);
  expect(longestStepMs(0, 2_000)).toBe(5_000);
  expect(longestStepMs(0, null)).toBe(150_000);
});

test("what is known of one line only is unknown in the others", () => {
  const [first, second] = chartRows(set, []);
  expect(first?.largest).toEqual({ mean: 5, min: 4, max: 6 });
  expect(second?.largest).toBeNull();
  expect(first?.fragmentation).toBeNull();
});

test("readings of the feed take the place of the last bucket where they cover it, else follow the series", () => {
  const covering = chartRows(set, [290, 300, 310, 340].map(reading));
  expect(covering.map(({ atMs }) => (atMs - noonMs) / 1000)).toEqual([30, 90, 210, 300, 310, 340]);
  const later = chartRows(set, [310, 320, 331, 340].map(reading));
  expect(later.map(({ atMs }) => (atMs - noonMs) / 1000)).toEqual([30, 90, 210, 315, 331, 340]);
});

test("without series the feed's readings stand alone, those of no known time left out", () => {
  const rows = chartRows(undefined, [sampleReading({ largestFreeBytes: null }), { ...reading(0), at: null }]);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.largest).toBeNull();
  expect(rows[0]?.used?.mean).toBe(8848);
});

test("a hole between live readings is a gap", () => {
  const columns = columnsOf(chartRows(undefined, [0, 10, 36, 46].map(reading)), 10_000);
  expect(columns.lines.used[0].filter((value) => value === null)).toHaveLength(1);
  expect(columns.gaps).toEqual([{ fromMs: noonMs + 10_000, toMs: noonMs + 36_000 }]);
});

test("readings from before the interval was shortened are joined by a line", () => {
  const rows = chartRows(undefined, [0, 60, 120, 181, 240, 300, 305, 310, 315, 320, 325].map(reading));
  expect(columnsOf(rows, 5_000).gaps).toEqual([]);
  // Stored ones come in buckets, of which four in five are empty.
  const minutes = series(Array.from({ length: 10 }, (_, minute) => [minute * 60, 10, 10, 10] as const));
  const thin = { ...minutes, bucketSeconds: 12, to: at(600) };
  const stored = chartRows({ ...set, used: thin, free: thin, largest: thin, fragmentation: thin }, []);
  expect(columnsOf(stored, 5_000).gaps).toEqual([]);
});

test("a hole among them is one by what was usual then", () => {
  const rows = chartRows(undefined, [0, 60, 120, 180, 400, 460, 520, 580, 585, 590, 595].map(reading));
  expect(columnsOf(rows, 5_000).gaps).toEqual([{ fromMs: noonMs + 180_000, toMs: noonMs + 400_000 }]);
});

test("a range that is mostly empty is shown from its first reading on", () => {
  const whole = { fromMs: noonMs - 3_600_000, toMs: noonMs };
  const from = (seconds: number) =>
    filledPart(chartRows(undefined, [seconds, seconds + 10].map(reading)), whole);
  expect(from(-300)).toEqual({ fromMs: noonMs - 300_000, toMs: noonMs });
  expect(from(-20)).toEqual({ fromMs: noonMs - 60_000, toMs: noonMs });
  expect(from(-1_000)).toBeNull();
  // There was something before it.
  expect(from(-3_605)).toBeNull();
  expect(filledPart([], whole)).toBeNull();
});

test("what should have come since the last reading is a gap up to now", () => {
  const rows = chartRows(undefined, [0, 10].map(reading));
  expect(columnsOf(rows, 10_000, noonMs + 30_000).gaps).toEqual([]);
  const late = columnsOf(rows, 10_000, noonMs + 60_000);
  expect(late.gaps).toEqual([{ fromMs: noonMs + 10_000, toMs: noonMs + 60_000 }]);
  expect(late.x).toHaveLength(2);
});

test("points outside the range go, but one at either side", () => {
  const rows = chartRows(undefined, [0, 10, 20, 30, 40].map(reading));
  const within = rowsWithin(rows, noonMs + 15_000, noonMs + 25_000);
  expect(within.map(({ atMs }) => (atMs - noonMs) / 1000)).toEqual([10, 20, 30]);
  expect(rowsWithin([], 0, 1)).toEqual([]);
  expect(rowsWithin(rows, noonMs + 50_000, noonMs + 60_000)).toHaveLength(1);
});

test("collections are marked by bucket, then one by one", () => {
  const marks = collectionMarks(set.reclaimed, [
    sampleCollection({ at: at(320) }),
    sampleCollection({ at: at(335), reclaimedBytes: 64 }),
  ]);
  expect(marks.map((mark) => (mark.atMs - noonMs) / 1000)).toEqual([90, 330, 335]);
  expect(marks.map(markText)).toEqual([
    "6 collections, 100 B reclaimed each (mean)",
    "6 collections, 7 B reclaimed each (mean)",
    "collection: 64 B reclaimed",
  ]);
});

test("a map that both REST and the feed told of is marked once", () => {
  const mapped = { ...reading(10), map: sampleMap };
  const marks = mapMarks(mappedReadings([mapped], [reading(5), mapped, { ...mapped, id: 7, at: at(20) }]));
  expect(marks.map((mark) => mark.kind === "map" && mark.readingId)).toEqual([1010, 7]);
});

test("maps and missed readings are bounded", () => {
  const many = Array.from({ length: 500 }, (_, id) => sampleMissed({ id: id + 1, at: at(id) }));
  const marks = missedMarks(many, many);
  expect(marks).toHaveLength(200);
  expect(marks.at(-1)?.atMs).toBe(noonMs + 499_000);
});

test("at the cursor the nearest mark of each kind is told", () => {
  const marks = [
    ...missedMarks([sampleMissed({ id: 1, at: at(4) })], []),
    ...mapMarks([{ ...reading(9), map: sampleMap }, reading(12)]),
  ];
  expect(marksNear(marks, noonMs + 10_000, 3_000)).toEqual([
    { kind: "map", atMs: noonMs + 9_000, readingId: 1009 },
  ]);
});

test("values are told with their spread, gaps as gaps", () => {
  expect(spreadText({ mean: 2048, min: 1024, max: 4096 }, sizeText)).toBe("2.0 KiB (1.0 KiB to 4.0 KiB)");
  expect(spreadText({ mean: 5, min: 5, max: 5 }, sizeText)).toBe("5 B");
  expect(spreadText(null, sizeText)).toBe("–");
  expect(rowText(null)).toBe("no readings");
  expect(rowText(chartRows(set, [])[0] ?? null)).toBe(
    "used 10 B (8 B to 12 B), free 10 B (8 B to 12 B), largest free block 5 B (4 B to 6 B)",
  );
});

test("ticks tell no more than their distance asks for, and the day once", () => {
  const middayMs = new Date(2026, 10, 27, 12, 34, 56).getTime();
  expect(tickText(middayMs, 86_400, true)).toMatch(/27/);
  expect(tickText(middayMs, 86_400, true)).not.toMatch(/34/);
  expect(tickText(middayMs, 600, false)).toMatch(/^12[:.]34( PM)?$/);
  expect(tickText(middayMs, 5, false)).toMatch(/^12[:.]34[:.]56( PM)?$/);
  expect(tickText(middayMs, 600, true)).toMatch(/^12[:.]34( PM)?\n.*27/);
});
