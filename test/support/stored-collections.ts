import type { BoardReading, NewEvent, Store } from "../../src/store/store-types.ts";
import { sampleCollection, sampleReading } from "./samples.ts";

/** Used memory after a collection, and when. */
export interface StoredLevel {
  readonly atMs: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** Appends each as two readings and a collection that freed `garbageBytes`. */
export function appendCollections(store: Store, levels: readonly StoredLevel[], garbageBytes = 6_000): void {
  const first = store.latestCursor() + 1;
  store.append(
    levels.flatMap(({ atMs, usedBytes, totalBytes }, index): NewEvent[] => {
      const at = (ms: number) => new Date(atMs + ms).toISOString();
      const reading = (change: Partial<BoardReading>, used: number): NewEvent => {
        const freeBytes = totalBytes - used;
        const heap = { totalBytes, usedBytes: used, freeBytes, growableBytes: null };
        return {
          type: "reading",
          data: sampleReading({
            ...change,
            heap,
            largestFreeBytes: Math.round(freeBytes / 2),
            fragmentation: 0.5,
          }),
        };
      };
      const beforeId = first + 3 * index;
      return [
        reading({ phase: "before-collect", at: at(-50) }, usedBytes + garbageBytes),
        reading({ phase: "after-collect", at: at(0) }, usedBytes),
        {
          type: "collection",
          data: sampleCollection({
            at: at(5),
            beforeId,
            afterId: beforeId + 1,
            reclaimedBytes: garbageBytes,
          }),
        },
      ];
    }),
  );
}
