import { blockWords } from "../../shared/block-words.ts";
import { countText, sizeText } from "../../shared/units-text.ts";
import { type CellPlace, type MapCells, runAt } from "./map-cells.ts";

/** What one reads about a block. */
export interface PlaceText {
  /** From the area's base, hexadecimal. */
  readonly offset: string;
  readonly address: string;
  /** The type in words. */
  readonly what: string;
  /** The object's or free run's length. */
  readonly size: string;
  /** Which block of it this is. */
  readonly part: string;
  /** All in one sentence, for screen readers. */
  readonly sentence: string;
}

/** Null outside the map. */
export function placeText(cells: MapCells, place: CellPlace): PlaceText | null {
  const area = cells.areas[place.area];
  if (area === undefined || place.block >= area.kinds.length) return null;
  const { letter, start, length } = runAt(area.kinds, place.block);
  const offset = hex(place.block * cells.blockSizeBytes);
  const address = addressText(area.base, place.block * cells.blockSizeBytes);
  const what = letter === "." ? "free" : `${blockWords(letter).words} (${letter})`;
  const size = `${countText(length, "block")}, ${sizeText(length * cells.blockSizeBytes)}`;
  const part = `block ${place.block - start + 1} of ${length}`;
  const where = cells.areas.length > 1 ? `area ${place.area + 1}, offset` : "offset";
  const kind = letter === "." ? "free run" : what;
  return { offset, address, what, size, part, sentence: `${where} ${offset}: ${kind}, ${size}, ${part}` };
}

/** An area's base, or an address in it, with 0x. */
export function addressText(base: string, offsetBytes = 0): string {
  if (!/^[0-9a-f]+$/i.test(base)) return base;
  return `0x${(BigInt(`0x${base}`) + BigInt(offsetBytes)).toString(16)}`;
}

/** `6720` as 0x1a40. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** The title of each area of a map. */
export function areaTitles({ areas, blockSizeBytes }: MapCells): readonly string[] {
  return areas.map(({ base, kinds }, at) => {
    const name = areas.length > 1 ? `area ${at + 1} of ${areas.length} · ` : "";
    return `${name}from ${addressText(base)} · ${sizeText(kinds.length * blockSizeBytes)}`;
  });
}
