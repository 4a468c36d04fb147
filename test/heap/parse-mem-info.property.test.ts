import fc from "fast-check";
import { expect, test } from "vitest";
import { figuresOf } from "../../src/heap/figures.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";
import { countHeap, type DumpFormat, type HeapArea, printDump, type Run } from "../support/dump-printer.ts";
import { parsePieces, plain, recordsOf, seeded } from "./support.ts";

const run: fc.Arbitrary<Run> = fc.tuple(
  fc.constantFrom(".", ".", "h", "h", "S", "A", "B", "T", "D", "M", "F", "L", "m", "Q"),
  fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.integer({ min: 1, max: 400 })),
);

/** Free neighbours joined, and filled up to a multiple of 4 blocks and to more than one line. */
const runs: fc.Arbitrary<readonly Run[]> = fc.array(run, { maxLength: 80 }).map((drawn) => {
  const joined: [string, number][] = [["h", 65]];
  for (const [letter, length] of drawn) {
    const last = joined.at(-1)!;
    if (letter === "." && last[0] === ".") last[1] += length;
    else joined.push([letter, length]);
  }
  const blocks = joined.reduce((sum, [, length]) => sum + length, 0);
  joined.at(-1)![1] += (4 - (blocks % 4)) % 4;
  return joined;
});

const base = fc.integer({ min: 0x1000, max: 0x7ffffff }).map((high) => high * 16);
const areas: fc.Arbitrary<readonly HeapArea[]> = fc.uniqueArray(fc.record({ base, runs }), {
  minLength: 1,
  maxLength: 3,
  selector: (area) => area.base,
});

const format: fc.Arbitrary<DumpFormat> = fc.record({
  absolute: fc.boolean(),
  digits: fc.constantFrom(5, 8),
  blockSize: fc.constantFrom(8, 16, 32),
  maxFree: fc.boolean(),
  newSplit: fc.option(fc.nat()),
  stack: fc.constantFrom("out-of", "used-only", "none"),
  cHeap: fc.boolean(),
  header: fc.boolean(),
  map: fc.constant(true),
  addressPrefix: fc.constantFrom("", "0x"),
  prefix: fc.constantFrom("", "", "\t", "    ", "# ", " 0> ", "[12:04:59.123] "),
  lineEnd: fc.constantFrom(
    () => "\n",
    () => "\r\n",
    (line: number) => (line % 3 ? "\n" : "\r\n"),
  ),
}) as fc.Arbitrary<DumpFormat>;

/** Only what some version prints: absolute numbers have 5 digits and no max free sz, and are older than areas. */
const heapAndFormat = fc.tuple(areas, format).map(([drawn, wished]): [readonly HeapArea[], DumpFormat] => {
  if (!wished.absolute) return [drawn, wished];
  return [drawn.slice(0, 1), { ...wished, digits: 5, maxFree: false }];
});

test("a heap printed in any format is read back, run by run, however the bytes are cut", () => {
  fc.assert(
    fc.property(heapAndFormat, fc.integer(), ([heap, printed], seed) => {
      const bytes = bytesOf(printDump(heap, printed));
      const findings = parseMemInfo(bytes);
      const records = recordsOf(findings);
      expect(findings).toHaveLength(1);
      expect(records).toHaveLength(1);
      const record = records[0]!;
      expect(record.map!.toPairs()).toEqual(heap.flatMap((area) => area.runs));
      expect(record.map!.areas.map((area) => Number.parseInt(area.base, 16))).toEqual(
        heap.map((area) => area.base),
      );
      const { oneBlock, twoBlock, largestUsed, largestFree, ...counts } = countHeap(heap, printed.blockSize);
      expect(record.heap).toMatchObject(counts);
      expect(record.blocks).toMatchObject({
        sizeBytes: printed.blockSize,
        oneBlock,
        twoBlock,
        largestUsed,
        largestFree,
      });
      expect(reconcile(record)).toEqual({ kind: "verified" });
      const figures = figuresOf(record);
      expect(figures.largestFreeBytes).toBe(largestFree * printed.blockSize);
      const random = seeded(seed);
      expect(plain(parsePieces(bytes, () => 1 + Math.floor(random() * 300)))).toEqual(plain(findings));
    }),
    { numRuns: 300 },
  );
});

test("garbage, and dumps with garbage in them, never throw, and cuts never matter", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    heapAndFormat.map(([heap, printed]) => bytesOf(printDump(heap, printed))),
    fc
      .constantFrom(
        "stack: ",
        "GC: total: 1",
        "00000000: ",
        "       (3 lines all free)\n",
        "\x04>",
        "Frag: 1\n",
      )
      .map(bytesOf),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.integer(), (pieces, seed) => {
      const bytes = new Uint8Array(
        pieces.flatMap((part) => [...part.subarray(seed & 1 ? 0 : part.length >> 2)]),
      );
      const findings = parseMemInfo(bytes);
      for (const record of recordsOf(findings)) figuresOf(record);
      const random = seeded(seed);
      expect(plain(parsePieces(bytes, () => 1 + Math.floor(random() * 90)))).toEqual(plain(findings));
    }),
    { numRuns: 300 },
  );
});

test("one changed, lost or doubled byte never gives a verified map whose figures are wrong", () => {
  const spoiled = fc.record({
    place: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
    how: fc.constantFrom("change", "lose", "double"),
    byte: fc.oneof(
      fc.constantFrom(..."=.hSt0\n: "),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
  });
  fc.assert(
    fc.property(heapAndFormat, spoiled, ([heap, drawn], { place, how, byte }) => {
      const printed = { ...drawn, header: true };
      const text = printDump(heap, printed);
      const mapFrom = text.indexOf("GC memory layout");
      const at = mapFrom + Math.floor(place * (text.length - mapFrom));
      const middle = how === "lose" ? "" : how === "double" ? text.slice(at, at + 1).repeat(2) : byte;
      const bytes = Uint8Array.from(text.slice(0, at) + middle + text.slice(at + 1), (letter) =>
        letter.charCodeAt(0),
      );
      const counts = countHeap(heap, printed.blockSize);
      for (const record of recordsOf(parseMemInfo(bytes))) {
        if (record.printed === null || record.map === null || reconcile(record).kind !== "verified") continue;
        const tally = record.map.tally();
        const size = record.map.blockSizeBytes;
        expect(
          [tally.usedBlocks * size, tally.freeBlocks * size, tally.oneBlock, tally.twoBlock],
          latin1Text(bytes),
        ).toEqual([counts.usedBytes, counts.freeBytes, counts.oneBlock, counts.twoBlock]);
        if (printed.maxFree) expect(tally.largestFree).toBe(counts.largestFree);
      }
    }),
    { numRuns: 1500 },
  );
});
