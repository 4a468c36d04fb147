import fc from "fast-check";
import { expect, test } from "vitest";
import type { BlockMap } from "../../src/heap/block-map.ts";
import { blockSizeByExclusion } from "../../src/heap/block-size.ts";
import { figuresOf } from "../../src/heap/figures.ts";
import { canAllocate, fragmentation, unusableFree, utilization } from "../../src/heap/fragmentation.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { modernFormat, printDump, type Run } from "../support/dump-printer.ts";
import { onlyRecord } from "./support.ts";

const runs: readonly Run[] = [
  ["h", 1],
  [".", 3],
  ["S", 2],
  [".", 1],
  ["h", 100],
  [".", 16],
  ["S", 2],
  [".", 3],
];
const text = printDump([{ base: 0x20000000, runs }], modernFormat);

function mapOf(wanted: readonly Run[]): BlockMap {
  return onlyRecord(printDump([{ base: 0x20000000, runs: wanted }], modernFormat)).map!;
}

test("the figures of a map are those of DESIGN", () => {
  expect(figuresOf(onlyRecord(text))).toEqual({
    stack: { usedBytes: 524, totalBytes: 7936 },
    heap: { totalBytes: 2048, usedBytes: 105 * 16, freeBytes: 23 * 16, growableBytes: null },
    blocks: { sizeBytes: 16, total: 128, oneBlock: 1, twoBlock: 2, largestUsed: 100, largestFree: 16 },
    largestFreeBytes: 256,
    utilization: 105 / 128,
    fragmentation: 1 - 16 / 23,
    map: {
      areas: [{ base: "20000000", blocks: 128 }],
      verified: true,
      freeRuns: 4,
      histogram: [
        { minBlocks: 1, runs: 1, blocks: 1 },
        { minBlocks: 2, runs: 2, blocks: 6 },
        { minBlocks: 16, runs: 1, blocks: 16 },
      ],
      types: { S: { objects: 2, blocks: 4 }, h: { objects: 2, blocks: 101 } },
    },
  });
});

test("nothing free is not fragmented, and an empty heap is not used", () => {
  expect(fragmentation(0, 0)).toBe(0);
  expect(fragmentation(10, 10)).toBe(0);
  expect(utilization(0, 0)).toBe(0);
  expect(unusableFree(mapOf([["h", 128]]), 4)).toBe(0);
});

test("an allocation succeeds up to the largest free run, and unusable is what is shorter than the request", () => {
  const map = mapOf(runs);
  expect([canAllocate(map, 256), canAllocate(map, 257)]).toEqual([true, false]);
  expect([1, 2, 4, 16, 17].map((blocks) => unusableFree(map, blocks) * 23)).toEqual([0, 1, 7, 7, 23]);
});

test("a map's runs can be found by block and by number", () => {
  const map = mapOf(runs);
  expect([...map.runs()].map(({ letter, length }) => [letter, length])).toEqual(runs);
  for (let block = 0; block < map.blockCount; block++) {
    const index = map.runAtBlock(block);
    expect(map.startAt(index) <= block && block < map.startAt(index) + map.lengthAt(index)).toBe(true);
  }
  expect(() => map.runAtBlock(128)).toThrow(RangeError);
  expect(() => map.lengthAt(8)).toThrow(RangeError);
});

test("the sums over a map equal a count run by run", () => {
  const run = fc.tuple(fc.constantFrom(".", "h", "S"), fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 60 }), (drawn) => {
      const kept: Run[] = [["h", 128]];
      for (const next of drawn) if (next[0] !== "." || kept.at(-1)![0] !== ".") kept.push(next);
      const blocks = kept.reduce((sum, [, length]) => sum + length, 0);
      kept.push(["h", 4 - (blocks % 4)]);
      const map = mapOf(kept);
      const free = kept.filter(([letter]) => letter === ".").map(([, length]) => length);
      const freeBlocks = free.reduce((a, b) => a + b, 0);
      const tally = map.tally();
      expect([tally.freeRuns, tally.freeBlocks]).toEqual([free.length, freeBlocks]);
      for (const bin of tally.freeBins) {
        const inBin = free.filter((length) => length >= bin.minBlocks && length < 2 * bin.minBlocks);
        expect([bin.runs, bin.blocks]).toEqual([inBin.length, inBin.reduce((a, b) => a + b, 0)]);
      }
      expect(tally.freeBins.reduce((sum, bin) => sum + bin.runs, 0)).toBe(free.length);
    }),
  );
});

test("a small difference leaves the map unverified and is listed", () => {
  const record = onlyRecord(text.replace("1-blocks: 1,", "1-blocks: 3,"));
  expect(reconcile(record)).toEqual({
    kind: "unverified",
    differences: [{ figure: "oneBlock", printed: 3, recomputed: 1 }],
  });
  expect(figuresOf(record).map?.verified).toBe(false);
});

test("a wrong block count is corruption, and so is a header that contradicts itself", () => {
  const shorter = text.replace("total: 2048, used: 1680", "total: 2064, used: 1696");
  expect(reconcile(onlyRecord(shorter))).toMatchObject({ kind: "corrupt", problem: { line: 6 } });
  const contradiction = text.replace("used: 1680", "used: 1696");
  expect(reconcile(onlyRecord(contradiction))).toMatchObject({ kind: "corrupt", problem: { line: 1 } });
  expect(figuresOf(onlyRecord(shorter)).map).toBeNull();
});

test("before v1.8.2 the header may leave out the object that touches the heap's end", () => {
  const ending: readonly Run[] = [
    ["h", 3],
    [".", 60],
    ["S", 2],
    [".", 3],
    ["h", 60],
  ];
  const old = printDump([{ base: 0x5aacf5a0, runs: ending }], {
    ...modernFormat,
    digits: 5,
    absolute: true,
    maxFree: false,
  });
  const uncounted = old.replace("max blk sz: 60", "max blk sz: 3");
  expect(reconcile(onlyRecord(old))).toEqual({ kind: "verified" });
  expect(reconcile(onlyRecord(uncounted))).toEqual({ kind: "verified" });
  expect(reconcile(onlyRecord(old.replace("max blk sz: 60", "max blk sz: 4"))).kind).toBe("unverified");
  expect(figuresOf(onlyRecord(old)).blocks.largestFree).toBe(60);
});

test("a basic record needs a block size: known, or left by exclusion, or none", () => {
  const basic = printDump([{ base: 16, runs }], { ...modernFormat, map: false });
  const record = onlyRecord(basic);
  expect(blockSizeByExclusion(record)).toBe(16);
  expect(figuresOf(record)).toMatchObject({
    blocks: { sizeBytes: 16, total: 128 },
    largestFreeBytes: 256,
    fragmentation: 1 - 16 / 23,
    map: null,
  });
  const doubtful = onlyRecord(
    "GC: total: 4096, used: 2048, free: 2048\nNo. of 1-blocks: 1, 2-blocks: 0, max blk sz: 1, max free sz: 9\n",
  );
  expect(figuresOf(doubtful)).toMatchObject({
    largestFreeBytes: null,
    fragmentation: null,
    utilization: 0.5,
  });
  expect(figuresOf(doubtful, 32)).toMatchObject({ largestFreeBytes: 288, fragmentation: 1 - 9 / 64 });
  const old = onlyRecord(printDump([{ base: 16, runs }], { ...modernFormat, map: false, maxFree: false }));
  expect(figuresOf(old)).toMatchObject({ largestFreeBytes: null, fragmentation: null });
});
