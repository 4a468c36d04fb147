import { expect, test } from "vitest";
import type { AnalysisView } from "../../../src/client/views.ts";
import { analysisFigures, isOutdated, pinText, pText } from "../../../src/dashboard/board/analysis-words.ts";
import {
  collectionsSummary,
  median,
  newestCollections,
} from "../../../src/dashboard/board/collections-list.ts";
import { timesApart } from "../../../src/dashboard/board/times-apart.ts";
import { sampleCollection, sampleTime } from "../../support/samples.ts";

const nothing: AnalysisView = {
  boardId: "b",
  from: sampleTime,
  to: sampleTime,
  counts: { readings: 0, collections: 3, maps: 0 },
  newest: null,
  leak: null,
  breaks: [],
  exhaustion: { sooner: null, heap: null, largestFree: null },
  largestFree: null,
  fragmentation: null,
  growth: [],
  churn: null,
  highWater: { mostUsed: null, leastLargestFree: null },
  collections: null,
  pins: [],
  findings: [],
};
const leak = {
  slopeBytesPerHour: 102.4,
  lowBytesPerHour: 90,
  highBytesPerHour: 114,
  endBytes: 9000,
  spreadBytes: 64,
  pValue: 0.0004,
  significant: true,
  points: 60,
  spanSeconds: 7200,
  from: sampleTime,
  to: sampleTime,
};
const pin = {
  area: "20003f80",
  offsetBytes: 0x1a40,
  usedBytes: 48,
  leftFreeBytes: 12_288,
  rightFreeBytes: 20_480,
  mergedFreeBytes: 32_816,
  gainBytes: 12_288,
  objects: [
    { letter: "h", offsetBytes: 0x1a40, blocks: 1, ageReadings: 3, since: sampleTime },
    { letter: "S", offsetBytes: 0x1a50, blocks: 2, ageReadings: 1, since: sampleTime },
  ],
};

test("what is unknown says what is missing", () => {
  const figures = analysisFigures(nothing);
  expect(figures.every(({ isKnown }) => !isKnown)).toBe(true);
  expect(figures[0]?.text).toBe(
    "Too little data: it takes 20 collections over an hour without a restart, and there are 3.",
  );
});

test("a board whose application reports by itself is not told to read a map", () => {
  const told = (isHelper: boolean) =>
    analysisFigures(nothing, isHelper)
      .map(({ text }) => text)
      .join("\n");
  expect(told(false)).toContain("“Read map now”");
  expect(told(true)).not.toContain("“Read map now”");
  expect(told(true)).toContain("map_every");
});

test("a trend over less than an hour is too little, whatever its figures", () => {
  const [trend, end] = analysisFigures({ ...nothing, leak: { ...leak, spanSeconds: 1740 } });
  expect(trend?.text).toMatch(/^Too little data: .* and there are 60 over 29 min\.$/);
  expect(end?.isKnown).toBe(false);
});

test("a leak is told with its interval, its p and when memory ends", () => {
  const when = { seconds: 90_000, earliestSeconds: 80_000, latestSeconds: null, expectedAt: sampleTime };
  const [trend, end] = analysisFigures({
    ...nothing,
    leak,
    exhaustion: { sooner: "heap", heap: when, largestFree: null },
  });
  expect(trend?.text).toBe("+102 B/h ± 12 B (95 %), p < 0.001, 60 collections over 2 h.");
  expect(end).toMatchObject({
    text: "The heap is full in about 25 h (22 h to never), if it goes on.",
    at: sampleTime,
  });
});

test("a range that reads like its middle is left out, and one collection is over no time", () => {
  const when = { seconds: 25_000, earliestSeconds: 24_600, latestSeconds: 25_900, expectedAt: sampleTime };
  const [, end] = analysisFigures({
    ...nothing,
    leak,
    exhaustion: { sooner: "heap", heap: when, largestFree: null },
  });
  expect(end?.text).toBe("The heap is full in about 7 h, if it goes on.");
  const [trend] = analysisFigures({ ...nothing, leak: { ...leak, points: 1, spanSeconds: 0 } });
  expect(trend?.text).toMatch(/and there is 1\.$/);
  const [anew] = analysisFigures({ ...nothing, breaks: [sampleTime] });
  expect(anew?.text).toMatch(/since memory last began anew, and there is 1\.$/);
});

test("an analysis is asked for again when a collection came a minute after it", () => {
  const to = "2026-11-22T17:00:00.000Z";
  expect(isOutdated({ to }, undefined)).toBe(false);
  expect(isOutdated({ to }, "2026-11-22T17:00:59.000Z")).toBe(false);
  expect(isOutdated({ to }, "2026-11-22T17:01:01.000Z")).toBe(true);
});

test("a trend that may be chance says so", () => {
  const [trend, end] = analysisFigures({
    ...nothing,
    leak: { ...leak, slopeBytesPerHour: -3, pValue: 0.21, significant: false },
  });
  expect(trend?.text).toMatch(/^−3 B\/h .* p = 0\.21, .* No significant trend\.$/);
  expect(end?.text).toBe("Not in sight, as things go.");
  expect([0.0421, 0.00099].map(pText)).toEqual(["p = 0.042", "p < 0.001"]);
});

test("pins name what stands between free runs", () => {
  expect(pinText(pin)).toBe(
    "2 objects of 48 B in all keep 12.0 KiB apart (at +0x1a40); without them 32.0 KiB would be in one piece.",
  );
  expect(pinText({ ...pin, objects: pin.objects.slice(0, 1) })).toMatch(/^1 object of 48 B keeps 12\.0 KiB/);
});

test("times in a sentence can be shown in the viewer's zone", () => {
  expect(timesApart("Most at 2026-11-22T17:00:00.123Z: 5 B.")).toEqual([
    "Most at ",
    { at: "2026-11-22T17:00:00.123Z" },
    ": 5 B.",
  ]);
  expect(timesApart("No time.")).toEqual(["No time."]);
});

test("collections of REST and feed stand each once, the newest first", () => {
  const one = sampleCollection({ id: 1, at: "2026-11-22T17:00:01.000Z" });
  const two = sampleCollection({ id: 2, at: "2026-11-22T17:00:02.000Z" });
  expect(newestCollections([one, two], [two]).map(({ id }) => id)).toEqual([2, 1]);
  const many = Array.from({ length: 40 }, (_, id) => sampleCollection({ id: id + 10 }));
  expect(newestCollections(many, [])).toHaveLength(20);
});

test("collections are summed up by their medians", () => {
  expect(median([])).toBeNull();
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(collectionsSummary([])).toBe("");
  expect(collectionsSummary([sampleCollection(), sampleCollection({ pauseMs: null })])).toBe(
    "Median of 2 collections: 4.0 KiB reclaimed, with a pause of 3.25 ms.",
  );
});
