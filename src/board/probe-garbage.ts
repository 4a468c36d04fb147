import { HeapscopeError } from "../shared/errors.ts";
import type { Probe } from "./probe.ts";

const ROUNDS = 3;

/**
 * Bytes of garbage that one basic reading leaves on the board: the smallest growth of `used` between readings taken
 * back to back, so that an application allocating meanwhile counts as little as possible. Null where only a
 * collection fell in between, or the heap is too full to tell.
 */
export async function measureProbeGarbage(probe: Probe): Promise<number | null> {
  try {
    const used: number[] = [];
    for (let round = 0; round <= ROUNDS; round++)
      used.push((await probe.read({ map: false })).figures.heap.usedBytes);
    const growth = used.slice(1).map((bytes, index) => bytes - (used[index] ?? 0));
    const plausible = growth.filter((bytes) => bytes >= 0);
    return plausible.length > 0 ? Math.min(...plausible) : null;
  } catch (error) {
    // A damaged or exhausted exchange says nothing about garbage; the reading that follows reports it.
    if (
      error instanceof HeapscopeError &&
      ["dump-damaged", "program-garbled", "heap-exhausted"].includes(error.code)
    )
      return null;
    throw error;
  }
}
