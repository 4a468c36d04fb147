import { expect, test } from "vitest";
import type { SeriesView } from "../../../src/client/views.ts";
import { pathOf } from "../../../src/dashboard/overview/sparkline-path.ts";
import { summaryText } from "../../../src/dashboard/overview/summary.ts";

test("the heading says how many boards need attention, and how badly", () => {
  expect(summaryText(["none"])).toBe("The board is fine");
  expect(summaryText(["none", "info", "none"])).toBe("All 3 boards are fine");
  expect(summaryText(["critical", "none"])).toBe("1 of 2 boards needs attention: 1 critical");
  expect(summaryText(["warning", "critical", "warning", "none"])).toBe(
    "3 of 4 boards need attention: 1 critical, 2 with a warning",
  );
});

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 27, 0, minute)).toISOString();

function series(values: readonly (readonly [minute: number, min: number])[]): SeriesView {
  return {
    boardId: "b",
    metric: "largestFreeBytes",
    from: at(0),
    to: at(120),
    bucketSeconds: 600,
    source: "minute",
    buckets: values.map(([minute, min]) => ({ at: at(minute), min, mean: min + 1, max: min + 2, count: 3 })),
  };
}

test("a sparkline goes through the lows and is broken where a bucket is missing", () => {
  const path = pathOf(
    series([
      [0, 100],
      [10, 50],
      [60, 0],
    ]),
    100,
  );
  expect(path).toBe("M0.0 1.0h1L10.0 13.0M60.0 25.0h1");
});
