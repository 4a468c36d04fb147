import { expect, test } from "vitest";
import { figuresOf } from "../../src/heap/figures.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { latin1Text } from "../../src/shared/bytes.ts";
import { dumpBytes, dumpNames, parsePieces, plain, problemsOf, recordsOf, seeded } from "./support.ts";

test.each([
  ["001", 2372, 16],
  ["017", 3000, 16],
  ["020", 10816, 16],
  ["024", 9264, 32],
  ["060", 2024, 32],
  ["061", 2024, 32],
  ["063", 2020, 32],
  ["065", 2020, 32],
  ["069", 14160, 16],
  ["071", 12048, 16],
])("the map of %s adds up to its header: %i blocks of %i bytes", (name, blocks, size) => {
  const findings = parseMemInfo(dumpBytes(name));
  expect(problemsOf(findings)).toEqual([]);
  const [record] = recordsOf(findings);
  const map = record!.map!;
  expect(reconcile(record!)).toEqual({ kind: "verified" });
  expect([map.blockCount, map.blockSizeBytes]).toEqual([blocks, size]);
  const tally = map.tally();
  const printed = record!.printed!;
  expect(map.blockCount * size).toBe(printed.totalBytes);
  expect(tally.usedBlocks * size).toBe(printed.usedBytes);
  expect(tally.freeBlocks * size).toBe(printed.freeBytes);
  expect([tally.oneBlock, tally.twoBlock, tally.largestUsed]).toEqual([
    printed.blocks!.oneBlock,
    printed.blocks!.twoBlock,
    printed.blocks!.largestUsed,
  ]);
  expect(printed.blocks!.largestFree ?? tally.largestFree).toBe(tally.largestFree);
  const figures = figuresOf(record!);
  expect(figures.map?.verified).toBe(true);
  expect(figures.largestFreeBytes).toBe(tally.largestFree * size);
});

test.each([
  ["002", 6, "map-truncated", 37952],
  ["006", 6, "map-missing", 26262400],
  ["011", 10, "map-truncated", null],
  ["027", 7, "map-line-damaged", 233024],
  ["040", 40, "header-missing", 37952],
])("the damage of %s is found in line %i (%s) and its header saved", (name, line, reason, totalBytes) => {
  const findings = parseMemInfo(dumpBytes(name));
  const damage = findings.filter((finding) => finding.kind === "problem");
  expect(damage).toHaveLength(1);
  expect(damage[0]!.problem).toMatchObject({ line, reason });
  expect(damage[0]!.problem.text).toContain(`line ${line}: expected `);
  expect(damage[0]!.salvaged?.heap.totalBytes ?? null).toBe(totalBytes);
  expect(damage[0]!.salvaged?.map ?? null).toBeNull();
});

test("a map that stops on a line end contradicts its header, and its last line is named", () => {
  const [record] = recordsOf(parseMemInfo(dumpBytes("009")));
  const verdict = reconcile(record!);
  expect(verdict).toMatchObject({ kind: "corrupt", problem: { line: 17, reason: "does-not-add-up" } });
  expect(figuresOf(record!)).toMatchObject({ map: null, heap: { totalBytes: 111168 } });
});

test("the halves of two cut dumps are two problems", () => {
  const findings = parseMemInfo(dumpBytes("010"));
  expect(problemsOf(findings).map(({ line, reason }) => [line, reason])).toEqual([
    [1, "map-missing"],
    [22, "map-truncated"],
  ]);
  expect(recordsOf(findings)).toEqual([]);
});

test("a map without a header is a record whose figures come from the map", () => {
  const [record] = recordsOf(parseMemInfo(dumpBytes("007")));
  expect(record).toMatchObject({
    firstLine: 2,
    lastLine: 6,
    stack: null,
    printed: null,
    heap: { totalBytes: 64000, usedBytes: 71 * 16, freeBytes: 3929 * 16, growableBytes: null },
    blocks: { sizeBytes: 16, total: 4000, largestFree: 3916 },
  });
});

test.each([
  ["004", [102400, 102400, 102400, 102400, 102400]],
  ["005", [2072832]],
  ["018", [48000]],
  ["022", [226560]],
  ["028", [64000, 129984, 260032]],
  ["031", [37952, 37952, 37952, 37952, 37952]],
  ["033", [114048, 114048, 114048]],
  ["036", [64000, 1967552, 64000]],
  ["038", [86976]],
  ["040", [37952, 37952, 37952, 37952]],
  ["041", [64000]],
  ["043", [4098240]],
  ["050", [108032, 108032, 108032]],
  ["052", [37952]],
  ["055", []],
])("the basic records of %s have totals %j", (name, totals) => {
  const records = recordsOf(parseMemInfo(dumpBytes(name)));
  expect(records.map((record) => record.heap.totalBytes)).toEqual(totals);
  for (const record of records) expect(reconcile(record)).toEqual({ kind: "verified" });
});

test("a record's bytes are the dump as the board printed it", () => {
  const bytes = dumpBytes("069");
  const [record] = recordsOf(parseMemInfo(bytes));
  const text = latin1Text(bytes.subarray(record!.startByte, record!.endByte));
  expect(text.startsWith("stack: 524 out of 7936\r\nGC: total")).toBe(true);
  expect(text.endsWith("\r\n00037400: ................\r\n")).toBe(true);
  const again = recordsOf(parseMemInfo(bytes.subarray(record!.startByte, record!.endByte)));
  expect(again[0]!.map!.toPairs()).toEqual(record!.map!.toPairs());
});

test.each(dumpNames)("how %s is cut into chunks changes nothing", (name) => {
  const bytes = dumpBytes(name);
  const whole = plain(parseMemInfo(bytes));
  expect(plain(parsePieces(bytes, () => 1))).toEqual(whole);
  const random = seeded(7);
  for (let round = 0; round < 20; round++)
    expect(plain(parsePieces(bytes, () => 1 + Math.floor(random() * 2 ** (2 + (round % 10)))))).toEqual(
      whole,
    );
});
