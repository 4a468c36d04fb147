import { BlockMap, type MapArea } from "./block-map.ts";
import type { DumpProblemReason } from "./dump-problem.ts";
import { type LineShape, type RunState, takeFullLines } from "./full-lines.ts";
import { lineBlocks, NO_START, OLD_TAIL, startBits, TAIL } from "./map-letters.ts";
import { FREE, mostBlocks, mostRuns, packRun } from "./packed-runs.ts";

/** What is wrong with a line, or with the map as a whole. */
export interface MapFault {
  readonly reason: DumpProblemReason;
  readonly expected: string;
  readonly found: string;
}

interface OpenArea extends MapArea {
  readonly base: string;
  readonly firstBlock: number;
  blocks: number;
  /** What the number of the area's first block is: 0, or its address before v1.8.1. */
  origin: number;
}

/** Bytes of a block: 16 on 32-bit, 32 on 64-bit, 8 on 16-bit ports; the others can be configured. */
const possibleSizes: readonly number[] = [4, 8, 16, 32, 64, 128];
/** What a total may be divided to. No others: a map cut off after one line would too easily look whole. */
const usualSizes: readonly number[] = [8, 16, 32];
/** Blocks per area are a multiple of this: one byte of the allocation table holds four. */
const blocksPerTableByte = 4;

const maskOf = (digits: number): number => (digits === 8 ? -1 : 0xfffff);
const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, "0");

/**
 * Collects one map, line by line, and checks each against the ones before: the offsets must go on exactly, only an
 * area's last line may be short, a tail needs something to be the tail of. A method that returns a fault has
 * not taken its line; the map is then of no use.
 *
 * The block size is what remains of `possibleSizes` after every offset so far: offsets are modulo 2^20 with 5
 * digits (absolute before v1.8.1, from the area's start since) and modulo 2^32 with 8.
 */
export class MapBuilder {
  readonly #areas: OpenArea[] = [];
  #area: OpenArea | undefined;
  readonly #state: RunState;
  #sizes = possibleSizes;
  #digits = 0;
  #tail = TAIL;
  #shape: LineShape | undefined;
  /** Whether another line may follow in this area. */
  #open = true;

  constructor() {
    this.#state = { packed: takeSpare(), runCount: 0, letters: 0, blocks: 0, afterFree: false };
  }

  get blockCount(): number {
    return this.#state.blocks;
  }

  get hasLines(): boolean {
    return this.#state.blocks > 0;
  }

  /** Bytes of a block when the offsets leave one possibility, else null. */
  get blockSizeBytes(): number | null {
    return this.#sizes.length === 1 ? (this.#sizes[0] ?? null) : null;
  }

  hasArea(base: string): boolean {
    return this.#areas.some((area) => area.base === base);
  }

  /** Starts an area; `base` is the hex text of its address. */
  beginArea(base: string): MapFault | null {
    const fault = this.#endArea();
    if (fault !== null) return fault;
    this.#area = { base, firstBlock: this.#state.blocks, blocks: 0, origin: 0 };
    this.#areas.push(this.#area);
    this.#state.afterFree = false;
    this.#open = true;
    return null;
  }

