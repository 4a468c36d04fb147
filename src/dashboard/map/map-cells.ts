import type { BlockMapView } from "../../client/views.ts";

/** The kind of a free block. */
export const freeCell = 0;
/** Set in the kind of a tail; the other bits are its head's letter. */
export const tailBit = 0x80;

/** The blocks of one area, one byte each: `freeCell`, the ASCII letter of a head, or that of its head with `tailBit`. */
export interface AreaCells {
  /** Hex digits of the address of the first block. */
  readonly base: string;
  readonly kinds: Uint8Array;
  /** Where runs begin, and at last the number of blocks: between two of them all is alike but for a head at its start. */
  readonly starts: Uint32Array;
}

export interface MapCells {
  /** Bytes. */
  readonly blockSizeBytes: number;
  readonly areas: readonly AreaCells[];
}

/** Blocks that belong together: an object, or a free run. */
export interface CellRun {
  /** `.`: free. */
  readonly letter: string;
  /** First block, counted from the area's base. */
  readonly start: number;
  /** Blocks. */
  readonly length: number;
}

/** A block in a map. */
export interface CellPlace {
  readonly area: number;
  /** Counted from the area's base. */
  readonly block: number;
}

/** The runs of a map as one byte per block. Linear in blocks: some ms at 8 MB. */
export function cellsOfMap(map: BlockMapView): MapCells {
  const areas = map.areas.map(({ base, blocks, runs }) => {
    const kinds = new Uint8Array(blocks);
    const starts = new Uint32Array(runs.length + 1);
    let run = 0;
    let at = 0;
    let letter = 0;
    for (const [text, length] of runs) {
      const to = at + length;
      starts[run++] = at;
      if (text !== ".") {
        // A run of tails goes on with the object before it.
        const isHead = text !== "=";
        if (isHead) letter = text.charCodeAt(0) & ~tailBit;
        if (length > 1 || !isHead) kinds.fill(letter | tailBit, at, to);
        if (isHead) kinds[at] = letter;
      }
      at = to;
    }
    starts[run] = blocks;
    return { base, kinds, starts };
  });
  return { blockSizeBytes: map.blockSizeBytes, areas };
}

/** The letter of a cell's kind, heads and tails alike; `.` where it is free. */
export function letterOf(kind: number): string {
  return kind === freeCell ? "." : String.fromCharCode(kind & ~tailBit);
}

/** The object or free run that holds `block`; linear in its length. */
export function runAt(kinds: Uint8Array, block: number): CellRun {
  const kind = kinds[block] ?? freeCell;
  let start = block;
  let end = block + 1;
  if (kind === freeCell) {
    while (start > 0 && kinds[start - 1] === freeCell) start--;
    while (end < kinds.length && kinds[end] === freeCell) end++;
  } else {
    const tail = kind | tailBit;
    while (start > 0 && kinds[start] === tail) start--;
    while (end < kinds.length && kinds[end] === tail) end++;
  }
  return { letter: letterOf(kind), start, length: end - start };
}

/** The longest free run, the first of several; null where nothing is free. */
export function largestFreeRun(cells: MapCells): (CellPlace & { readonly length: number }) | null {
  let found: (CellPlace & { readonly length: number }) | null = null;
  cells.areas.forEach(({ kinds }, area) => {
    for (let at = kinds.indexOf(freeCell); at !== -1; at = kinds.indexOf(freeCell, at)) {
      const block = at;
      while (at < kinds.length && kinds[at] === freeCell) at++;
      if (at - block > (found?.length ?? 0)) found = { area, block, length: at - block };
    }
  });
  return found;
}

/** Heads and blocks of one letter. */
export interface LetterTally {
  readonly letter: string;
  /** Objects; free runs where the letter is `.`. */
  readonly objects: number;
  readonly blocks: number;
}

/** Totals by letter: most blocks first, free last. */
export function tallyOf(cells: MapCells): readonly LetterTally[] {
  const perKind = new Uint32Array(256);
  let freeRuns = 0;
  for (const { kinds } of cells.areas) {
    let before = -1;
    for (const kind of kinds) {
      perKind[kind] = (perKind[kind] ?? 0) + 1;
      if (kind === freeCell && before !== freeCell) freeRuns++;
      before = kind;
    }
  }
  const tallies: LetterTally[] = [];
  for (let letter = 1; letter < tailBit; letter++) {
    const objects = perKind[letter] ?? 0;
    const blocks = objects + (perKind[letter | tailBit] ?? 0);
    if (blocks > 0) tallies.push({ letter: letterOf(letter), objects, blocks });
  }
  tallies.sort((one, other) => other.blocks - one.blocks);
  return [...tallies, { letter: ".", objects: freeRuns, blocks: perKind[freeCell] ?? 0 }];
}

/** Blocks in all areas. */
export function blockCount(cells: MapCells): number {
  return cells.areas.reduce((sum, { kinds }) => sum + kinds.length, 0);
}

/** True where the same blocks exist in both, whatever they hold. */
export function sameAreas(one: MapCells, other: MapCells): boolean {
  return (
    one.blockSizeBytes === other.blockSizeBytes &&
    one.areas.length === other.areas.length &&
    one.areas.every(({ base, kinds }, at) => {
      const area = other.areas[at];
      return area?.base === base && area.kinds.length === kinds.length;
    })
  );
}
