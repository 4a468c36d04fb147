import { expect, test } from "vitest";
import {
  blockCount,
  cellsOfMap,
  largestFreeRun,
  letterOf,
  runAt,
  sameAreas,
  tailBit,
  tallyOf,
} from "../../../src/dashboard/map/map-cells.ts";
import { areaTitles, placeText } from "../../../src/dashboard/map/place-text.ts";
import { mapAt, mapOf } from "./support.ts";

const h = "h".charCodeAt(0);
const l = "L".charCodeAt(0);

test("each block has its letter, and tails say whose they are", () => {
  const cells = cellsOfMap(mapOf("h==.L=", ".."));
  expect(cells.areas.map(({ kinds }) => [...kinds])).toEqual([
    [h, h | tailBit, h | tailBit, 0, l, l | tailBit],
    [0, 0],
  ]);
  expect(blockCount(cells)).toBe(8);
  expect(letterOf(l | tailBit)).toBe("L");
  expect(letterOf(0)).toBe(".");
});

test("a run of tails by itself goes on with the object before it", () => {
  const map = mapOf("L==.");
  const split = {
    ...map,
    areas: [
      {
        base: "0",
        blocks: 4,
        runs: [
          ["L", 1],
          ["=", 2],
          [".", 1],
        ] as const,
      },
    ],
  };
  expect(cellsOfMap(split).areas[0]!.kinds).toEqual(cellsOfMap(map).areas[0]!.kinds);
});

test("any block leads to its whole object or free run", () => {
  const { kinds } = cellsOfMap(mapOf("h==hh=..L")).areas[0]!;
  const runs = [...kinds.keys()].map((block) => runAt(kinds, block));
  expect(runs.map(({ letter, start, length }) => `${letter}${start}+${length}`)).toEqual(
    "h0+3 h0+3 h0+3 h3+1 h4+2 h4+2 .6+2 .6+2 L8+1".split(" "),
  );
});

test("the largest free run does not span areas, and is the first of equals", () => {
  expect(largestFreeRun(cellsOfMap(mapOf("h..", "..h..")))).toEqual({ area: 0, block: 1, length: 2 });
  expect(largestFreeRun(cellsOfMap(mapOf("h..", "h...")))).toEqual({ area: 1, block: 1, length: 3 });
  expect(largestFreeRun(cellsOfMap(mapOf("h==")))).toBeNull();
});

test("the legend counts objects and blocks, the most first and free last", () => {
  expect(tallyOf(cellsOfMap(mapOf("h==hL=====.", ".h.")))).toEqual([
    { letter: "L", objects: 1, blocks: 6 },
    { letter: "h", objects: 3, blocks: 5 },
    { letter: ".", objects: 3, blocks: 3 },
  ]);
});

test("areas are the same where bases and sizes are", () => {
  const one = cellsOfMap(mapOf("h..", "..."));
  expect(sameAreas(one, cellsOfMap(mapOf("...", "hhh")))).toBe(true);
  expect(sameAreas(one, cellsOfMap(mapOf("...", "hhhh")))).toBe(false);
  expect(sameAreas(one, cellsOfMap(mapOf("...")))).toBe(false);
});

test("a block is described by offset, address, type, run and size", () => {
  const cells = cellsOfMap(mapAt([["20003f80", `h${".".repeat(30)}A===`]]));
  expect(placeText(cells, { area: 0, block: 33 })).toEqual({
    offset: "0x210",
    address: "0x20004190",
    what: "bytearray or array (A)",
    size: "4 blocks, 64 B",
    part: "block 3 of 4",
    sentence: "offset 0x210: bytearray or array (A), 4 blocks, 64 B, block 3 of 4",
  });
  expect(placeText(cells, { area: 0, block: 1 })?.sentence).toBe(
    "offset 0x10: free run, 30 blocks, 480 B, block 1 of 30",
  );
  expect(placeText(cells, { area: 0, block: 35 })).toBeNull();
});

test("addresses of 64 bits keep all their digits", () => {
  const cells = cellsOfMap(mapAt([["7f1234567ff0", "h=="]], 32));
  expect(placeText(cells, { area: 0, block: 2 })?.address).toBe("0x7f1234568030");
  expect(areaTitles(cells)).toEqual(["from 0x7f1234567ff0 · 96 B"]);
});
