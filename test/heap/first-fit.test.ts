import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockMap } from "../../src/heap/block-map.ts";
import { type Allocation, firstFit, placesOf } from "../../src/heap/first-fit.ts";
import { fragmentation } from "../../src/heap/fragmentation.ts";
import { freeRangesOf, withoutBlocks } from "../../src/heap/free-ranges.ts";
import { mapOf, textOf } from "../support/block-maps.ts";

const fitIn = (map: BlockMap, ...sizes: number[]) => firstFit(freeRangesOf(map), sizes);

/** Areas as text: heads, tails and free stretches. Filled up with objects, so that little is free. */
const heap = fc
  .array(
    fc
      .array(fc.constantFrom("h", "S=", "h===", ".", "..", "....", "........"), {
        minLength: 1,
        maxLength: 40,
      })
      .map((parts) => `h${parts.join("")}`.slice(0, 64).padEnd(64, "h")),
    { minLength: 1, maxLength: 3 },
  )
  .map((areas) => ({ areas, map: mapOf(...areas) }));
const sizes = fc.array(fc.integer({ min: 1, max: 160 }), { minLength: 1, maxLength: 30 });

/** gc_alloc() of py/gc.c block by block: from the first block on, counting free ones in a row, anew in each area. */
class NaiveHeap {
  readonly areas: boolean[][];

  constructor(areas: readonly string[]) {
    this.areas = areas.map((text) => [...text].map((letter) => letter === "."));
  }

  take(blocks: number): { area: number; block: number } | null {
    for (const [area, free] of this.areas.entries()) {
      let inRow = 0;
      for (let block = 0; block < free.length; block++) {
        inRow = free[block] ? inRow + 1 : 0;
        if (inRow < blocks) continue;
        free.fill(false, block + 1 - blocks, block + 1);
        return { area, block: block + 1 - blocks };
      }
    }
    return null;
  }

  free(): { free: number; largest: number } {
    const runs = this.areas.flatMap((free) =>
      free
        .map((is) => (is ? "." : "h"))
        .join("")
        .split("h"),
    );
    return {
      free: runs.reduce((sum, run) => sum + run.length, 0),
      largest: Math.max(...runs.map((run) => run.length)),
    };
  }
}

test("bytes take whole blocks, at the lowest place that has them, area by area", () => {
  const map = mapOf(`h..h.${"h".repeat(59)}`, `hh....${"h".repeat(58)}`);
  expect(fitIn(map, 17, 16, 16, 49, 1, 1).allocations).toEqual([
    { kind: "placed", bytes: 17, blocks: 2, area: 0, block: 1, start: 1 },
    { kind: "placed", bytes: 16, blocks: 1, area: 0, block: 4, start: 4 },
    { kind: "placed", bytes: 16, blocks: 1, area: 1, block: 2, start: 66 },
    { kind: "no-room", bytes: 49, blocks: 4, freeBlocks: 3, largestBlocks: 3 },
    { kind: "placed", bytes: 1, blocks: 1, area: 1, block: 3, start: 67 },
    { kind: "placed", bytes: 1, blocks: 1, area: 1, block: 4, start: 68 },
  ]);
});

test("free blocks of two areas are not one run", () => {
  const map = mapOf(`${"h".repeat(62)}..`, `..${"h".repeat(62)}`);
  expect(fitIn(map, 48)).toMatchObject({ firstRefused: 0, moreTimes: null });
  expect(fitIn(map, 32, 32)).toMatchObject({ firstRefused: null, moreTimes: 0 });
});

test("a full heap has room for nothing", () => {
  expect(fitIn(mapOf("h".repeat(64)), 1)).toMatchObject({
    allocations: [{ kind: "no-room", freeBlocks: 0, largestBlocks: 0 }],
    after: { freeBytes: 0, largestFreeBytes: 0, fragmentation: 0 },
  });
});

