import fc from "fast-check";
import { expect, test } from "vitest";
import { marksNear, placeMarks } from "../../../src/dashboard/charts/chart-marks.ts";
import { markText } from "../../../src/dashboard/charts/chart-words.ts";
import {
  labelRows,
  mostLabels,
  placeLabels,
  shortLabel,
} from "../../../src/dashboard/charts/place-labels.ts";
import type { MarkEvent } from "../../../src/dashboard/marks/mark-events.ts";

const event = (kind: MarkEvent["kind"], label: string, fromMs: number | null, atMs: number): MarkEvent => ({
  ...{ kind, label, key: label, fromMs, atMs, usedBytes: 2048, largestFreeBytes: null },
  cost: null,
});

test("within a measured block it is told, and of nested ones the inner", () => {
  const marks = placeMarks([
    event("block", "inner", 4_000, 6_000),
    event("block", "outer", 1_000, 60_000),
    event("block", "short", null, 30_000),
    event("point", "after wifi", null, 30_100),
  ]);
  const near = (atMs: number): readonly string[] =>
    marksNear(marks, atMs, 500).map((mark) => markText(mark).replace(/:.*/, ""));
  expect(near(5_000)).toEqual(["inner"]);
  expect(near(10_000)).toEqual(["outer"]);
  expect(near(70_000)).toEqual([]);
  expect(near(30_000)).toEqual(["outer", "after wifi"]);
  expect(marksNear(marks.slice(2), 30_050, 500).map(markText)).toEqual([
    "short: what it cost is being asked",
    "after wifi: 2.0 KiB used",
  ]);
});

test("labels do not cover each other, stay within the chart, and the newest have theirs", () => {
  const items = fc.array(
    fc.record({ x: fc.integer({ min: 0, max: 800 }), width: fc.integer({ min: 20, max: 130 }) }),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(items, (unordered) => {
      const ordered = [...unordered].sort((one, other) => one.x - other.x);
      const places = placeLabels(ordered, 0, 800);
      const boxes = places.flatMap((place, at) =>
        place === null ? [] : [{ ...place, right: place.left + ordered[at]!.width }],
      );
      expect(boxes.length).toBeLessThanOrEqual(mostLabels);
      if (ordered.length > 0) expect(places.at(-1)).not.toBeNull();
      boxes.forEach(({ row, left, right }, at) => {
        expect([left >= 0, right <= 800, row < labelRows]).toEqual([true, true, true]);
        for (const other of boxes.slice(at + 1))
          expect(other.row !== row || other.left >= right || other.right <= left).toBe(true);
      });
    }),
  );
});

test("a long label is cut between letters", () => {
  expect(shortLabel("after wifi")).toBe("after wifi");
  expect([...shortLabel("🐍".repeat(40))]).toHaveLength(18);
});
