import fc from "fast-check";
import { expect, test } from "vitest";
import { cellsOfMap } from "../../../src/dashboard/map/map-cells.ts";
import { changeBetween } from "../../../src/dashboard/map/map-marks.ts";
import { diffMaps } from "../../../src/heap/map-diff.ts";
import { mapOf as blockMapOf } from "../../support/block-maps.ts";
import { mapAt, mapOf } from "./support.ts";

test("blocks appear, go, and become something else", () => {
  const change = changeBetween(cellsOfMap(mapOf("h=.L=")), cellsOfMap(mapOf("h.TLT")));
  expect(change).toMatchObject({
    kind: "compared",
    totals: { appeared: 1, went: 1, changed: 1 },
    areasDiffer: false,
  });
  expect(change.kind === "compared" && [...change.marks[0]!]).toEqual([0, 2, 1, 0, 3]);
});

test("an area that came, went, grew or shrank counts against free blocks", () => {
  const one = cellsOfMap(
    mapAt([
      ["a0", "hh.h"],
      ["b0", "h="],
    ]),
  );
  const other = cellsOfMap(
    mapAt([
      ["a0", "hh"],
      ["c0", "T=."],
    ]),
  );
  const change = changeBetween(one, other);
  expect(change).toMatchObject({ totals: { appeared: 2, went: 3, changed: 0 }, areasDiffer: true });
});

test("blocks of different sizes have nothing in common", () => {
  expect(changeBetween(cellsOfMap(mapAt([["0", "h"]], 16)), cellsOfMap(mapAt([["0", "h"]], 32)))).toEqual({
    kind: "incomparable",
  });
});

test("the marks are those of the daemon's own comparison", () => {
  const text = fc.array(fc.constantFrom("h", "L=", "T===", ".", "...."), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [older, newer] = [one.join(""), other.join("")];
      const change = changeBetween(
        cellsOfMap(mapAt([["10000", older]])),
        cellsOfMap(mapAt([["10000", newer]])),
      );
      const { totals } = diffMaps(blockMapOf(older), blockMapOf(newer));
      expect(change.kind === "compared" && change.totals).toEqual(totals);
    }),
    { numRuns: 50 },
  );
});
