import type { Reading, ReadingMark } from "../heap/reading.ts";

/** What a measured block of the application's code cost. Null = the frame that would tell is missing. */
export interface MarkCost {
  /** The reading before the block. */
  readonly beginId: number | null;
  /** The reading right after it, before its garbage was collected. */
  readonly endId: number | null;
  /** What the block left allocated: settled − begin. */
  readonly netBytes: number | null;
  /** What it left as garbage: end − settled. */
  readonly garbageBytes: number | null;
  /** settled − begin: below zero, the block split or took the largest free piece. */
  readonly largestFreeChangeBytes: number | null;
}

/** A place in an application's code, with the heap there. */
export interface Mark extends ReadingMark {
  readonly readingId: number;
  readonly boardId: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly run: string;
  readonly sequence: number;
  readonly usedBytes: number;
  readonly largestFreeBytes: number | null;
  /** Of `settled` marks; else null. */
  readonly cost: MarkCost | null;
}

export type MarkedReading = Reading & {
  readonly id: number | null;
  readonly boardId: string;
  readonly at: string;
};

/** A block that has begun. */
interface Block {
  readonly label: string;
  readonly begin: MarkedReading | null;
  readonly end: MarkedReading | null;
}

/**
 * The marks among `readings`, which are in the order in which they were taken. Blocks may be nested, also in one of the same label:
 * the innermost open one is the one that ends. `settled` follows its `end` without another frame between them.
 */
export function marksOf(readings: readonly MarkedReading[]): readonly Mark[] {
  const marks: Mark[] = [];
  /** By run: the blocks that are open, the innermost last. */
  const open = new Map<string, Block[]>();
  for (const reading of readings) {
    const { helper } = reading;
    if (!helper?.mark) continue;
    const blocks = open.get(helper.run) ?? [];
    open.set(helper.run, blocks);
    const { kind, label } = helper.mark;
    const cost = kind === "settled" ? costOf(reading, taken(blocks, label, true)) : null;
    if (kind === "begin") blocks.push({ label, begin: reading, end: null });
    if (kind === "end")
      blocks.push({ ...(taken(blocks, label, false) ?? { label, begin: null }), end: reading });
    marks.push({
      readingId: reading.id ?? 0,
      boardId: reading.boardId,
      at: reading.at,
      kind,
      label,
      run: helper.run,
      sequence: helper.sequence,
      usedBytes: reading.heap.usedBytes,
      largestFreeBytes: reading.largestFreeBytes,
      cost,
    });
  }
  return marks;
}

/**
 * The innermost block of that label that has ended, or has not; of one whose end is missing, `settled` is the end. What is open
 * within it never ended, and is forgotten with it.
 */
function taken(blocks: Block[], label: string, hasEnded: boolean): Block | undefined {
  let at = blocks.findLastIndex((block) => block.label === label && (block.end !== null) === hasEnded);
  if (at === -1 && hasEnded) at = blocks.findLastIndex((block) => block.label === label);
  return at === -1 ? undefined : blocks.splice(at)[0];
}

function costOf(settled: MarkedReading, block: Block | undefined): MarkCost {
  const begin = block?.begin ?? null;
  const followed = block?.end?.helper?.sequence === (settled.helper?.sequence ?? 0) - 1;
  const end = followed ? (block?.end ?? null) : null;
  const { usedBytes } = settled.heap;
  return {
    beginId: begin?.id ?? null,
    endId: end?.id ?? null,
    netBytes: begin && usedBytes - begin.heap.usedBytes,
    garbageBytes: end && end.heap.usedBytes - usedBytes,
    largestFreeChangeBytes: difference(settled.largestFreeBytes, begin?.largestFreeBytes ?? null),
  };
}

function difference(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}
