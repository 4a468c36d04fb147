import type { BlockFigures, HeapFigures, MapSummary, StackFigures } from "../../src/heap/reading.ts";
import { seeded } from "./seeded.ts";

/** A line of 64 blocks that begins and ends in use and shares no object with its neighbours, so that sums are sums of lines. */
interface Line {
  readonly text: string;
  readonly used: number;
  readonly one: number;
  readonly two: number;
  readonly largestUsed: number;
  readonly largestFree: number;
  /** Its free runs, and blocks in them, by the power of two of their length. */
  readonly binRuns: readonly number[];
  readonly binBlocks: readonly number[];
  /** In the order of `letters`. */
  readonly objects: readonly number[];
  readonly blocks: readonly number[];
}

const lineBlocks = 64;
const blockBytes = 16;
const base = "20008b00";
const letters = ["h", "S", "D", "T", "L", "F", "B", "A", "M"];

/** A whole heap in use, and from where its lines are taken. */
export interface SimulatedMap {
  readonly dump: Uint8Array;
  readonly blocks: BlockFigures;
  readonly map: MapSummary;
}

/**
 * Makes dumps in today's format of a heap of one area, each with exactly the used bytes it is asked for: lines of a pool,
 * from another one on each time, and the rest free. Some microseconds per dump, because the lines were counted before.
 */
export function mapMaker(
  totalBytes: number,
  seed: number,
): (heap: HeapFigures, stack: StackFigures, variant: number) => SimulatedMap {
  const lineCount = totalBytes / blockBytes / lineBlocks;
  const random = seeded(seed);
  const pool = Array.from({ length: 251 }, () => randomLine(random));
  const addresses = Array.from({ length: lineCount }, (_, line) => {
    return `${(line * lineBlocks * blockBytes).toString(16).padStart(8, "0")}: `;
  });

  return (heap, stack, variant) => {
    const lines: Line[] = [];
    let left = heap.usedBytes / blockBytes;
    for (let at = variant; ; at++) {
      const line = pool[at % pool.length];
      if (line === undefined || line.used > left) break;
      lines.push(line);
      left -= line.used;
    }
    const rest = lineCount - lines.length;
    if (rest < 1)
      throw new RangeError(`${heap.usedBytes} bytes in use do not fit with their holes into ${totalBytes}`);
    const tail = rest * lineBlocks - left;
    const counted = summary(lines, left, tail, totalBytes);
    return { ...counted, dump: print(lines, left, tail, counted.blocks, heap, stack, addresses) };
  };
}

/** Some 85 % in use; runs as short as those of a real heap. */
function randomLine(random: () => number): Line {
  const binRuns = zeros(32);
  const binBlocks = zeros(32);
  const objects = zeros(letters.length);
  const blocks = zeros(letters.length);
  let [text, used, one, two, largestUsed, largestFree] = ["", 0, 0, 0, 0, 0];
  while (text.length < lineBlocks) {
    const length = Math.min(lineBlocks - text.length, 1 + Math.floor(random() ** 3 * 12));
    const letter = Math.floor(random() * letters.length);
    text += letters[letter] + "=".repeat(length - 1);
    add(objects, letter, 1);
    add(blocks, letter, length);
    used += length;
    if (length === 1) one++;
    if (length === 2) two++;
    largestUsed = Math.max(largestUsed, length);
    if (random() < 0.8 || lineBlocks - text.length <= 6) continue;
    const free = 1 + Math.floor(random() * 4);
    text += ".".repeat(free);
    add(binRuns, binOf(free), 1);
    add(binBlocks, binOf(free), free);
    largestFree = Math.max(largestFree, free);
  }
  return { text, used, one, two, largestUsed, largestFree, binRuns, binBlocks, objects, blocks };
}

function summary(
  lines: readonly Line[],
  left: number,
  tail: number,
  totalBytes: number,
): Pick<SimulatedMap, "blocks" | "map"> {
  const binRuns = zeros(32);
  const binBlocks = zeros(32);
  const objects = zeros(letters.length);
  const blocks = zeros(letters.length);
  let [one, two, largestUsed, largestFree] = [left, 0, left > 0 ? 1 : 0, tail];
  for (const line of lines) {
    one += line.one;
    two += line.two;
    largestUsed = Math.max(largestUsed, line.largestUsed);
    largestFree = Math.max(largestFree, line.largestFree);
    // Runs of 1 to 4 blocks.
    for (let bin = 0; bin < 3; bin++) {
      add(binRuns, bin, line.binRuns[bin] ?? 0);
      add(binBlocks, bin, line.binBlocks[bin] ?? 0);
    }
    for (let letter = 0; letter < letters.length; letter++) {
      add(objects, letter, line.objects[letter] ?? 0);
      add(blocks, letter, line.blocks[letter] ?? 0);
    }
  }
  // What is left over is one-block objects of the first letter.
  add(objects, 0, left);
  add(blocks, 0, left);
  add(binRuns, binOf(tail), 1);
  add(binBlocks, binOf(tail), tail);
  const total = totalBytes / blockBytes;
  return {
    blocks: { sizeBytes: blockBytes, total, oneBlock: one, twoBlock: two, largestUsed, largestFree },
    map: {
      areas: [{ base, blocks: total }],
      verified: true,
      freeRuns: binRuns.reduce((sum, runs) => sum + runs, 0),
      histogram: binRuns.flatMap((runs, bin) =>
        runs === 0 ? [] : [{ minBlocks: 2 ** bin, runs, blocks: binBlocks[bin] ?? 0 }],
      ),
      types: Object.fromEntries(
        letters.flatMap((letter, place) => {
          const totals = { objects: objects[place] ?? 0, blocks: blocks[place] ?? 0 };
          return totals.objects === 0 ? [] : [[letter, totals]];
        }),
      ),
    },
  };
}

function binOf(length: number): number {
  return 31 - Math.clz32(length);
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function add(sums: number[], place: number, more: number): void {
  sums[place] = (sums[place] ?? 0) + more;
}

function print(
  lines: readonly Line[],
  left: number,
  tail: number,
  blocks: BlockFigures,
  heap: HeapFigures,
  stack: StackFigures,
  addresses: readonly string[],
): Uint8Array {
  let text =
    `stack: ${stack.usedBytes} out of ${stack.totalBytes}\r\n` +
    `GC: total: ${heap.totalBytes}, used: ${heap.usedBytes}, free: ${heap.freeBytes}\r\n` +
    ` No. of 1-blocks: ${blocks.oneBlock}, 2-blocks: ${blocks.twoBlock}, max blk sz: ${blocks.largestUsed}, ` +
    `max free sz: ${blocks.largestFree}\r\nGC memory layout; from ${base}:\r\n`;
  for (const [index, line] of lines.entries()) text += `${addresses[index]}${line.text}\r\n`;
  if (left > 0) text += `${addresses[lines.length]}${"h".repeat(left)}${".".repeat(lineBlocks - left)}\r\n`;
  // gc_dump_alloc_table counts lines that are all free where there are two or more.
  const free = Math.floor(tail / lineBlocks);
  if (free >= 2) text += `       (${free} lines all free)\r\n`;
  else if (free === 1) text += `${addresses.at(-1)}${".".repeat(lineBlocks)}\r\n`;
  return Buffer.from(text, "latin1");
}