test("how many more times counts the whole sequence, in order", () => {
  const map = mapOf(`h${".".repeat(10)}${"h".repeat(53)}`);
  expect(fitIn(map, 16).moreTimes).toBe(9);
  expect(fitIn(map, 32, 32).moreTimes).toBe(1);
  expect(fitIn(map, 16, 48).moreTimes).toBe(1);
  expect(fitIn(map, 160).moreTimes).toBe(0);
});

describe("against the allocator block by block", () => {
  test("every place and every refusal agrees", () => {
    fc.assert(
      fc.property(heap, sizes, ({ areas, map }, asked) => {
        const naive = new NaiveHeap(areas);
        const found = fitIn(map, ...asked).allocations.map((one) =>
          one.kind === "placed" ? { area: one.area, block: one.block } : null,
        );
        expect(found).toEqual(asked.map((bytes) => naive.take(Math.ceil(bytes / 16))));
      }),
    );
  });

  test("what is free afterwards, and how many more times, agree", () => {
    fc.assert(
      fc.property(
        heap,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
        (one, asked) => {
          const naive = new NaiveHeap(one.areas);
          const all = (): boolean => asked.map((bytes) => naive.take(Math.ceil(bytes / 16))).every(Boolean);
          const fits = all();
          const { free, largest } = naive.free();
          const result = fitIn(one.map, ...asked);
          expect(result.after).toEqual({
            freeBytes: free * 16,
            largestFreeBytes: largest * 16,
            fragmentation: fragmentation(free, largest),
          });
          let times = 0;
          while (fits && all()) times++;
          expect(result.moreTimes).toBe(fits ? times : null);
        },
      ),
    );
  });
});

test("no block is given twice, none in use is given, and none is lost", () => {
  fc.assert(
    fc.property(heap, sizes, ({ map }, asked) => {
      const { allocations, after } = fitIn(map, ...asked);
      const letters = map.areas.map(({ base }) => textOf(map, base)).join("");
      const given = new Set<number>();
      for (const { start, length } of placesOf(allocations)) {
        for (let block = start; block < start + length; block++) {
          expect(letters[block]).toBe(".");
          expect(given.has(block)).toBe(false);
          given.add(block);
        }
      }
      expect(given.size * 16 + after.freeBytes).toBe(map.tally().freeBlocks * 16);
    }),
  );
});

test("a refused allocation changes nothing", () => {
  fc.assert(
    fc.property(heap, sizes, ({ map }, asked) => {
      const result = fitIn(map, ...asked);
      const placed = result.allocations.filter(({ kind }) => kind === "placed").map(({ bytes }) => bytes);
      const isPlaced = (one: Allocation): boolean => one.kind === "placed";
      expect(fitIn(map, ...placed).allocations).toEqual(result.allocations.filter(isPlaced));
    }),
  );
});

test("taking the placed blocks out of the free ones leaves what the sequence leaves", () => {
  fc.assert(
    fc.property(heap, sizes, sizes, ({ map }, first, second) => {
      const free = freeRangesOf(map);
      const left = withoutBlocks(free, placesOf(firstFit(free, first).allocations));
      expect(firstFit(left, second).allocations).toEqual(
        firstFit(free, [...first, ...second]).allocations.slice(first.length),
      );
    }),
  );
});

test("blocks to take out may lie anywhere", () => {
  fc.assert(
    fc.property(
      heap,
      fc.array(fc.record({ start: fc.nat(200), length: fc.integer({ min: 1, max: 20 }) })),
      ({ map }, taken) => {
        const letters = [...map.areas.map(({ base }) => textOf(map, base)).join("")];
        for (const { start, length } of taken) letters.fill("h", start, start + length);
        const { starts, lengths } = withoutBlocks(freeRangesOf(map), taken);
        const found = letters.map(() => "h");
        starts.forEach((start, at) => void found.fill(".", start, start + lengths[at]!));
        expect(found).toEqual(letters.slice(0, found.length).map((letter) => (letter === "." ? "." : "h")));
      },
    ),
  );
});
