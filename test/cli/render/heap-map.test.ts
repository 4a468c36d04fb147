import { expect, test } from "vitest";
import { type Canvas, widthOf } from "../../../src/cli/render/canvas.ts";
import { heapMapLines } from "../../../src/cli/render/heap-map.ts";
import type { BlockMap } from "../../../src/heap/block-map.ts";
import { parseMemInfo } from "../../../src/heap/parse-mem-info.ts";
import { bytesOf } from "../../../src/shared/bytes.ts";
import { type HeapArea, modernFormat, printDump } from "../../support/dump-printer.ts";

const plain80: Canvas = { columns: 80, color: false };
const plain40: Canvas = { columns: 40, color: false };
const color80: Canvas = { columns: 80, color: true };

function mapOf(...areas: HeapArea[]): BlockMap {
  const finding = parseMemInfo(bytesOf(printDump(areas, modernFormat))).at(-1);
  if (finding?.kind !== "record" || finding.record.map === null) throw new Error("no map");
  return finding.record.map;
}

/** 320 blocks: three objects, a hole, an object, free to the end. */
const small = mapOf({
  base: 0x20000000,
  runs: [
    ["h", 4],
    ["S", 1],
    ["A", 2],
    [".", 3],
    ["h", 60],
    [".", 250],
  ],
});

test("at 80 columns a small heap is drawn block by block, free lines together, the legend by share", () => {
  expect(heapMapLines(small, plain80)).toEqual([
    "Heap map  one cell per block of 16 bytes",
    "  00000 h===SA=...h=====================================================",
    "  00400 ======..........................................................",
    "  00800 ┄┄ 3 lines all free, 3.0 KiB",
    "",
    "   h  other: items, instances, code  2 objects   64 blocks  1.0 KiB  20.0 %",
    "   A  bytearray or array              1 object    2 blocks     32 B   0.6 %",
    "   S  str or bytes                    1 object     1 block     16 B   0.3 %",
    "   .  free                              2 runs  253 blocks  4.0 KiB  79.1 %",
    "   = more of the object before it",
  ]);
});

test("at 40 columns lines are shorter and the legend leaves out what has no room", () => {
  expect(heapMapLines(small, plain40)).toEqual([
    "Heap map  one cell per block of 16 bytes",
    "  00000 h===SA=...h=====================",
    "  00200 ================================",
    "  00400 ======..........................",
    "  00600 ┄┄ 7 lines all free, 3.5 KiB",
    "",
    "   h  other       2 objects  1.0 KiB",
    "   A  array        1 object     32 B",
    "   S  str, bytes   1 object     16 B",
    "   .  free           2 runs  4.0 KiB",
    "   = more of the object before it",
  ]);
});

test("in colour an object is a bar that begins with its letter, and free blocks are dots", () => {
  const [, first = ""] = heapMapLines(small, color80);
  const bar = (text: string, color: number): string => `\u001b[38;5;16;48;5;${color}m${text}\u001b[0m`;
  expect(first).toBe(
    `\u001b[2m  00000 \u001b[0m${bar("h   ", 247)}${bar("S", 36)}${bar("A ", 214)}\u001b[38;5;240m···\u001b[0m${bar(`h${" ".repeat(53)}`, 247)}`,
  );
});

test("a heap with many lines is drawn in groups: half used or more shows the letter, less a colon", () => {
  const runs: [string, number][] = [];
  for (let i = 0; i < 1600; i++) runs.push(["h", 3], [".", 1], ["F", 1], [".", 3]);
  const lines = heapMapLines(mapOf({ base: 0, runs }), plain80);
  expect(lines[0]).toBe("Heap map  one cell per 4 blocks (64 B)");
  expect(lines[1]).toBe(`  00000 ${"h:".repeat(32)}`);
  expect(lines.at(-1)).toBe("   letter = half of the cell or more is used   : less than half");
  expect(lines.length).toBeLessThanOrEqual(64 + 7);
});

test("free lines cost no lines, so a large empty heap is still drawn block by block", () => {
  const lines = heapMapLines(
    mapOf({
      base: 0,
      runs: [
        ["h", 64],
        [".", 64 * 9999],
      ],
    }),
    plain80,
  );
  expect(lines.slice(0, 3)).toEqual([
    "Heap map  one cell per block of 16 bytes",
    `  000000 h${"=".repeat(63)}`,
    "  000400 ┄┄ 9999 lines all free, 9.8 MiB",
  ]);
});

test("each area has its title, and offsets begin anew in it", () => {
  const lines = heapMapLines(
    mapOf({ base: 0x3ffe4db0, runs: [["D", 4]] }, { base: 0x3fff0000, runs: [[".", 8]] }),
    plain80,
  );
  expect(lines.slice(1, 7)).toEqual([
    "",
    "  area 1 of 2, 64 B from 3ffe4db0",
    "  00000 D===",
    "",
    "  area 2 of 2, 128 B from 3fff0000",
    "  00000 ........",
  ]);
});

test("a letter of a version to come is shown and said to be unknown", () => {
  const lines = heapMapLines(mapOf({ base: 0, runs: [["Z", 4]] }), plain80);
  expect(lines).toContain("   Z  unknown to heapscope  1 object  4 blocks  64 B  100.0 %");
});

test.each([30, 40, 57, 80, 200])("no line is wider than %i columns", (columns) => {
  for (const color of [true, false]) {
    for (const line of heapMapLines(small, { columns, color })) {
      expect(widthOf(line), line).toBeLessThanOrEqual(Math.max(columns, 40));
    }
  }
});
