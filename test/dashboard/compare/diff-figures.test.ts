import fc from "fast-check";
import { expect, test } from "vitest";
import type { MapDiffView } from "../../../src/client/views.ts";
import {
  areaSentences,
  changeKinds,
  changeWords,
  largestChanges,
  letterRows,
  marksOfDiff,
  pairOf,
} from "../../../src/dashboard/compare/diff-figures.ts";
import { cellsOfMap } from "../../../src/dashboard/map/map-cells.ts";
import { changeBetween } from "../../../src/dashboard/map/map-marks.ts";
import { diffMaps } from "../../../src/heap/map-diff.ts";
import { mapOf as blockMapOf } from "../../support/block-maps.ts";
import { mapAt, readingOf } from "../map/support.ts";

/** As the daemon answers. */
function diffOf(older: string, newer: string): MapDiffView {
  return { older: readingOf(1), newer: readingOf(2), ...diffMaps(blockMapOf(older), blockMapOf(newer)) };
}

const cells = (text: string) => cellsOfMap(mapAt([["10000", text.padEnd(64, ".")]]));
const all = new Set(changeKinds);

test("the daemon's comparison marks the same cells as the page's own", () => {
  const text = fc
    .array(fc.constantFrom("h", "L=", "T===", ".", "...."), { maxLength: 15 })
    .map((parts) => `h${parts.join("")}`);
  fc.assert(
    fc.property(text, text, (older, newer) => {
      const change = changeBetween(cells(older), cells(newer));
      const marks = marksOfDiff(diffOf(older, newer), cells(newer), all);
      expect(change.kind === "compared" && change.marks).toEqual(marks);
    }),
    { numRuns: 50 },
  );
});

test("kinds that are not shown are not marked", () => {
  const marks = marksOfDiff(diffOf("h.L", ".TS"), cells(".TS"), new Set(["went"]));
  expect([...marks[0]!].slice(0, 4)).toEqual([2, 0, 0, 0]);
});

test("types are listed by their net change", () => {
  expect(letterRows(diffOf("h=======L.", "L.......SS"))).toEqual([
    { letter: "h", gainedBytes: 0, lostBytes: 128, netBytes: -128 },
    { letter: "S", gainedBytes: 32, lostBytes: 0, netBytes: 32 },
    { letter: "L", gainedBytes: 16, lostBytes: 16, netBytes: 0 },
  ]);
});

test("a head and its tails are one change, and the largest come first", () => {
  const changes = largestChanges(diffOf("h.......T=", "hA====..L="), 2);
  expect(changes.map(({ kind, offset, blocks }) => [kind, offset, blocks])).toEqual([
    ["appeared", 1, 5],
    ["changed", 8, 2],
  ]);
  expect(changes.map(changeWords)).toEqual(["array (A)", "tuple (T) → list (L)"]);
});

test("another object of the same type is said as such", () => {
  const [change] = largestChanges(diffOf("h===", "hh=="), 9);
  expect(change && changeWords(change)).toBe("other (h): another object in its place");
});

test("areas that came, went, grew or shrank are said", () => {
  const area = (base: string, olderBlocks: number | null, newerBlocks: number | null) => ({
    base,
    olderBlocks,
    newerBlocks,
    changes: [],
  });
  const areas = [
    area("a0", null, 64),
    area("b0", 64, null),
    area("c0", 64, 128),
    area("d0", 128, 64),
    area("e0", 64, 64),
  ];
  expect(areaSentences({ ...diffOf("h", "h"), areas })).toEqual([
    "The heap grew: the area at 0xa0 (1.0 KiB) is new.",
    "The area at 0xb0 (1.0 KiB) is gone, and not in the picture.",
    "The area at 0xc0 grew from 1.0 KiB to 2.0 KiB.",
    "The area at 0xd0 shrank from 2.0 KiB to 1.0 KiB.",
  ]);
});

test("without a choice the newest two are compared, with one of them its neighbour", () => {
  const maps = [3, 5, 9, 12].map(readingOf);
  expect(pairOf(maps, null, null)).toEqual({ from: 9, to: 12 });
  expect(pairOf(maps, 5, null)).toEqual({ from: 5, to: 12 });
  expect(pairOf(maps, null, 9)).toEqual({ from: 5, to: 9 });
  expect(pairOf(maps, 9, 3)).toEqual({ from: 3, to: 9 });
  expect(pairOf(maps, 1, 2)).toEqual({ from: 1, to: 2 });
});

test("with fewer than two maps there is no pair", () => {
  expect(pairOf([], null, null)).toBeNull();
  expect(pairOf([readingOf(3)], null, null)).toBeNull();
  expect(pairOf([readingOf(3)], null, 3)).toBeNull();
  expect(pairOf([readingOf(3), readingOf(4)], 4, 4)).toBeNull();
});
