import type { SoakObserved } from "../../../src/app/soak/observed.ts";
import type { SoakLimits } from "../../../src/app/soak/soak-verdict.ts";
import { seeded } from "../../support/seeded.ts";

export const startMs = Date.UTC(2026, 10, 27, 12);
const everyMs = 10_000;

/** A run with a collection every 10 s, whose live bytes are `used`, in whole blocks. */
export function observedRun(
  used: (index: number, random: () => number) => number,
  change: Partial<SoakObserved> & { readonly collections?: number } = {},
): SoakObserved {
  const { collections = 60, ...rest } = change;
  const random = seeded(7);
  return {
    startMs,
    endMs: startMs + collections * everyMs,
    readings: 3 * collections,
    points: Array.from({ length: collections }, (_, index) => {
      const usedBytes = 16 * Math.round(used(index, random) / 16);
      return {
        atMs: startMs + index * everyMs,
        usedBytes,
        totalBytes: 64_000,
        growableBytes: null,
        largestFreeBytes: 60_000 - usedBytes,
      };
    }),
    restartsMs: [],
    missed: [],
    errors: [],
    startedAnew: null,
    overlapped: 0,
    types: [],
    newestMaps: [],
    ...rest,
  };
}

export const strict: SoakLimits = {
  maxGrowthBytesPerHour: 0,
  minLargestFreeBytes: null,
  allowedRestarts: 0,
  allowedMissed: 0,
  baseline: null,
};
