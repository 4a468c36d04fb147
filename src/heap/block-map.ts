import { type MapTally, tallyRuns } from "./map-tally.ts";
import { FREE, lengthBits, startMask } from "./packed-runs.ts";

/** One contiguous pool of the heap. */
export interface MapArea {
  /** Hex digits of the pool's address as printed, without 0x. */
  readonly base: string;
  /** Number of the area's first block in the whole map. */
  readonly firstBlock: number;
  readonly blocks: number;
}

/** One object, or one free stretch. */
export interface BlockRun {
  /** `.` is free; any other is the head letter of an object. */
  readonly letter: string;
  /** First block, counted over all areas. */
  readonly start: number;
  /** Blocks. */
  readonly length: number;
}

/**
 * The blocks of a heap as runs: one per object (its head and tails) and one per free stretch. A run never spans
 * two areas. Immutable; runs are numbered from 0 in address order within the areas' order.
 */
export class BlockMap {
  readonly areas: readonly MapArea[];
  /** Bytes. */
  readonly blockSizeBytes: number;
  readonly runCount: number;
  readonly blockCount: number;
  readonly #packed: Uint32Array;
  readonly #letters: number;
  #tally: MapTally | undefined;

  /**
   * `packed` holds one word per run and the end mark, as packed-runs.ts says; the map keeps it. `letters`
   * holds the startBits of all its letters.
   */
  constructor(areas: readonly MapArea[], blockSizeBytes: number, packed: Uint32Array, letters: number) {
    this.areas = areas;
    this.blockSizeBytes = blockSizeBytes;
    this.#packed = packed;
    this.#letters = letters;
    this.runCount = packed.length - 1;
    this.blockCount = (packed[this.runCount] ?? 0) & startMask;
  }

  /** Byte value of the run's letter: 0x2e for free. */
  letterCodeAt(run: number): number {
    return this.#wordAt(run) >>> lengthBits;
  }

  isFreeAt(run: number): boolean {
    return this.letterCodeAt(run) === FREE;
  }

  /** First block of the run. */
  startAt(run: number): number {
    return this.#wordAt(run) & startMask;
  }

  /** Blocks in the run. */
  lengthAt(run: number): number {
    return (this.#wordAt(run + 1) & startMask) - (this.#wordAt(run) & startMask);
  }

  /** The run that holds `block`. Throws a RangeError outside the map. */
  runAtBlock(block: number): number {
    if (!(block >= 0 && block < this.blockCount))
      throw new RangeError(`block ${block} of ${this.blockCount}`);
    let low = 0;
    let high = this.runCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.startAt(middle) <= block) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** All runs in order. */
  *runs(): Generator<BlockRun, void, undefined> {
    for (let run = 0; run < this.runCount; run++) {
      yield {
        letter: String.fromCharCode(this.letterCodeAt(run)),
        start: this.startAt(run),
        length: this.lengthAt(run),
      };
    }
  }

  /** All runs as `[letter, length]`, the form the API's JSON uses. */
  toPairs(): [letter: string, length: number][] {
    return Array.from(this.runs(), ({ letter, length }) => [letter, length]);
  }

  /** Sums over all runs; computed at the first call. */
  tally(): MapTally {
    this.#tally ??= tallyRuns(this.#packed, this.runCount, this.#letters);
    return this.#tally;
  }

  #wordAt(run: number): number {
    const word = this.#packed[run];
    if (word === undefined) throw new RangeError(`run ${run} of ${this.runCount}`);
    return word;
  }
}