  /** Whether a line with this number can be the next one. */
  expects(offset: number, digits: number): boolean {
    const area = this.#area;
    if (area === undefined || !this.#open || (this.#digits !== 0 && digits !== this.#digits)) return false;
    return this.#fitting(area, offset, digits) !== null;
  }

  /** The plain full lines from `from` on. See takeFullLines. */
  takeFullLines(
    bytes: Uint8Array,
    view: DataView,
    from: number,
  ): { readonly lines: number; readonly end: number } {
    const area = this.#area;
    const size = this.#sizes[0];
    if (
      area === undefined ||
      area.blocks === 0 ||
      this.#digits === 0 ||
      !this.#open ||
      this.#sizes.length !== 1 ||
      size === undefined
    )
      return { lines: 0, end: from };
    const room = Math.min(mostRuns - this.#state.runCount, mostBlocks - this.#state.blocks);
    const mostLines = Math.min(
      Math.ceil((bytes.length - from) / (lineBlocks + 8)),
      Math.floor(room / lineBlocks),
    );
    if (mostLines <= 0) return { lines: 0, end: from };
    this.#shape ??= {
      digits: this.#digits,
      mask: maskOf(this.#digits),
      stepBytes: lineBlocks * size,
      tail: this.#tail,
    };
    this.#reserve(Math.min(mostLines, linesPerReserve) * lineBlocks);
    const linesThatFit = Math.floor((this.#state.packed.length - 1 - this.#state.runCount) / lineBlocks);
    const before = this.#state.blocks;
    const taken = takeFullLines(
      bytes,
      view,
      from,
      Math.min(mostLines, linesThatFit),
      this.#offsetFor(area, area.origin, size, this.#digits),
      this.#shape,
      this.#state,
    );
    area.blocks += this.#state.blocks - before;
    return taken;
  }

  /** One line: its number, how many hex digits that had, and its blocks. */
  takeLine(bytes: Uint8Array, from: number, to: number, offset: number, digits: number): MapFault | null {
    const area = this.#area;
    if (area === undefined)
      return this.#fault("map-missing", '"GC memory layout; from ADDRESS:"', "a map line");
    return this.#takeOffset(area, offset, digits) ?? this.#takeBlocks(area, bytes, from, to);
  }

  /** `(lines lines all free)`. */
  takeFreeLines(lines: number): MapFault | null {
    const area = this.#area;
    const found = `(${lines} lines all free)`;
    if (area === undefined) return this.#fault("map-missing", '"GC memory layout; from ADDRESS:"', found);
    if (!this.#open)
      return this.#fault("map-line-damaged", this.#shortLine(), `${found} after a shorter one`);
    if (lines < 2) return this.#fault("map-line-damaged", "at least 2 lines in an abbreviation", found);
    const blocks = lines * lineBlocks;
    if (this.#state.blocks + blocks > mostBlocks) return this.#tooLarge();
    if (!this.#state.afterFree) this.#push(FREE, this.#state.blocks);
    this.#state.afterFree = true;
    this.#state.blocks += blocks;
    area.blocks += blocks;
    return null;
  }

  /**
   * The finished map. `totalBytes` of the header, or null, decides the block size where the offsets leave several.
   */
  finish(totalBytes: number | null): { readonly map: BlockMap } | { readonly fault: MapFault } {
    const fault = this.#endArea();
    if (fault !== null) return { fault };
    const { packed, runCount, letters, blocks } = this.#state;
    const size =
      this.blockSizeBytes ??
      this.#sizes.find(
        (possible) =>
          usualSizes.includes(possible) && totalBytes !== null && possible * blocks === totalBytes,
      );
    if (size === undefined) {
      const sizes = this.#sizes.join(" or ");
      const expected =
        totalBytes === null ? "a second offset to measure the block size by" : `${totalBytes} bytes`;
      const found = `${blocks} blocks of ${sizes} bytes`;
      return {
        fault: this.#fault(totalBytes === null ? "map-truncated" : "does-not-add-up", expected, found),
      };
    }
    packed[runCount] = packRun(0, blocks);
    const areas = this.#areas.map(({ base, firstBlock, blocks: inArea }) => ({
      base,
      firstBlock,
      blocks: inArea,
    }));
    return { map: new BlockMap(areas, size, this.#detach(runCount + 1), letters) };
  }

  #endArea(): MapFault | null {
    const area = this.#area;
    if (area === undefined) return null;
    const expected = "a map line";
    if (area.blocks === 0) return this.#fault("map-missing", expected, `none for the area at ${area.base}`);
    if (area.blocks % blocksPerTableByte === 0) return null;
    return this.#fault(
      "map-truncated",
      `a multiple of ${blocksPerTableByte} blocks in the area at ${area.base}`,
      `${area.blocks}: the map's end was cut off`,
    );
  }

  #takeOffset(area: OpenArea, offset: number, digits: number): MapFault | null {
    if (!this.#open)
      return this.#fault(
        "map-line-damaged",
        this.#shortLine(),
        `offset ${hex(offset, digits)} after a shorter one`,
      );
    if (this.#digits !== 0 && digits !== this.#digits)
      return this.#fault("map-line-damaged", `an offset of ${this.#digits} hex digits`, `${digits} of them`);
    const fitting = this.#fitting(area, offset, digits);
    if (fitting === null) {
      const due = this.#sizes.map((size) => hex(this.#offsetFor(area, area.origin, size, digits), digits));
      const found = `offset ${hex(offset, digits)}`;
      const expected = `offset ${[...new Set(due)].join(" or ")}`;
      return this.#fault("map-line-missing", expected, `${found}: lines were lost, doubled or changed`);
    }
    if (fitting.origin !== area.origin) {
      area.origin = fitting.origin;
      this.#tail = OLD_TAIL;
    }
    this.#digits = digits;
    if (fitting.sizes.length < this.#sizes.length) this.#sizes = fitting.sizes;
    return null;
  }

  /**
   * The block sizes by which the number is due now, or null where there is none. The first number of the map
   * decides whether numbers count from the area's start or are addresses.
   */
  #fitting(
    area: OpenArea,
    offset: number,
    digits: number,
  ): { readonly origin: number; readonly sizes: readonly number[] } | null {
    const sizes = this.#sizesFrom(area, area.origin, offset, digits);
    if (sizes.length > 0) return { origin: area.origin, sizes };
    if (this.#digits !== 0 || digits !== 5) return null;
    const origin = Number.parseInt(area.base.slice(-5), 16);
    const absolute = this.#sizesFrom(area, origin, offset, digits);
    return absolute.length > 0 ? { origin, sizes: absolute } : null;
  }

  #sizesFrom(area: OpenArea, origin: number, offset: number, digits: number): readonly number[] {
    return this.#sizes.filter((size) => this.#offsetFor(area, origin, size, digits) === offset);
  }

  #takeBlocks(area: OpenArea, bytes: Uint8Array, from: number, to: number): MapFault | null {
    const length = to - from;
    if (length > lineBlocks)
      return this.#fault("map-line-damaged", `at most ${lineBlocks} blocks`, `${length}`);
    const state = this.#state;
    if (state.blocks + length > mostBlocks || state.runCount + length > mostRuns) return this.#tooLarge();
    this.#reserve(length);
    const { packed } = state;
    const first = state.blocks - from;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      const block = area.blocks + at - from;
      if (byte === this.#tail) {
        if (block === 0) return this.#fault("map-line-damaged", "a head or free block first", "a tail");
        if (state.afterFree) {
          return this.#fault(
            "map-line-damaged",
            "a head before a tail",
            `a tail after a free block (column ${at - from + 1} of the blocks)`,
          );
        }
      } else if (byte === FREE) {
        if (!state.afterFree) packed[state.runCount++] = packRun(FREE, first + at);
        state.afterFree = true;
      } else if (startBits[byte] !== NO_START) {
        state.letters |= startBits[byte] ?? 0;
        packed[state.runCount++] = packRun(byte, first + at);
        state.afterFree = false;
      } else {
        const shown =
          byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${hex(byte, 2)}`;
        return this.#fault(
          "map-line-damaged",
          "letters, . and =",
          `${shown} (column ${at - from + 1} of the blocks)`,
        );
      }
    }
    state.blocks += length;
    area.blocks += length;
    this.#open = length === lineBlocks;
    return null;
  }

  /** The words in use. The rest of their slab is for the next map. */
  #detach(words: number): Uint32Array {
    const { packed } = this.#state;
    const own = packed.subarray(0, words);
    const left = packed.length - words;
    if (left >= leastSpareWords && left <= slabWords) spare = packed.subarray(words);
    this.#state.packed = own;
    return own;
  }

  #push(letter: number, start: number): void {
    this.#reserve(1);
    this.#state.packed[this.#state.runCount++] = packRun(letter, start);
  }

  /** Room for `runs` more and the end mark; doubles, so the copying stays linear. */
  #reserve(runs: number): void {
    const { packed, runCount } = this.#state;
    const needed = runCount + runs + 1;
    if (needed <= packed.length) return;
    const larger = new Uint32Array(Math.max(needed, packed.length * 2));
    larger.set(packed.subarray(0, runCount));
    this.#state.packed = larger;
  }

  #offsetFor(area: OpenArea, origin: number, size: number, digits: number): number {
    return ((origin + Math.imul(area.blocks, size)) & maskOf(digits)) >>> 0;
  }

  #shortLine(): string {
    return `the end of the area, or ${lineBlocks} blocks in the line before`;
  }

  #tooLarge(): MapFault {
    return this.#fault("too-large", `at most ${mostBlocks} blocks and ${mostRuns} runs`, "more");
  }

  #fault(reason: DumpProblemReason, expected: string, found: string): MapFault {
    return { reason, expected, found };
  }
}

const linesPerReserve = 64;
/** 128 KiB: what a map that is kept can hold on to beyond its own words. */
const slabWords = 2 ** 15;
/** Less than this is not worth beginning a map in. */
const leastSpareWords = linesPerReserve * lineBlocks + 1;
/**
 * What the maps before left of their slab. Small maps lie side by side in one slab, as Node's small buffers do: an
 * array of its own for each, or a copy, costs as much as parsing a hundred lines.
 */
let spare: Uint32Array | null = null;

/** The spare words, which are nobody else's from then on, or a new slab. */
function takeSpare(): Uint32Array {
  const words = spare ?? new Uint32Array(slabWords);
  spare = null;
  return words;
}
