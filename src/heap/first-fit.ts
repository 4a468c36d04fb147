import { fragmentation } from "./fragmentation.ts";
import type { BlockRange, FreeRanges } from "./free-ranges.ts";
import { FreeSpace } from "./free-space.ts";

/**
 * What MicroPython's allocator would do, without asking it. gc_alloc() in py/gc.c (v1.27; alike in all versions of MicroPython
 * since 1.0, CircuitPython differs):
 *
 * - n bytes take ceil(n ÷ block size) blocks in a row, within one area; 0 bytes take none.
 * - The first place that has them is taken, from the lowest block of the first area upwards. Areas are searched in the
 *   order in which they were added, which is the order of the dump.
 * - With MICROPY_GC_SPLIT_HEAP the search begins in `gc_last_free_area`, and in each area at `gc_last_free_atb_index`. Both are moved up only by
 *   allocations of one block, below whose place nothing is free, and moved back when anything below is freed. So they save time
 *   and change no place: the search here begins at the first block.
 *
 * Not in it: a collection before the allocation, which `gc.threshold()` can ask for; the hint that a few patched builds add.
 */

/** What becomes of one allocation. */
export type Allocation = PlacedAllocation | RefusedAllocation;

export interface PlacedAllocation {
  readonly kind: "placed";
  /** Asked for. */
  readonly bytes: number;
  /** What it takes. */
  readonly blocks: number;
  /** Index of the area. */
  readonly area: number;
  /** Its first block, counted in the area. */
  readonly block: number;
  /** The same counted over all areas. */
  readonly start: number;
}

export interface RefusedAllocation {
  readonly kind: "no-room";
  readonly bytes: number;
  readonly blocks: number;
  /** At that moment, in all areas. */
  readonly freeBlocks: number;
  /** Of the longest free run at that moment. */
  readonly largestBlocks: number;
}

/** What is free when a sequence is through. */
export interface FreeState {
  readonly freeBytes: number;
  readonly largestFreeBytes: number;
  /** 1 − largest ÷ free, see heap/fragmentation. */
  readonly fragmentation: number;
}

export interface FirstFit {
  /** One of each size, in order. */
  readonly allocations: readonly Allocation[];
  /** Index of the first one without room; null: all fit. */
  readonly firstRefused: number | null;
  /** How often the whole sequence fits once more, in order, behind itself. Null where it does not fit the first time. */
  readonly moreTimes: number | null;
  readonly after: FreeState;
}

/** Blocks that `bytes` take. */
export function blocksOf(bytes: number, blockSizeBytes: number): number {
  return Math.ceil(bytes / blockSizeBytes);
}

/**
 * Allocates `sizes` (bytes, each 1 or more) one after the other in `free`, without collecting. One that has no room changes nothing, and the
 * next is tried. Logarithmic in the free runs for each allocation, the repetitions included.
 */
export function firstFit(free: FreeRanges, sizes: readonly number[]): FirstFit {
  const space = new FreeSpace(free);
  const wanted = sizes.map((bytes) => ({ bytes, blocks: blocksOf(bytes, free.blockSizeBytes) }));
  const allocations = wanted.map((one): Allocation => {
    const start = space.take(one.blocks);
    if (start !== null) return { kind: "placed", ...one, ...placeOf(start, free) };
    const { freeBlocks, largestBlocks } = space;
    return { kind: "no-room", ...one, freeBlocks, largestBlocks };
  });
  const { freeBlocks, largestBlocks } = space;
  const refused = allocations.findIndex(({ kind }) => kind === "no-room");
  return {
    allocations,
    firstRefused: refused < 0 ? null : refused,
    after: {
      freeBytes: freeBlocks * free.blockSizeBytes,
      largestFreeBytes: largestBlocks * free.blockSizeBytes,
      fragmentation: fragmentation(freeBlocks, largestBlocks),
    },
    moreTimes:
      refused < 0
        ? repetitions(
            space,
            wanted.map(({ blocks }) => blocks),
          )
        : null,
  };
}

/** The blocks that the placed ones of `allocations` take. */
export function placesOf(allocations: readonly Allocation[]): readonly BlockRange[] {
  return allocations.flatMap((one) =>
    one.kind === "placed" ? [{ start: one.start, length: one.blocks }] : [],
  );
}

function placeOf(start: number, { areas }: FreeRanges): Pick<PlacedAllocation, "area" | "block" | "start"> {
  const area = areas.findLastIndex(({ firstBlock }) => firstBlock <= start);
  return { area, block: start - (areas[area]?.firstBlock ?? 0), start };
}

/** Uses `space` up. Each repetition takes a block at least, so it ends. */
function repetitions(space: FreeSpace, sequence: readonly number[]): number {
  const [first = 1] = sequence;
  if (sequence.every((blocks) => blocks === first)) return Math.floor(space.countOf(first) / sequence.length);
  for (let times = 0; ; times++) for (const blocks of sequence) if (space.take(blocks) === null) return times;
}
