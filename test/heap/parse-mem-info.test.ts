import { expect, test } from "vitest";
import { mostForeignLines } from "../../src/heap/dump-assembler.ts";
import { longestLine, MemInfoParser, parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import {
  type DumpFormat,
  type HeapArea,
  modernFormat,
  printDump,
  type Run,
} from "../support/dump-printer.ts";
import { onlyProblem, onlyRecord, parseText, plain, problemsOf, recordsOf } from "./support.ts";

/** 256 blocks in four lines, no abbreviation. */
const fourLines: readonly Run[] = [
  ["h", 100],
  [".", 20],
  ["S", 1],
  ["F", 1],
  ["h", 80],
  [".", 54],
];
const heap: readonly HeapArea[] = [{ base: 0x20008b00, runs: fourLines }];

function dump(format: Partial<DumpFormat> = {}, areas: readonly HeapArea[] = heap): string {
  return printDump(areas, { ...modernFormat, ...format });
}

function lines(text: string): string[] {
  return text.split("\r\n").slice(0, -1);
}

test("several areas make one map, and no run spans two of them", () => {
  const areas: HeapArea[] = [
    {
      base: 0x3ffc0000,
      runs: [
        ["h", 60],
        [".", 8],
      ],
    },
    {
      base: 0x3ffd0000,
      runs: [
        [".", 130],
        ["h", 2],
      ],
    },
  ];
  const { map } = onlyRecord(dump({}, areas));
  expect(map!.areas).toEqual([
    { base: "3ffc0000", firstBlock: 0, blocks: 68 },
    { base: "3ffd0000", firstBlock: 68, blocks: 132 },
  ]);
  expect(map!.toPairs()).toEqual([
    ["h", 60],
    [".", 8],
    [".", 130],
    ["h", 2],
  ]);
});

test("five-digit offsets wrap at 1 MB, whether absolute or not", () => {
  const runs: Run[] = Array.from({ length: 1500 }, (_, index): Run => [index % 2 ? "." : "h", 47]);
  runs.push(["h", 4 - ((1500 * 47) % 4)]);
  for (const absolute of [false, true]) {
    const { map } = onlyRecord(
      dump({ digits: 5, absolute, blockSize: 32, maxFree: !absolute }, [{ base: 0x5aafe5a0, runs }]),
    );
    expect(map!.blockSizeBytes).toBe(32);
    expect(map!.runCount).toBe(1501);
  }
});

test("an abbreviation may begin the map, end it, and be all of it", () => {
  for (const runs of [
    [[".", 640]],
    [
      [".", 128],
      ["h", 4],
    ],
    [
      ["h", 64],
      [".", 128],
    ],
  ] as const) {
    const { map, blocks } = onlyRecord(dump({}, [{ base: 0x20000000, runs }]));
    expect(map!.toPairs()).toEqual(runs);
    expect(blocks.sizeBytes).toBe(16);
  }
});

test("text of others around, before and between the lines does not matter", () => {
  const expected = onlyRecord(dump()).map!.toPairs();
  const [stack, ...others] = lines(dump());
  const noisy = [
    ">>> import micropython",
    `>OK${stack}`,
    ...others.flatMap((line) => [`I (1234) wifi: task 10000: done`, `\t# ${line}  `]),
    "None",
    "qstr pool: n_pool=1, n_qstr=7, n_str_data_bytes=67, n_total_bytes=163",
  ];
  const record = onlyRecord(noisy.join("\n"));
  expect(record.map!.toPairs()).toEqual(expected);
  expect(reconcile(record)).toEqual({ kind: "verified" });
  expect(onlyRecord(dump({ prefix: " 0> " })).map!.toPairs()).toEqual(expected);
});

test("line ends may be mixed, and the last one may be missing", () => {
  const mixed = dump({ lineEnd: (line) => (line % 2 ? "\n" : "\r\n") });
  expect(onlyRecord(mixed).map!.runCount).toBe(6);
  expect(onlyRecord(mixed.trimEnd()).map!.runCount).toBe(6);
});

test("two dumps back to back are two records", () => {
  const findings = parseText(dump() + dump() + dump({ header: false }) + dump({ header: false }));
  expect(
    recordsOf(findings).map((record) => [record.firstLine, record.lastLine, record.map!.runCount]),
  ).toEqual([
    [1, 8, 6],
    [9, 16, 6],
    [17, 21, 6],
    [22, 26, 6],
  ]);
});

test("a dump is reported as soon as a line after it shows that it is over", () => {
  const parser = new MemInfoParser();
  expect(parser.push(bytesOf(dump()))).toEqual([]);
  expect(parser.push(bytesOf("\r\n"))).toHaveLength(1);
  expect(parser.end()).toEqual([]);
});

test("a dump that others talk into for too long is over", () => {
  const chatter = (count: number): string => "chatter\n".repeat(count);
  const all = lines(dump());
  const cut = (count: number): string =>
    `${all.slice(0, 5).join("\n")}\n${chatter(count)}${all.slice(5).join("\n")}\n`;
  expect(reconcile(onlyRecord(cut(mostForeignLines)))).toEqual({ kind: "verified" });
  const [broken] = recordsOf(parseText(cut(mostForeignLines + 1)));
  expect(broken).toBeUndefined();
});

test("an unknown letter is a head", () => {
  const record = onlyRecord(
    dump({}, [
      {
        base: 16,
        runs: [
          ["Q", 100],
          ["z", 1],
          [".", 27],
        ],
      },
    ]),
  );
  expect(record.map!.toPairs()).toEqual([
    ["Q", 100],
    ["z", 1],
    [".", 27],
  ]);
});

test("the mem: line, a bare stack line and max new split are read", () => {
  const record = onlyRecord(dump({ cHeap: true, stack: "used-only", newSplit: 110592, map: false }));
  expect(record).toMatchObject({
    cHeap: { totalBytes: 9060, currentBytes: 2845, peakBytes: 4314 },
    stack: { usedBytes: 524, totalBytes: null },
    heap: { growableBytes: 110592 },
    map: null,
  });
});

test("header fields of versions to come are passed over", () => {
  const text = dump({ map: false }).replace(/(free: \d+)/, "$1, max new thing: 5");
  expect(onlyRecord(text).heap.growableBytes).toBeNull();
});

const damages: readonly [string, number, string, (all: string[]) => void][] = [
  ["a lost line", 7, "map-line-missing", (all) => all.splice(6, 1)],
  ["a doubled line", 7, "map-line-missing", (all) => all.splice(5, 0, all[5]!)],
  ["a short line", 7, "map-line-damaged", (all) => (all[5] = all[5]!.slice(0, -1))],
  ["a long line", 6, "map-line-damaged", (all) => (all[5] += "=")],
  ["a foreign byte in the blocks", 6, "map-line-damaged", (all) => (all[5] = all[5]!.replace("==", "=#"))],
  [
    "a byte beyond ASCII in the blocks",
    6,
    "map-line-damaged",
    (all) => (all[5] = all[5]!.replace("==", "=\u00ff")),
  ],
  ["a tail after a free block", 6, "map-line-damaged", (all) => (all[5] = all[5]!.replace("..", ".="))],
  ["a tail at the start", 4, "map-line-damaged", (all) => (all[4] = all[4]!.replace(": h", ": ="))],
  ["another width of the offsets", 6, "map-line-damaged", (all) => (all[5] = all[5]!.slice(3))],
  ["a lost address line", 4, "map-missing", (all) => all.splice(3, 1)],
  ["a damaged address line", 4, "map-line-damaged", (all) => (all[3] = "GC memory layout; from :")],
  ["a map cut after an offset", 6, "map-line-damaged", (all) => all.splice(5, 3, all[5]!.slice(0, 9))],
  ["a lost No. of line", 2, "header-missing", (all) => all.splice(2)],
  ["a damaged GC: line", 2, "header-damaged", (all) => (all[1] = all[1]!.replace("used", "usd"))],
  [
    "a damaged No. of line",
    3,
    "header-damaged",
    (all) => (all[2] = all[2]!.replace("2-blocks: ", "2-blocks: x")),
  ],
  ["a lost beginning", 1, "header-missing", (all) => all.splice(0, 2)],
];

test.each(damages)(
  "%s is a problem in line %i (%s), and nothing else is reported",
  (_, line, reason, spoil) => {
    const all = lines(dump());
    spoil(all);
    // The line number of a damage at the area's start is that of the map line itself.
    const { problem } = onlyProblem(`${all.join("\r\n")}\r\n`);
    const shift = _ === "a tail at the start" ? 1 : 0;
    expect([problem.line, problem.reason]).toEqual([line + shift, reason]);
  },
);

test("a problem keeps the header that was read before it", () => {
  const all = lines(dump());
  all[5] += "=";
  const { salvaged } = onlyProblem(all.join("\n"));
  expect(salvaged).toMatchObject({ stack: { usedBytes: 524 }, heap: { totalBytes: 4096 }, map: null });
});

test("a line longer than the limit is other text, and costs no memory", () => {
  const long = `${"x".repeat(longestLine)}stack: 1 out of 2`;
  const text = `${long}\n${dump()}`;
  expect(plain(parseText(text))).toEqual(plain(parseText(`${"y".repeat(long.length)}\n${dump()}`)));
});

test("logs that only resemble a dump find nothing", () => {
  const logs =
    "stack: overflow\nstack: 12\nGC: collected 5\ntask 10000: done\ndeadbeef:\nNo. of clients: 3\n(3 lines)\n";
  expect(parseText(logs)).toEqual([]);
});

test("the work is linear in the input, however it is cut and whatever it says", () => {
  const whole = bytesOf(dump().repeat(200));
  const inputs = [
    whole,
    bytesOf("00000000: ".repeat(40_000)),
    bytesOf("stack: ".repeat(60_000)),
    bytesOf("\n".repeat(400_000)),
  ];
  for (const input of inputs) {
    for (const piece of [1, 17, 4096, input.length]) {
      const parser = new MemInfoParser();
      for (let at = 0; at < input.length; at += piece) parser.push(input.subarray(at, at + piece));
      parser.end();
      expect(parser.examinedBytes).toBeLessThanOrEqual(2 * input.length);
    }
  }
  expect(problemsOf(parseMemInfo(whole))).toEqual([]);
});
