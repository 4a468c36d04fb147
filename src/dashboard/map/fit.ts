import type { BlockMapView } from "../../client/views.ts";
import { sizeText } from "../../shared/units-text.ts";

/** Free runs of one length class. */
export interface FreeBin {
  /** Runs of this many up to, not including, twice as many blocks. */
  readonly minBlocks: number;
  readonly runs: number;
  readonly blocks: number;
}

/** What an allocation of some size would meet. */
export interface Fits {
  /** Bytes asked for. */
  readonly bytes: number;
  /** What it takes: gc_alloc rounds up to whole blocks. */
  readonly blocks: number;
  /** How many in a row fit before one fails, nothing else happening. */
  readonly times: number;
  /** Where the first one goes: the lowest place that has room. Null: nowhere. */
  readonly first: { readonly area: number; readonly block: number } | null;
  readonly freeBlocks: number;
  readonly largestBlocks: number;
}

/**
 * How often `bytes` can be allocated, as gc_alloc() in MicroPython's py/gc.c (v1.27) does it: it needs
 * ceil(bytes / block size) free blocks in a row within one area, and takes the first such place. All of one size, so each run
 * takes floor(length / blocks) of them, whichever run comes first. `bytes` must be 1 or more: gc_alloc(0) takes nothing.
 */
export function findFits(map: BlockMapView, bytes: number): Fits {
  const blocks = Math.ceil(bytes / map.blockSizeBytes);
  let times = 0;
  let freeBlocks = 0;
  let largestBlocks = 0;
  let first: Fits["first"] = null;
  map.areas.forEach(({ runs }, area) => {
    let block = 0;
    for (const [letter, length] of runs) {
      if (letter === ".") {
        times += Math.floor(length / blocks);
        freeBlocks += length;
        largestBlocks = Math.max(largestBlocks, length);
        if (length >= blocks) first ??= { area, block };
      }
      block += length;
    }
  });
  return { bytes, blocks, times, first, freeBlocks, largestBlocks };
}

/** The free runs by length, in powers of two; classes without a run within the range are there, too. */
export function freeBins(map: BlockMapView): readonly FreeBin[] {
  const bins: { minBlocks: number; runs: number; blocks: number }[] = [];
  for (const { runs } of map.areas) {
    for (const [letter, length] of runs) {
      if (letter !== "." || length === 0) continue;
      const at = Math.floor(Math.log2(length));
      while (bins.length <= at) bins.push({ minBlocks: 2 ** bins.length, runs: 0, blocks: 0 });
      const bin = bins[at];
      if (bin === undefined) continue;
      bin.runs++;
      bin.blocks += length;
    }
  }
  return bins;
}

/** Whether it fits, for people. */
export function fitsText(map: BlockMapView, fits: Fits): { readonly ok: boolean; readonly text: string } {
  const size = map.blockSizeBytes;
  const asked = exactSize(fits.bytes);
  const taken = exactSize(fits.blocks * size);
  // Nor where rounding hides what it takes more.
  const took = taken === asked ? "" : ` (it takes ${taken})`;
  if (fits.times > 0) {
    const times = fits.times === 1 ? "once, not twice" : `${fits.times} times in a row`;
    return { ok: true, text: `${asked} fits${took}: ${times}.` };
  }
  const free = sizeText(fits.freeBlocks * size);
  const largest = sizeText(fits.largestBlocks * size);
  const isFragmented = fits.freeBlocks >= fits.blocks;
  const why = isFragmented
    ? `${free} are free, but the largest block is ${largest}: the heap is fragmented`
    : `only ${free} are free`;
  const growable = map.reading.heap.growableBytes ?? 0;
  const then =
    growable > 0
      ? ` The board would collect first, and then grow its heap by up to ${sizeText(growable)}.`
      : " The board would collect first; where that frees nothing in the right place, it is a MemoryError.";
  return { ok: false, text: `${asked} does not fit${took}: ${why}.${then}` };
}

/** Small sizes by the byte, since rounding would hide what was asked. */
function exactSize(bytes: number): string {
  return bytes < 10_240 && bytes % 1024 !== 0 ? `${bytes} B` : sizeText(bytes).replace(".0 ", " ");
}

/** `4096`, `4k`, `4 KiB`, `1.5M` in bytes. Null where it is no size from 1 byte to 1 GiB. */
export function parseByteSize(text: string): number | null {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*(?:(k|m)(?:i?b)?|b|bytes?)?\s*$/i.exec(text);
  if (match?.[1] === undefined) return null;
  const unit = { k: 1024, m: 1024 ** 2 }[match[2]?.toLowerCase() ?? ""] ?? 1;
  const bytes = Math.round(Number(match[1].replace(",", ".")) * unit);
  return bytes >= 1 && bytes <= 1024 ** 3 ? bytes : null;
}
