import { medianOf } from "./order-statistics.ts";
import { type DatedMap, isOld, pinCandidates } from "./survivors.ts";

/** Many small objects that together keep free memory in pieces, where no single one is to blame. */
export interface Scatter {
  /** Free runs that would be fewer without the objects. */
  readonly freeRuns: number;
  /** In these runs, less the largest of them. */
  readonly apartBytes: number;
  readonly freeBytes: number;
  readonly largestFreeBytes: number;
  readonly objects: number;
  readonly medianBytes: number;
  /** The letter that most of the objects have; null: none has more than half of them. */
  readonly mostLetter: string | null;
}

/** Fewer are told one by one (see survivors). */
const leastPins = 50;
/** Of the free memory, kept apart by them. */
const leastShare = 0.25;

/**
 * Whether small survivors keep much of the free memory in pieces, in the newest of the maps (oldest first). What the map
 * before does not know may be garbage and does not count, so it takes two maps. Null: they do not.
 */
export function scatterOf(maps: readonly DatedMap[]): Scatter | null {
  const [before, newest] = maps.slice(-2);
  if (before === undefined || newest === undefined) return null;
  const { map } = newest;
  const pins = pinCandidates(map).filter((pin) => isOld(pin, map, before.map));
  if (pins.length < leastPins) return null;
  const runs = new Set<number>();
  const sizes: number[] = [];
  const letters = new Map<string, number>();
  for (const { first, end } of pins) {
    runs.add(first - 1).add(end);
    for (let run = first; run < end; run++) {
      sizes.push(map.lengthAt(run) * map.blockSizeBytes);
      const letter = String.fromCharCode(map.letterCodeAt(run));
      letters.set(letter, (letters.get(letter) ?? 0) + 1);
    }
  }
  let [freeBlocks, largest] = [0, 0];
  for (let run = 0; run < map.runCount; run++) {
    if (!map.isFreeAt(run)) continue;
    freeBlocks += map.lengthAt(run);
    largest = Math.max(largest, map.lengthAt(run));
  }
  let [apart, largestApart] = [0, 0];
  for (const run of runs) {
    apart += map.lengthAt(run);
    largestApart = Math.max(largestApart, map.lengthAt(run));
  }
  apart -= largestApart;
  if (apart < leastShare * freeBlocks) return null;
  const [most] = [...letters].sort(([, one], [, other]) => other - one);
  return {
    freeRuns: runs.size,
    apartBytes: apart * map.blockSizeBytes,
    freeBytes: freeBlocks * map.blockSizeBytes,
    largestFreeBytes: largest * map.blockSizeBytes,
    objects: sizes.length,
    medianBytes: medianOf(sizes) ?? 0,
    mostLetter: most !== undefined && most[1] > sizes.length / 2 ? most[0] : null,
  };
}
