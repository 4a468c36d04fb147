import type { BlockFigures, HeapFigures, MapSummary, StackFigures } from "../../src/heap/reading.ts";
import { seeded } from "./seeded.ts";

/** A line of 64 blocks that begins and ends in use and shares no object with its neighbours, so that sums are sums of lines. */
interface Line {
  readonly text: string;
  readonly used: number;
  readonly one: number;
  readonly two: number;
  readonly largestUsed: number;
  /** Lengths of its free runs. */
  readonly free: readonly number[];
  readonly types: ReadonlyMap<string, { readonly objects: number; readonly blocks: number }>;
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

/** 70 to 90 % in use; runs as short as those of a real heap. */
function randomLine(random: () => number): Line {
  const free: number[] = [];
  const types = new Map<string, { objects: number; blocks: number }>();
  let [text, used, one, two, largestUsed] = ["", 0, 0, 0, 0];
  const object = (length: number): void => {
    const letter = letters[Math.floor(random() * letters.length)] ?? "h";
    text += letter + "=".repeat(length - 1);
    const so = types.get(letter) ?? { objects: 0, blocks: 0 };
    types.set(letter, { objects: so.objects + 1, blocks: so.blocks + length });
    used += length;
    if (length === 1) one++;
    if (length === 2) two++;
    largestUsed = Math.max(largestUsed, length);
  };
  while (text.length < lineBlocks) {
    const room = lineBlocks - text.length;
    object(Math.min(room, 1 + Math.floor(random() ** 3 * 12)));
    if (random() < 0.2 && lineBlocks - text.length > 6) {
      const length = 1 + Math.floor(random() * 4);
      free.push(length);
      text += ".".repeat(length);
    }
  }
  return { text, used, one, two, largestUsed, free, types };
}

function summary(
  lines: readonly Line[],
  left: number,
  tail: number,
  totalBytes: number,
): Pick<SimulatedMap, "blocks" | "map"> {
  let [one, two, largestUsed, largestFree, freeRuns] = [left, 0, left > 0 ? 1 : 0, tail, 1];
  const bins = new Map<number, { runs: number; blocks: number }>();
  const types: Record<string, { objects: number; blocks: number }> = {};
  const addFree = (length: number): void => {
    const minBlocks = 2 ** Math.floor(Math.log2(length));
    const bin = bins.get(minBlocks) ?? { runs: 0, blocks: 0 };
    bins.set(minBlocks, { runs: bin.runs + 1, blocks: bin.blocks + length });
  };
  const addType = (letter: string, objects: number, blocks: number): void => {
    const so = types[letter] ?? { objects: 0, blocks: 0 };
    types[letter] = { objects: so.objects + objects, blocks: so.blocks + blocks };
  };
  for (const line of lines) {
    one += line.one;
    two += line.two;
    largestUsed = Math.max(largestUsed, line.largestUsed);
    freeRuns += line.free.length;
    for (const length of line.free) {
      largestFree = Math.max(largestFree, length);
      addFree(length);
    }
    for (const [letter, { objects, blocks }] of line.types) addType(letter, objects, blocks);
  }
  if (left > 0) addType("h", left, left);
  addFree(tail);
  const histogram = [...bins]
    .sort(([first], [second]) => first - second)
    .map(([minBlocks, { runs, blocks }]) => ({ minBlocks, runs, blocks }));
  const total = totalBytes / blockBytes;
  return {
    blocks: { sizeBytes: blockBytes, total, oneBlock: one, twoBlock: two, largestUsed, largestFree },
    map: { areas: [{ base, blocks: total }], verified: true, freeRuns, histogram, types },
  };
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
