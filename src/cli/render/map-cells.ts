import type { BlockMap, MapArea } from "../../app/read-once.ts";

/** How much of a cell's blocks is in use. `head`: one block, the first of its object. */
export const fill = { free: 0, underHalf: 1, mostly: 2, full: 3, head: 4 } as const;

/** One area cut into cells of equal size; the last one may hold fewer blocks. */
export interface AreaCells {
  readonly area: MapArea;
  readonly count: number;
  readonly blocksPerCell: number;
  /** Per cell: a value of `fill`. */
  readonly fills: Uint8Array;
  /** Per cell: the byte of the letter that has most of its blocks; 0 where all are free. */
  readonly letters: Uint8Array;
}

/** Cuts one area into cells of `blocksPerCell`. Linear in runs and cells. */
export function areaCells(map: BlockMap, area: MapArea, blocksPerCell: number): AreaCells {
  const count = Math.ceil(area.blocks / blocksPerCell);
  const cells = { area, count, blocksPerCell, fills: new Uint8Array(count), letters: new Uint8Array(count) };
  if (blocksPerCell === 1) {
    for (const { letter, from, to } of objectsOf(map, area)) {
      cells.fills.fill(fill.full, from, to);
      cells.fills[from] = fill.head;
      cells.letters.fill(letter, from, to);
    }
  } else fillGroups(cells, objectsOf(map, area));
  return cells;
}

/** The used runs of an area; blocks count from its start. */
interface Extent {
  /** Byte of the head letter. */
  readonly letter: number;
  readonly from: number;
  readonly to: number;
}

function* objectsOf(map: BlockMap, area: MapArea): Generator<Extent, void, undefined> {
  if (area.blocks === 0) return;
  const end = area.firstBlock + area.blocks;
  for (let run = map.runAtBlock(area.firstBlock); run < map.runCount && map.startAt(run) < end; run++) {
    if (map.isFreeAt(run)) continue;
    const from = map.startAt(run) - area.firstBlock;
    yield { letter: map.letterCodeAt(run), from, to: from + map.lengthAt(run) };
  }
}

function fillGroups(cells: AreaCells, objects: Iterable<Extent>): void {
  const { area, blocksPerCell } = cells;
  /** Used blocks in the open cell, and those of each letter. */
  let open = -1;
  let used = 0;
  let ofLetter = new Map<number, number>();
  const close = (): void => {
    if (open === -1) return;
    const size = Math.min(blocksPerCell, area.blocks - open * blocksPerCell);
    cells.fills[open] = used === size ? fill.full : used * 2 >= size ? fill.mostly : fill.underHalf;
    cells.letters[open] = mostOf(ofLetter);
  };
  for (const { letter, from, to } of objects) {
    for (let at = from; at < to; ) {
      const cell = Math.floor(at / blocksPerCell);
      if (cell !== open) {
        close();
        open = cell;
        used = 0;
        ofLetter = new Map();
      }
      const until = Math.min(to, (cell + 1) * blocksPerCell);
      used += until - at;
      ofLetter.set(letter, (ofLetter.get(letter) ?? 0) + until - at);
      at = until;
    }
  }
  close();
}

/** The cells of a line, or a stretch of lines that are wholly free. */
export type CellLine =
  | { readonly kind: "cells"; readonly from: number; readonly to: number }
  | { readonly kind: "free"; readonly from: number; readonly lines: number };

/** Two wholly free lines or more become one, as in mem_info's own output. */
export function cellLines(cells: AreaCells, cellsPerLine: number): CellLine[] {
  const lines: CellLine[] = [];
  for (let from = 0; from < cells.count; ) {
    let freeTo = from;
    while (freeTo < cells.count && cells.fills[freeTo] === fill.free) freeTo++;
    const freeLines = Math.floor((freeTo - from) / cellsPerLine);
    if (freeLines >= 2) {
      lines.push({ kind: "free", from, lines: freeLines });
      from += freeLines * cellsPerLine;
    } else {
      lines.push({ kind: "cells", from, to: Math.min(from + cellsPerLine, cells.count) });
      from += cellsPerLine;
    }
  }
  return lines;
}

function mostOf(ofLetter: ReadonlyMap<number, number>): number {
  let best = 0;
  let most = 0;
  for (const [letter, blocks] of ofLetter) {
    if (blocks > most) {
      best = letter;
      most = blocks;
    }
  }
  return best;
}
