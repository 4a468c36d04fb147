import { expect, test } from "vitest";
import { freeRangesOf } from "../../src/heap/free-ranges.ts";
import { canGrowBy, trustedGrowableBytes } from "../../src/heap/heap-growth.ts";
import { whatIf } from "../../src/heap/what-if.ts";
import { mapOf } from "../support/block-maps.ts";

/** An area of 64 blocks; what is not given is in use. */
const freeIn = (...areas: string[]) => freeRangesOf(mapOf(...areas.map((text) => text.padEnd(64, "h"))));
const verdict = (now: string, collected: string | null, growableBytes: number | null, ...sizes: number[]) =>
  whatIf({ now: freeIn(now), collected: collected === null ? null : freeIn(collected), growableBytes }, sizes)
    .verdict;

test("what fits now needs nothing", () => {
  expect(verdict("h..h..", "h..h..", null, 32, 32)).toEqual({ kind: "fits" });
  expect(verdict("h..h..", null, null, 32, 32)).toEqual({ kind: "fits" });
});

test("what fits after the collection that MicroPython makes by itself succeeds", () => {
  expect(verdict("h..h", "h.....", null, 16, 64)).toEqual({ kind: "collects", at: 1 });
});

test("what was placed before that collection is in its way", () => {
  // Collected first, 16 bytes go to block 1, and four in a row are left for the next. In the heap as it is they go to block 4.
  const now = "hhhh....";
  const collected = "h.hh....";
  expect(verdict(now, collected, null, 16, 16, 64)).toMatchObject({ kind: "fails", at: 2 });
  expect(
    whatIf({ now: freeIn(now), collected: freeIn(collected), growableBytes: null }, [16, 64]),
  ).toMatchObject({
    verdict: { kind: "fails", at: 1 },
    collected: { firstRefused: null },
  });
});

test("the one that fails is the first that has no room after the collection", () => {
  expect(verdict("h.", "h....", null, 16, 32, 640)).toMatchObject({
    kind: "fails",
    at: 2,
    refused: { bytes: 640, blocks: 40, freeBlocks: 1, largestBlocks: 1 },
  });
});

test("a heap that can grow by enough does not fail", () => {
  expect(verdict("h.", "h..", 10_000, 4096)).toEqual({ kind: "grows", at: 0 });
  expect(verdict("h.", "h..", 6143, 4096)).toMatchObject({ kind: "fails", at: 0 });
  expect(verdict("h.", null, 10_000, 4096)).toEqual({ kind: "grows", at: 0 });
});

test("without a collection it is not known whether one would help", () => {
  expect(verdict("h.", null, null, 16, 32)).toEqual({ kind: "unknown", at: 1 });
});

test("what is larger than the heap fails whatever a collection would free", () => {
  expect(verdict("h.", null, null, 32, 1025)).toMatchObject({
    kind: "fails",
    at: 1,
    refused: { blocks: 65 },
  });
  expect(verdict("h.", null, null, 32, 1024)).toEqual({ kind: "unknown", at: 0 });
});

test("where a collection gave an area back, all is placed anew", () => {
  const heap = { now: freeIn("h.", "h."), collected: freeIn("h..."), growableBytes: null };
  expect(whatIf(heap, [16, 32]).verdict).toEqual({ kind: "collects", at: 1 });
  expect(whatIf(heap, [16, 64]).verdict).toMatchObject({ kind: "fails", at: 1 });
});

test("growth costs tables, and the constant of the WebAssembly port tells nothing", () => {
  expect(canGrowBy([100_000], 102_539)).toBe(true);
  expect(canGrowBy([100_000], 102_538)).toBe(false);
  expect(canGrowBy([100], null)).toBe(false);
  expect(trustedGrowableBytes(134_217_728)).toBeNull();
  expect(trustedGrowableBytes(65_536)).toBe(65_536);
});
