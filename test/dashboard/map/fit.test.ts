import fc from "fast-check";
import { expect, test } from "vitest";
import { findFits, fitsText, freeBins, parseByteSize } from "../../../src/dashboard/map/fit.ts";
import { mapOf } from "./support.ts";

test("bytes are rounded up to blocks, and each run takes what it has room for", () => {
  const map = mapOf("h=...h.h....", "h......");
  expect(findFits(map, 1)).toMatchObject({ blocks: 1, times: 14, first: { area: 0, block: 2 } });
  expect(findFits(map, 17)).toMatchObject({ blocks: 2, times: 1 + 2 + 3 });
  expect(findFits(map, 64)).toMatchObject({ blocks: 4, times: 2, first: { area: 0, block: 8 } });
  expect(findFits(map, 96)).toMatchObject({ blocks: 6, times: 1, first: { area: 1, block: 1 } });
  expect(findFits(map, 97)).toMatchObject({ times: 0, first: null, freeBlocks: 14, largestBlocks: 6 });
});

/** gc_alloc() of py/gc.c by itself: from the lowest block on, the first that has enough free ones after it. */
function firstFitTimes(areas: readonly string[], blocks: number): number {
  const left = areas.map((text) => [...text].map((letter) => letter === "."));
  for (let times = 0; ; times++) {
    let found = false;
    for (const free of left) {
      let run = 0;
      for (let at = 0; at < free.length && !found; at++) {
        run = free[at] ? run + 1 : 0;
        if (run < blocks) continue;
        free.fill(false, at + 1 - blocks, at + 1);
        found = true;
      }
      if (found) break;
    }
    if (!found) return times;
  }
}

test("the count is what allocating one by one gives", () => {
  const area = fc
    .array(fc.constantFrom("h", "L=", ".", "..", "....."), { minLength: 1, maxLength: 30 })
    .map((parts) => `h${parts.join("")}`);
  fc.assert(
    fc.property(
      fc.array(area, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 200 }),
      (texts, bytes) => {
        expect(findFits(mapOf(...texts), bytes).times).toBe(firstFitTimes(texts, Math.ceil(bytes / 16)));
      },
    ),
  );
});

test("the histogram has a class per power of two, empty ones too", () => {
  expect(freeBins(mapOf(".h..h...h", "........"))).toEqual([
    { minBlocks: 1, runs: 1, blocks: 1 },
    { minBlocks: 2, runs: 2, blocks: 5 },
    { minBlocks: 4, runs: 0, blocks: 0 },
    { minBlocks: 8, runs: 1, blocks: 8 },
  ]);
  expect(freeBins(mapOf("h==="))).toEqual([]);
});

test("free but in pieces is said as such", () => {
  const map = mapOf("h..h..h..h..");
  expect(fitsText(map, findFits(map, 100))).toEqual({
    ok: false,
    text:
      "100 B does not fit (it takes 112 B): 128 B are free, but the largest block is 32 B: the heap is fragmented. " +
      "The board would collect first; where that frees nothing in the right place, it is a MemoryError.",
  });
  expect(fitsText(map, findFits(map, 4096)).text).toContain("4 KiB does not fit: only 128 B are free.");
  // 43.2 KiB, and with its last block 43.2 KiB: no news.
  expect(fitsText(map, findFits(map, 44_237)).text).toContain("43.2 KiB does not fit: ");
  expect(fitsText(map, findFits(map, 20)).text).toBe("20 B fits (it takes 32 B): 4 times in a row.");
  expect(fitsText(mapOf("h.."), findFits(mapOf("h.."), 32)).text).toBe("32 B fits: once, not twice.");
});

test("a heap that may grow is not at its end", () => {
  const map = mapOf("h.");
  const growing = { ...map.reading, heap: { ...map.reading.heap, growableBytes: 65_536 } };
  const text = fitsText({ ...map, reading: growing }, findFits(map, 100)).text;
  expect(text).toContain("grow its heap by up to 64.0 KiB");
});

test("sizes are read as people write them", () => {
  const sizes = {
    4096: "4096",
    1536: "1.5 KiB",
    2097152: "2M",
    100: "100 bytes",
    7: "7B",
    512: "0,5 kB",
  };
  expect(parseByteSize(" 4k ")).toBe(4096);
  for (const [bytes, text] of Object.entries(sizes)) expect(parseByteSize(text)).toBe(Number(bytes));
  for (const text of ["", "0", "-4", "4 x", "k", "2000M", "1e3", "0.0001k"])
    expect(parseByteSize(text)).toBeNull();
});
