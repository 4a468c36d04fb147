import { expect, test } from "vitest";
import type { SeriesView } from "../../../src/client/views.ts";
import { pathOf } from "../../../src/dashboard/overview/sparkline-path.ts";
import { summaryText } from "../../../src/dashboard/overview/summary.ts";

const known = { alertsKnown: true, isPast: false };
const fine = { level: "none", about: "state", what: "ready" } as const;
const alert = (level: "critical" | "warning" | "info") => ({ level, about: "alert", what: "rule" }) as const;
const state = (what: string) => ({ level: "info", about: "state", what }) as const;

test("the heading says how many boards need attention, and how badly", () => {
  expect(summaryText([alert("critical"), fine], known)).toBe("1 of 2 boards needs attention: 1 critical");
  const many = [alert("warning"), alert("critical"), alert("warning"), state("busy")];
  expect(summaryText(many, known)).toBe("3 of 4 boards need attention: 1 critical, 2 with a warning");
  expect(summaryText(many, { ...known, isPast: true })).toMatch(/^3 of 4 boards needed attention/);
});

test("the heading calls no board fine that is not watched", () => {
  expect(summaryText([fine], known)).toBe("The board is fine");
  expect(summaryText([fine, fine, fine], known)).toBe("All 3 boards are fine");
  expect(summaryText([state("released"), fine, fine], known)).toBe("2 boards are fine, 1 is released");
  expect(summaryText([state("busy"), state("console"), state("busy"), fine, alert("info")], known)).toBe(
    "1 board is fine, 2 are busy, 1 has a console open, 1 has a notice",
  );
  expect(summaryText([state("busy")], known)).toBe("The board is busy");
  expect(summaryText([state("not read yet"), state("not read yet")], known)).toBe(
    "All 2 boards are not read yet",
  );
});

test("the heading says no more than is known", () => {
  const options = { alertsKnown: false, isPast: false };
  expect(summaryText([fine, fine], options)).toBe("All 2 boards seem fine");
  expect(summaryText([fine, fine], { ...known, isPast: true })).toBe("All 2 boards were fine");
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
