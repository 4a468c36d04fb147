import type { BlockMap } from "./block-map.ts";
import type { HistogramBin, TypeTotals } from "./reading.ts";

/**
 * How far the free heap is from being one piece: `F ? 1 − L/F : 0` with F free blocks and L the largest free run, in
 * blocks. 0 is one piece (or nothing free), towards 1 is dust. The same measure as "external fragmentation" in
 * Wilson et al., "Dynamic Storage Allocation: A Survey and Critical Review" (1995), section 2.
 */
export function fragmentation(freeBlocks: number, largestFreeBlocks: number): number {
  return freeBlocks > 0 ? 1 - largestFreeBlocks / freeBlocks : 0;
}

/** Share of the heap in use: `used / total`, 0 … 1; 0 of an empty heap. */
export function utilization(usedBytes: number, totalBytes: number): number {
  return totalBytes > 0 ? usedBytes / totalBytes : 0;
}

/** `L × block size`: the largest object that fits without a collection, in bytes. */
export function largestFreeBytes(map: BlockMap): number {
  return map.tally().largestFree * map.blockSizeBytes;
}

/**
 * Whether an allocation of `bytes` would succeed now, without collecting: `L × block size ≥ bytes`. MicroPython's
 * allocator takes the first free run that is long enough, and never one that spans areas (gc_alloc in py/gc.c).
 */
export function canAllocate(map: BlockMap, bytes: number): boolean {
  return largestFreeBytes(map) >= bytes;
}

/**
 * Gorman's unusable free space index for a request of `blocks`: the share of free blocks in runs shorter than that,
 * `Σ{r < blocks} r / Σ r`; 0 … 1, and 0 where nothing is free. Gorman, "Understanding the Linux Virtual
 * Memory Manager"; Gorman & Whitcroft, "The what, the why and the where to of anti-fragmentation" (OLS 2006), section 2.
 * Linear in the runs.
 */
export function unusableFree(map: BlockMap, blocks: number): number {
  const { freeBlocks } = map.tally();
  if (freeBlocks === 0) return 0;
  let unusable = 0;
  for (let run = 0; run < map.runCount; run++) {
    if (!map.isFreeAt(run)) continue;
    const length = map.lengthAt(run);
    if (length < blocks) unusable += length;
  }
  return unusable / freeBlocks;
}

/** Free runs per power of two of their length in blocks: non-empty bins only, shortest first. */
export function freeHistogram(map: BlockMap): readonly HistogramBin[] {
  return map.tally().freeBins;
}

/**
 * Objects and their blocks (head and tails) per head letter. A hint, not a census: MicroPython derives the
 * letter from the object's first word, which in a buffer can look like anything (gc_dump_alloc_table in py/gc.c).
 */
export function typeTotals(map: BlockMap): Readonly<Record<string, TypeTotals>> {
  const types: Record<string, TypeTotals> = {};
  for (const { letter, objects, blocks } of map.tally().heads) types[letter] = { objects, blocks };
  return types;
}
