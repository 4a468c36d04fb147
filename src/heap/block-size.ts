import type { MemInfoRecord } from "./mem-info-record.ts";

/**
 * The block size of a record without a map, in bytes, by exclusion, or null. A basic record does not state it; but 16
 * (32-bit boards) is certain where 32 (64-bit) is impossible: a figure is no multiple of 32, the largest free run
 * would be larger than all that is free, or the objects counted would be larger than all that is used. Ports with
 * other sizes (8 on pic16bit) do not offer `mem_info` by default; pass `figuresOf` the size where you know it better.
 */
export function blockSizeByExclusion(record: MemInfoRecord): 16 | null {
  const { heap, blocks } = record;
  const aligned = (size: number): boolean => heap.usedBytes % size === 0 && heap.freeBytes % size === 0;
  if (!aligned(16)) return null;
  const one = blocks.oneBlock ?? 0;
  const two = blocks.twoBlock ?? 0;
  const largestUsed = blocks.largestUsed ?? 0;
  const objectBlocks = one + 2 * two + (largestUsed > 2 ? largestUsed : 0);
  const fits = (size: number): boolean =>
    (blocks.largestFree ?? 0) * size <= heap.freeBytes && objectBlocks * size <= heap.usedBytes;
  return fits(16) && !(aligned(32) && fits(32)) ? 16 : null;
}
