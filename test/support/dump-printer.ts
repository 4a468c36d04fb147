/** Prints heaps the way MicroPython's gc_dump_info and gc_dump_alloc_table do, in every format it ever had. */

/** `[letter, length]`: `.` for free, else the head letter of one object. */
export type Run = readonly [letter: string, length: number];

export interface HeapArea {
  /** Address of the pool. */
  readonly base: number;
  /** Their lengths add up to a multiple of 4. */
  readonly runs: readonly Run[];
}

export interface DumpFormat {
  /** `t` tails and absolute addresses: before v1.8.1. Only with 5 digits. */
  readonly absolute: boolean;
  readonly digits: 5 | 8;
  readonly blockSize: number;
  readonly maxFree: boolean;
  readonly newSplit: number | null;
  readonly stack: "out-of" | "used-only" | "none";
  readonly cHeap: boolean;
  readonly header: boolean;
  readonly map: boolean;
  readonly addressPrefix: string;
  /** Before every line. */
  readonly prefix: string;
  readonly lineEnd: (line: number) => string;
}

export const modernFormat: DumpFormat = {
  absolute: false,
  digits: 8,
  blockSize: 16,
  maxFree: true,
  newSplit: null,
  stack: "out-of",
  cHeap: false,
  header: true,
  map: true,
  addressPrefix: "",
  prefix: "",
  lineEnd: () => "\r\n",
};

export interface HeapCounts {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  readonly oneBlock: number;
  readonly twoBlock: number;
  readonly largestUsed: number;
  readonly largestFree: number;
}

/** The header's figures, counted object by object. */
export function countHeap(areas: readonly HeapArea[], blockSize: number): HeapCounts {
  const runs = areas.flatMap((area) => area.runs);
  const used = runs.filter(([letter]) => letter !== ".").map(([, length]) => length);
  const free = runs.filter(([letter]) => letter === ".").map(([, length]) => length);
  const sum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0);
  return {
    totalBytes: (sum(used) + sum(free)) * blockSize,
    usedBytes: sum(used) * blockSize,
    freeBytes: sum(free) * blockSize,
    oneBlock: used.filter((length) => length === 1).length,
    twoBlock: used.filter((length) => length === 2).length,
    largestUsed: largest(used),
    largestFree: largest(free),
  };
}

function largest(lengths: readonly number[]): number {
  return lengths.reduce((a, b) => Math.max(a, b), 0);
}

/** The whole answer as text. */
export function printDump(areas: readonly HeapArea[], format: DumpFormat): string {
  const lines = format.header ? headerLines(areas, format) : [];
  if (format.map) for (const area of areas) lines.push(...mapLines(area, format));
  return lines.map((line, index) => `${format.prefix}${line}${format.lineEnd(index)}`).join("");
}

function headerLines(areas: readonly HeapArea[], format: DumpFormat): string[] {
  const counts = countHeap(areas, format.blockSize);
  const lines: string[] = [];
  if (format.cHeap) lines.push("mem: total=9060, current=2845, peak=4314");
  if (format.stack === "out-of") lines.push("stack: 524 out of 7936");
  if (format.stack === "used-only") lines.push("stack: 524");
  const split = format.newSplit === null ? "" : `, max new split: ${format.newSplit}`;
  lines.push(`GC: total: ${counts.totalBytes}, used: ${counts.usedBytes}, free: ${counts.freeBytes}${split}`);
  const maxFree = format.maxFree ? `, max free sz: ${counts.largestFree}` : "";
  const { oneBlock, twoBlock, largestUsed } = counts;
  lines.push(` No. of 1-blocks: ${oneBlock}, 2-blocks: ${twoBlock}, max blk sz: ${largestUsed}${maxFree}`);
  return lines;
}

function mapLines(area: HeapArea, format: DumpFormat): string[] {
  const tail = format.absolute ? "t" : "=";
  const blocks = area.runs
    .map(([letter, length]) => (letter === "." ? ".".repeat(length) : letter + tail.repeat(length - 1)))
    .join("");
  const lines = [`GC memory layout; from ${format.addressPrefix}${area.base.toString(16)}:`];
  const freeFrom = (at: number): number => {
    let end = at;
    while (end < blocks.length && blocks[end] === ".") end++;
    return end - at;
  };
  for (let at = 0; at < blocks.length; ) {
    const free = freeFrom(at);
    if (free >= 128) {
      lines.push(`       (${Math.floor(free / 64)} lines all free)`);
      at += free - (free % 64);
      if (at >= blocks.length) break;
    }
    const number = at * format.blockSize + (format.absolute ? area.base : 0);
    const shown = format.digits === 5 ? number % 0x100000 : number % 0x100000000;
    lines.push(`${shown.toString(16).padStart(format.digits, "0")}: ${blocks.slice(at, at + 64)}`);
    at += 64;
  }
  return lines;
}
