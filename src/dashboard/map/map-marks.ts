import { freeCell, type MapCells } from "./map-cells.ts";

/** What became of a block since the map before. */
export const mark = { none: 0, appeared: 1, went: 2, changed: 3 } as const;

/** One byte per block, for each area of the newer map in its order. */
export type AreaMarks = readonly Uint8Array[];

/** How two maps differ. `totals` are blocks; those of areas that the newer map no longer has are among them. */
export type MapChange =
  | {
      readonly kind: "compared";
      readonly marks: AreaMarks;
      readonly totals: { readonly appeared: number; readonly went: number; readonly changed: number };
      /** An area came, went, grew or shrank. */
      readonly areasDiffer: boolean;
    }
  /** Their blocks differ in size, so nothing in them corresponds. */
  | { readonly kind: "incomparable" };

/**
 * What changed from one map to a later one, as the daemon's `maps/diff` has it: areas are the same where their bases are, and
 * blocks beyond an area's end count as free.
 */
export function changeBetween(older: MapCells, newer: MapCells): MapChange {
  if (older.blockSizeBytes !== newer.blockSizeBytes) return { kind: "incomparable" };
  const before = new Map(older.areas.map(({ base, kinds }) => [base, kinds]));
  const counts = new Uint32Array(4);
  let areasDiffer = older.areas.length !== newer.areas.length;
  const marks = newer.areas.map(({ base, kinds }) => {
    const was = before.get(base) ?? new Uint8Array(0);
    before.delete(base);
    if (was.length !== kinds.length) areasDiffer = true;
    const found = new Uint8Array(kinds.length);
    for (let at = 0; at < kinds.length; at++) {
      const from = was[at] ?? freeCell;
      const to = kinds[at] ?? freeCell;
      if (from === to) continue;
      const sign = from === freeCell ? mark.appeared : to === freeCell ? mark.went : mark.changed;
      found[at] = sign;
      counts[sign] = (counts[sign] ?? 0) + 1;
    }
    for (let at = kinds.length; at < was.length; at++) if (was[at] !== freeCell) countWent(counts);
    return found;
  });
  for (const kinds of before.values()) for (const kind of kinds) if (kind !== freeCell) countWent(counts);
  const [, appeared = 0, went = 0, changed = 0] = counts;
  return { kind: "compared", marks, totals: { appeared, went, changed }, areasDiffer };
}

function countWent(counts: Uint32Array): void {
  counts[mark.went] = (counts[mark.went] ?? 0) + 1;
}
