/** What a region of ESP32's system heap has free. */
interface IdfRegionSpace {
  readonly freeBytes: number;
  readonly largestFreeBytes: number;
}

/** ESP32's system heap over all its regions; null where it is not known. */
export function idfTotals(regions: readonly IdfRegionSpace[] | null): {
  readonly freeBytes: number | null;
  /** No allocation spans regions. */
  readonly largestFreeBytes: number | null;
} {
  if (regions === null || regions.length === 0) return { freeBytes: null, largestFreeBytes: null };
  let [freeBytes, largestFreeBytes] = [0, 0];
  for (const region of regions) {
    freeBytes += region.freeBytes;
    largestFreeBytes = Math.max(largestFreeBytes, region.largestFreeBytes);
  }
  return { freeBytes, largestFreeBytes };
}
