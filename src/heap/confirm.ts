import { type DumpProblem, dumpProblem } from "./dump-problem.ts";
import type { MemInfoRecord } from "./mem-info-record.ts";

/** No heap has smaller blocks. */
const SMALLEST_BLOCK_BYTES = 8;

/**
 * Whether two answers, printed one right after the other, confirm each other: null, or what does not fit. In an answer
 * without a map only used, free and total can be checked against each other, and the stack in none at all; a lost or
 * changed digit shows in no other way. Where `used` itself differs (an interrupt or a thread allocated in between), counts of blocks may
 * differ by as many blocks as that. `max new split` is the system's own figure and may change at any time.
 */
export function disagreement(first: MemInfoRecord, second: MemInfoRecord): DumpProblem | null {
  const moved = Math.abs(first.heap.usedBytes - second.heap.usedBytes) / SMALLEST_BLOCK_BYTES;
  for (const [name, value, other, slack] of figures(first, second, moved)) {
    if (value === other || (value !== null && other !== null && Math.abs(value - other) <= slack)) continue;
    return dumpProblem(
      "does-not-add-up",
      second.firstLine,
      `${name} ${value}, as just before`,
      String(other ?? "none"),
    );
  }
  return null;
}

/** `max new split` where both answers say the same: of two that differ, either may be the damaged one. Else unknown. */
export function agreedGrowableBytes(first: MemInfoRecord, second: MemInfoRecord): number | null {
  const { growableBytes } = second.heap;
  return first.heap.growableBytes === growableBytes ? growableBytes : null;
}

type Figure = readonly [name: string, value: number | null, other: number | null, slack: number];

function figures(first: MemInfoRecord, second: MemInfoRecord, moved: number): readonly Figure[] {
  const [blocks, others] = [first.blocks, second.blocks];
  return [
    ["total", first.heap.totalBytes, second.heap.totalBytes, 0],
    ["stack used", first.stack?.usedBytes ?? null, second.stack?.usedBytes ?? null, 0],
    ["stack size", first.stack?.totalBytes ?? null, second.stack?.totalBytes ?? null, 0],
    ["1-blocks", blocks.oneBlock, others.oneBlock, moved],
    ["2-blocks", blocks.twoBlock, others.twoBlock, moved],
    ["max blk sz", blocks.largestUsed, others.largestUsed, moved],
    ["max free sz", blocks.largestFree, others.largestFree, moved],
  ];
}
