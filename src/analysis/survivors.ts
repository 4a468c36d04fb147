import type { BlockMap } from "../heap/block-map.ts";

/** A stored map and when it was read. */
export interface DatedMap {
  readonly atMs: number;
  readonly map: BlockMap;
}

/** An object between two gaps. */
export interface Survivor {
  /** As printed. */
  readonly letter: string;
  /** From the area's base. */
  readonly offsetBytes: number;
  readonly blocks: number;
  /** Newest maps in a row in which an object of this letter and length stood here. 1 = only in the newest. */
  readonly ageReadings: number;
  /** UTC, ISO 8601: the oldest of these maps. It may have been there before. */
  readonly since: string;
}

/** Few used blocks that keep two free runs apart. */
export interface Pin {
  /** Base of the area, hexadecimal, as printed. */
  readonly area: string;
  /** The first object's, from the area's base. */
  readonly offsetBytes: number;
  /** Of all its objects. */
  readonly usedBytes: number;
  readonly leftFreeBytes: number;
  readonly rightFreeBytes: number;
  /** The free run that there would be without these objects. */
  readonly mergedFreeBytes: number;
  /** Free memory that would join the larger of the two: the smaller one. */
  readonly gainBytes: number;
  /** In order of address; what must go for the runs to merge. */
  readonly objects: readonly Survivor[];
}

/** More used blocks than this in between are no pin, they are the heap. */
const mostUsedBlocks = 32;
const mostObjects = 4;
const mostPins = 10;

/**
 * The objects that pin the largest gaps: for each pair of neighbouring free runs of an area with at most 4 objects of
 * together at most 32 blocks in between, the smaller of the two runs is what would join the other; largest first, 10 at most.
 * `maps`: oldest to newest; the newest is looked at, the older ones tell ages. With three maps or more, what only the newest knows
 * is left out: it is most likely garbage that the next collection takes.
 *
 * Linear in the runs of the newest map, plus a search per reported object and map. MicroPython never moves an object (py/gc.c
 * marks and sweeps), so one that stays where it is keeps its gaps apart as long as it lives.
 */
export function survivors(maps: readonly DatedMap[]): readonly Pin[] {
  const newest = maps.at(-1);
  if (newest === undefined) return [];
  const candidates = pinCandidates(newest.map).sort(
    (one, other) => other.gain - one.gain || one.first - other.first,
  );
  const pins: Pin[] = [];
  for (const candidate of candidates) {
    if (pins.length === mostPins) break;
    const pin = described(candidate, maps, newest);
    const isNew = pin.objects.every(({ ageReadings }) => ageReadings === 1);
    if (maps.length < 3 || !isNew) pins.push(pin);
  }
  return pins;
}

/** Runs `first` up to but not including `end` stand between two free ones. Blocks. */
export interface PinCandidate {
  readonly area: number;
  readonly first: number;
  readonly end: number;
  readonly used: number;
  readonly left: number;
  readonly right: number;
  readonly gain: number;
}

/** Every pair of neighbouring free runs with at most 4 objects of together at most 32 blocks in between. */
export function pinCandidates(map: BlockMap): PinCandidate[] {
  const found: PinCandidate[] = [];
  let run = 0;
  map.areas.forEach(({ firstBlock, blocks }, area) => {
    const endBlock = firstBlock + blocks;
    let freeRun = -1;
    for (; run < map.runCount && map.startAt(run) < endBlock; run++) {
      if (!map.isFreeAt(run)) continue;
      if (freeRun !== -1 && run - freeRun - 1 <= mostObjects) {
        const used = map.startAt(run) - map.startAt(freeRun + 1);
        const left = map.lengthAt(freeRun);
        const right = map.lengthAt(run);
        const gain = Math.min(left, right);
        if (used <= mostUsedBlocks)
          found.push({ area, first: freeRun + 1, end: run, used, left, right, gain });
      }
      freeRun = run;
    }
  });
  return found;
}

function described(candidate: PinCandidate, maps: readonly DatedMap[], { map }: DatedMap): Pin {
  const size = map.blockSizeBytes;
  const area = map.areas[candidate.area];
  const base = area?.base ?? "";
  const firstBlock = area?.firstBlock ?? 0;
  const objects: Survivor[] = [];
  for (let run = candidate.first; run < candidate.end; run++) {
    const offset = map.startAt(run) - firstBlock;
    const blocks = map.lengthAt(run);
    const age = ageOf(maps, base, offset, map.letterCodeAt(run), blocks);
    objects.push({
      letter: String.fromCharCode(map.letterCodeAt(run)),
      offsetBytes: offset * size,
      blocks,
      ageReadings: age.readings,
      since: new Date(age.sinceMs).toISOString(),
    });
  }
  return {
    area: base,
    offsetBytes: (map.startAt(candidate.first) - firstBlock) * size,
    usedBytes: candidate.used * size,
    leftFreeBytes: candidate.left * size,
    rightFreeBytes: candidate.right * size,
    mergedFreeBytes: (candidate.left + candidate.used + candidate.right) * size,
    gainBytes: candidate.gain * size,
    objects,
  };
}

function ageOf(
  maps: readonly DatedMap[],
  base: string,
  offset: number,
  letter: number,
  blocks: number,
): { readonly readings: number; readonly sinceMs: number } {
  let readings = 0;
  let sinceMs = 0;
  for (let index = maps.length - 1; index >= 0; index--) {
    const dated = maps[index];
    if (dated === undefined || !stands(dated.map, base, offset, letter, blocks)) break;
    readings++;
    sinceMs = dated.atMs;
  }
  return { readings, sinceMs };
}

/** Whether at least one of its objects stood there in an older map, so that it is no fresh garbage alone. */
export function isOld({ area, first, end }: PinCandidate, map: BlockMap, older: BlockMap): boolean {
  const { base = "", firstBlock = 0 } = map.areas[area] ?? {};
  for (let run = first; run < end; run++) {
    const offset = map.startAt(run) - firstBlock;
    if (stands(older, base, offset, map.letterCodeAt(run), map.lengthAt(run))) return true;
  }
  return false;
}

/** Whether an object of this letter and length begins at this offset of the area. */
function stands(map: BlockMap, base: string, offset: number, letter: number, blocks: number): boolean {
  const area = map.areas.find((candidate) => candidate.base === base);
  if (area === undefined || offset >= area.blocks) return false;
  const run = map.runAtBlock(area.firstBlock + offset);
  return (
    map.startAt(run) === area.firstBlock + offset &&
    map.letterCodeAt(run) === letter &&
    map.lengthAt(run) === blocks
  );
}
