import type { MemInfoFigures } from "./reading.ts";

/** The figures where `mem_info` is missing: `gc.mem_alloc()` and `gc.mem_free()`. */
export function totalsOnly(usedBytes: number, freeBytes: number): MemInfoFigures {
  const totalBytes = usedBytes + freeBytes;
  return {
    stack: null,
    heap: { totalBytes, usedBytes, freeBytes, growableBytes: null },
    blocks: {
      sizeBytes: null,
      total: null,
      oneBlock: null,
      twoBlock: null,
      largestUsed: null,
      largestFree: null,
    },
    largestFreeBytes: null,
    utilization: totalBytes > 0 ? usedBytes / totalBytes : null,
    fragmentation: null,
    map: null,
  };
}
