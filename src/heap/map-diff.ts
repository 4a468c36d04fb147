import type { BlockMap, MapArea } from "./block-map.ts";

/** What became of a block: used where it was free, free where it was used, or used for something else. */
export type BlockChangeKind = "appeared" | "went" | "changed";

/**
 * What a block is: `.` free, `h` the head of an object of that letter, `h=` one of its tails. The dump prints all tails alike;
 * here they say whose they are.
 */
export type BlockText = string;

/** Blocks in a row that all changed in the same way. */
export interface BlockChange {
  readonly kind: BlockChangeKind;
  /** First block, counted from the area's base. */
  readonly offset: number;
  readonly blocks: number;
  /** What each of them was, and is now. */
  readonly from: BlockText;
  readonly to: BlockText;
}

export interface AreaDiff {
  /** As printed, hexadecimal. */
  readonly base: string;
  /** Null: the area is not in that map. Blocks beyond an area's end count as free. */
  readonly olderBlocks: number | null;
  readonly newerBlocks: number | null;
  /** In order of offset. */
  readonly changes: readonly BlockChange[];
}

/** Blocks per kind of change. */
export interface ChangeTotals {
  readonly appeared: number;
  readonly went: number;
  readonly changed: number;
}

/** Blocks of one head letter, heads and tails. */
export interface LetterChange {
  /** Blocks that are of this letter now and were not, from free or from another letter or place in an object. */
  readonly gained: number;
  /** Blocks that were and are not. */
  readonly lost: number;
}

export interface MapDiff {
  readonly blockSizeBytes: number;
  /** In the newer map's order, then those that only the older one has. Areas without a change are there, too. */
  readonly areas: readonly AreaDiff[];
  readonly totals: ChangeTotals;
  readonly letters: Readonly<Record<string, LetterChange>>;
}

/**
 * What changed between two maps of one board, block by block: applying each area's changes to the older map gives the newer.
 * Areas are the same where their bases are. Linear in the runs of both. Throws a RangeError where the block sizes differ: such
 * maps have nothing in common.
 */
export function diffMaps(older: BlockMap, newer: BlockMap): MapDiff {
  if (older.blockSizeBytes !== newer.blockSizeBytes)
    throw new RangeError(`blocks of ${older.blockSizeBytes} and of ${newer.blockSizeBytes} bytes`);
  const olderAreas = new Map(older.areas.map((area) => [area.base, area]));
  const newerBases = new Set(newer.areas.map(({ base }) => base));
  const areas = newer.areas.map((area) => diffArea(older, olderAreas.get(area.base), newer, area));
  for (const area of older.areas)
    if (!newerBases.has(area.base)) areas.push(diffArea(older, area, newer, undefined));
  return { blockSizeBytes: newer.blockSizeBytes, areas, ...sums(areas) };
}

function diffArea(
  older: BlockMap,
  olderArea: MapArea | undefined,
  newer: BlockMap,
  newerArea: MapArea | undefined,
): AreaDiff {
  const was = new Segments(older, olderArea);
  const is = new Segments(newer, newerArea);
  const changes: BlockChange[] = [];
  const end = Math.max(olderArea?.blocks ?? 0, newerArea?.blocks ?? 0);
  for (let offset = 0; offset < end; ) {
    const from = was.textAt(offset);
    const to = is.textAt(offset);
    const next = Math.min(was.end, is.end, end);
    if (from !== to) note(changes, offset, next - offset, from, to);
    offset = next;
  }
  return {
    base: newerArea?.base ?? olderArea?.base ?? "",
    olderBlocks: olderArea?.blocks ?? null,
    newerBlocks: newerArea?.blocks ?? null,
    changes,
  };
}

/** Adds blocks to the last change where they go on with it. */
function note(changes: BlockChange[], offset: number, blocks: number, from: BlockText, to: BlockText): void {
  const last = changes.at(-1);
  if (last && last.offset + last.blocks === offset && last.from === from && last.to === to) {
    changes[changes.length - 1] = { ...last, blocks: last.blocks + blocks };
    return;
  }
  const kind = from === "." ? "appeared" : to === "." ? "went" : "changed";
  changes.push({ kind, offset, blocks, from, to });
}

/** Walks over an area's blocks in stretches of equal text: a head, its tails, a free run. Beyond its end all is free. */
class Segments {
  readonly #map: BlockMap;
  readonly #firstBlock: number;
  readonly #blocks: number;
  #run: number;
  /** Where the text of the last `textAt` ends, from the area's base. */
  end = 0;

  constructor(map: BlockMap, area: MapArea | undefined) {
    this.#map = map;
    this.#firstBlock = area?.firstBlock ?? 0;
    this.#blocks = area?.blocks ?? 0;
    this.#run = this.#blocks === 0 ? 0 : map.runAtBlock(this.#firstBlock);
  }

  /** Offsets must not go back. */
  textAt(offset: number): BlockText {
    if (offset >= this.#blocks) {
      this.end = Number.POSITIVE_INFINITY;
      return ".";
    }
    const block = this.#firstBlock + offset;
    const map = this.#map;
    while (map.startAt(this.#run) + map.lengthAt(this.#run) <= block) this.#run++;
    const start = map.startAt(this.#run) - this.#firstBlock;
    const length = map.lengthAt(this.#run);
    const letter = String.fromCharCode(map.letterCodeAt(this.#run));
    if (letter === "." || offset > start) {
      this.end = start + length;
      return letter === "." ? letter : `${letter}=`;
    }
    this.end = start + 1;
    return letter;
  }
}

function sums(areas: readonly AreaDiff[]): Pick<MapDiff, "totals" | "letters"> {
  const totals = { appeared: 0, went: 0, changed: 0 };
  const letters: Record<string, { gained: number; lost: number }> = {};
  const of = (text: BlockText): { gained: number; lost: number } => {
    const letter = text.charAt(0);
    letters[letter] ??= { gained: 0, lost: 0 };
    return letters[letter];
  };
  for (const { changes } of areas) {
    for (const { kind, blocks, from, to } of changes) {
      totals[kind] += blocks;
      if (to !== ".") of(to).gained += blocks;
      if (from !== ".") of(from).lost += blocks;
    }
  }
  return { totals, letters };
}
