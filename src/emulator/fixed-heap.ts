import { refuseGrowth } from "./host-hooks.ts";
import type { MicroPython } from "./micropython.ts";

/**
 * Makes the heap end where a board's ends, with a true MemoryError. This port adds an area of
 * max(what is needed, the present total) from the C heap whenever an allocation fails; so the C heap must
 * neither grow nor hold a free piece that large. A reserve well below that stays free: the bridge between
 * Python and JavaScript allocates a few bytes there per call and does not check for failure.
 */
export function sealHeap(python: MicroPython, heapBytes: number): void {
  const { _malloc: allocate, _free: free } = python._module;
  const reserve = allocate(Math.min(32_768, Math.floor(heapBytes / 2)));
  refuseGrowth();
  const largestBytes = 16_777_216;
  const smallestBytes = 32;
  for (let bytes = largestBytes; bytes >= smallestBytes; bytes /= 2) {
    while (allocate(bytes) !== 0) {
      // taken for good
    }
  }
  free(reserve);
}
