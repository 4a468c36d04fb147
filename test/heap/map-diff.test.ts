import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockMap } from "../../src/heap/block-map.ts";
import { diffMaps, type MapDiff } from "../../src/heap/map-diff.ts";
import { packRun } from "../../src/heap/packed-runs.ts";
import { mapOf, textOf } from "../support/block-maps.ts";

const changes = (diff: MapDiff) =>
  diff.areas.flatMap((area) =>
    area.changes.map(({ kind, offset, blocks, from, to }) => [kind, offset, blocks, from, to]),
  );

test("blocks appear, go and change, each stretch told once", () => {
  const diff = diffMaps(mapOf("h==.S.hh"), mapOf("h==TA...h"));
  expect(changes(diff)).toEqual([
    ["appeared", 3, 1, ".", "T"],
    ["changed", 4, 1, "S", "A"],
    ["went", 6, 2, "h", "."],
    ["appeared", 8, 1, ".", "h"],
  ]);
  expect(diff.totals).toEqual({ appeared: 2, went: 2, changed: 1 });
  expect(diff.letters).toEqual({
    T: { gained: 1, lost: 0 },
    A: { gained: 1, lost: 0 },
    S: { gained: 0, lost: 1 },
    h: { gained: 1, lost: 2 },
  });
});

test("a head that became a tail is a change, and a tail says whose it is", () => {
  expect(changes(diffMaps(mapOf("hh"), mapOf("h=")))).toEqual([["changed", 1, 1, "h", "h="]]);
  expect(changes(diffMaps(mapOf("h=="), mapOf("S==")))).toEqual([
    ["changed", 0, 1, "h", "S"],
    ["changed", 1, 2, "h=", "S="],
  ]);
});

test("areas are told apart by their base: new, gone, larger, smaller", () => {
  const grown = diffMaps(mapOf("h"), mapOf(`h${".".repeat(100)}S`, "A="));
  expect(grown.areas.map(({ base, olderBlocks, newerBlocks }) => [base, olderBlocks, newerBlocks])).toEqual([
    ["10000", 64, 128],
    ["20000", null, 64],
  ]);
  expect(changes(grown)).toEqual([
    ["appeared", 101, 1, ".", "S"],
    ["appeared", 0, 1, ".", "A"],
    ["appeared", 1, 1, ".", "A="],
  ]);
  const shrunk = diffMaps(mapOf(`h${".".repeat(100)}S`, "A="), mapOf("h"));
  expect(shrunk.areas.map(({ olderBlocks, newerBlocks }) => [olderBlocks, newerBlocks])).toEqual([
    [128, 64],
    [64, null],
  ]);
  expect(shrunk.totals).toEqual({ appeared: 0, went: 3, changed: 0 });
});

test("maps of different block sizes have nothing in common", () => {
  const area = { base: "1", firstBlock: 0, blocks: 4 };
  const words = Uint32Array.of(packRun(0x2e, 0), packRun(0, 4));
  expect(() => diffMaps(new BlockMap([area], 16, words, 0), new BlockMap([area], 32, words, 0))).toThrow(
    RangeError,
  );
});

const area = fc
  .array(
    fc.oneof(
      fc.integer({ min: 1, max: 9 }).map((length) => ".".repeat(length)),
      fc
        .tuple(fc.constantFrom("h", "S", "A", "D"), fc.integer({ min: 0, max: 6 }))
        .map(([letter, tails]) => letter + "=".repeat(tails)),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((runs) => runs.join(""));
const map = fc.array(area, { minLength: 1, maxLength: 3 }).map((areas) => mapOf(...areas));

test("a map differs in nothing from itself", () => {
  fc.assert(
    fc.property(map, (same) => {
      const diff = diffMaps(same, same);
      expect(changes(diff)).toEqual([]);
      expect(diff.totals).toEqual({ appeared: 0, went: 0, changed: 0 });
      expect(diff.letters).toEqual({});
    }),
  );
});

test("applied to the older map the changes give the newer one, and all they say of the older is true", () => {
  fc.assert(
    fc.property(map, map, (older, newer) => {
      const diff = diffMaps(older, newer);
      for (const { base, olderBlocks, newerBlocks, changes: runs } of diff.areas) {
        const length = Math.max(olderBlocks ?? 0, newerBlocks ?? 0);
        const blocks = [...textOf(older, base).padEnd(length, ".")];
        for (const { offset, blocks: count, from, to } of runs) {
          expect(blocks.slice(offset, offset + count).join("")).toBe((from[1] ?? from).repeat(count));
          blocks.fill(to[1] ?? to, offset, offset + count);
        }
        expect(blocks.join("").slice(0, newerBlocks ?? 0)).toBe(textOf(newer, base));
        expect(blocks.slice(newerBlocks ?? 0).every((block) => block === ".")).toBe(true);
      }
    }),
  );
});

test("the other way round, what appeared went and what was gained was lost", () => {
  fc.assert(
    fc.property(map, map, (one, other) => {
      const [there, back] = [diffMaps(one, other), diffMaps(other, one)];
      expect(back.totals).toEqual({
        appeared: there.totals.went,
        went: there.totals.appeared,
        changed: there.totals.changed,
      });
      for (const [letter, { gained, lost }] of Object.entries(there.letters))
        expect(back.letters[letter]).toEqual({ gained: lost, lost: gained });
    }),
  );
});
