/**
 * What the WebAssembly port gives for `max new split`, whatever there is: a constant of gc_get_max_new_split() in ports/webassembly/main.c.
 * An emulated board prints it, too, though its heap is fixed.
 */
const constantBytes = 128 * 1024 ** 2;

/** How far a heap can grow, bytes, as far as its `max new split` tells; null: it tells nothing. */
export function trustedGrowableBytes(printedBytes: number | null): number | null {
  return printedBytes === constantBytes ? null : printedBytes;
}

/**
 * Whether a heap that may grow by `growableBytes` finds room for all of `sizes` (bytes) that its present areas have none for. Of
 * gc_try_add_heap() in py/gc.c (v1.27): a new area for n bytes takes n + max(2048, n × 13 ÷ 512), and at least as much as the heap
 * has where that can be had. How many areas there will be is not known, so this counts each size with its share and is careful: an estimate.
 */
export function canGrowBy(sizes: readonly number[], growableBytes: number | null): boolean {
  const needed = sizes.reduce(
    (sum, bytes) => sum + bytes + Math.max(2048, Math.floor((bytes * 13) / 512)),
    0,
  );
  return growableBytes !== null && needed <= growableBytes;
}
