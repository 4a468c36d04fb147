import type { BlockMap, MapArea } from "./block-map.ts";

/** The free blocks of a heap, all that the allocator looks at. */
export interface FreeRanges {
  /** Bytes. */
  readonly blockSizeBytes: number;
  /** In the order in which the board prints them, which is the order in which it searches them. */
  readonly areas: readonly MapArea[];
  /** First block of each range, counted over all areas, ascending. No range spans two areas. */
  readonly starts: Uint32Array;
  /** Blocks of each range. */
  readonly lengths: Uint32Array;
}

/** Some blocks in a row, counted over all areas. */
export interface BlockRange {
  readonly start: number;
  readonly length: number;
}

/** The free blocks of `map`. Linear in its runs. */
export function freeRangesOf(map: BlockMap): FreeRanges {
  const { freeRuns } = map.tally();
  const starts = new Uint32Array(freeRuns);
  const lengths = new Uint32Array(freeRuns);
  let count = 0;
  for (let run = 0; run < map.runCount; run++) {
    if (!map.isFreeAt(run)) continue;
    starts[count] = map.startAt(run);
    lengths[count] = map.lengthAt(run);
    count++;
  }
  return { blockSizeBytes: map.blockSizeBytes, areas: map.areas, starts, lengths };
}

/** What stays free of `free` when the blocks of `taken` are in use, too; those that were not free before change nothing. */
export function withoutBlocks(free: FreeRanges, taken: readonly BlockRange[]): FreeRanges {
  const holes = [...taken].sort((one, other) => one.start - other.start);
  const starts: number[] = [];
  const lengths: number[] = [];
  let hole = 0;
  const keep = (from: number, to: number): void => {
    if (to <= from) return;
    starts.push(from);
    lengths.push(to - from);
  };
  for (let range = 0; range < free.starts.length; range++) {
    let from = free.starts[range] ?? 0;
    const to = from + (free.lengths[range] ?? 0);
    while (hole < holes.length) {
      const { start, length } = holes[hole] as BlockRange;
      if (start >= to) break;
      keep(from, Math.min(start, to));
      from = Math.max(from, start + length);
      // A hole that goes beyond this range is looked at again for the next.
      if (start + length > to) break;
      hole++;
    }
    keep(from, to);
  }
  return { ...free, starts: Uint32Array.from(starts), lengths: Uint32Array.from(lengths) };
}

/** Whether both have the same areas in the same order, so that a block of one is a block of the other. */
export function haveSameAreas(one: FreeRanges, other: FreeRanges): boolean {
  return (
    one.blockSizeBytes === other.blockSizeBytes &&
    one.areas.length === other.areas.length &&
    one.areas.every(({ base, blocks }, at) => {
      const area = other.areas[at];
      return area?.base === base && area.blocks === blocks;
    })
  );
}
