import { type FirstFit, firstFit, placesOf, type RefusedAllocation } from "./first-fit.ts";
import { type FreeRanges, haveSameAreas, withoutBlocks } from "./free-ranges.ts";
import { canGrowBy } from "./heap-growth.ts";

export interface WhatIfHeap {
  /** As it is. */
  readonly now: FreeRanges;
  /** After a collection; null: not known. */
  readonly collected: FreeRanges | null;
  /** What the heap may grow by; null: it does not, or it is not known. */
  readonly growableBytes: number | null;
}

/** What a program that makes the allocations would meet. `at`: index of the first one that has no room in the heap as it is. */
export type WhatIfVerdict =
  | { readonly kind: "fits" }
  /** All succeed: MicroPython collects by itself before the one `at`, and that makes room. */
  | { readonly kind: "collects"; readonly at: number }
  /** All succeed, if the heap can grow as the board says: what a collection frees is not enough, or not known. */
  | { readonly kind: "grows"; readonly at: number }
  /** The one `at` is a MemoryError, in spite of the collection before it; `refused`: what it finds then. */
  | { readonly kind: "fails"; readonly at: number; readonly refused: RefusedAllocation }
  /** The one `at` has no room; whether a collection would make some is not known. */
  | { readonly kind: "unknown"; readonly at: number };

export interface WhatIf {
  readonly now: FirstFit;
  /** The same sequence after gc.collect(); null: not known. */
  readonly collected: FirstFit | null;
  readonly verdict: WhatIfVerdict;
}

/** What would become of allocations of `sizes` (bytes, each 1 or more), in this order. */
export function whatIf(heap: WhatIfHeap, sizes: readonly number[]): WhatIf {
  const now = firstFit(heap.now, sizes);
  const collected = heap.collected === null ? null : firstFit(heap.collected, sizes);
  return { now, collected, verdict: verdictOf(heap, sizes, now) };
}

function verdictOf(heap: WhatIfHeap, sizes: readonly number[], now: FirstFit): WhatIfVerdict {
  const at = now.firstRefused;
  if (at === null) return { kind: "fits" };
  const { collected, growableBytes } = heap;
  if (collected === null) {
    if (canGrowBy(refusedSizes(now), growableBytes)) return { kind: "grows", at };
    return hopelessOf(heap.now, now) ?? { kind: "unknown", at };
  }
  const then = afterCollectionAt(at, heap.now, collected, now, sizes);
  const [refused] = refusedOf(then.rest);
  if (refused === undefined) return { kind: "collects", at };
  if (canGrowBy(refusedSizes(then.rest), growableBytes)) return { kind: "grows", at };
  return { kind: "fails", at: then.from + (then.rest.firstRefused ?? 0), refused };
}

/** An allocation that is larger than any area fails whatever a collection frees. */
function hopelessOf({ areas }: FreeRanges, { allocations }: FirstFit): WhatIfVerdict | undefined {
  const most = Math.max(...areas.map(({ blocks }) => blocks));
  const at = allocations.findIndex(({ blocks }) => blocks > most);
  const refused = allocations[at];
  return refused?.kind === "no-room" ? { kind: "fails", at, refused } : undefined;
}

/**
 * The allocations from number `from` on, as they go on after the collection that the one `at` brings about: what was placed before
 * is in use, and stays. Where the collection changed the areas, their blocks cannot be compared: then all of them, after a collection.
 */
function afterCollectionAt(
  at: number,
  before: FreeRanges,
  collected: FreeRanges,
  now: FirstFit,
  sizes: readonly number[],
): { readonly from: number; readonly rest: FirstFit } {
  if (!haveSameAreas(before, collected)) return { from: 0, rest: firstFit(collected, sizes) };
  const free = withoutBlocks(collected, placesOf(now.allocations.slice(0, at)));
  return { from: at, rest: firstFit(free, sizes.slice(at)) };
}

function refusedSizes(fit: FirstFit): readonly number[] {
  return refusedOf(fit).map(({ bytes }) => bytes);
}

function refusedOf({ allocations }: FirstFit): readonly RefusedAllocation[] {
  return allocations.filter((one) => one.kind === "no-room");
}
