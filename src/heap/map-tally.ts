import { FREE, lengthBits, startMask } from "./packed-runs.ts";

/** Sums over the runs of one map. Blocks, not bytes. */
export interface MapTally {
  readonly freeBlocks: number;
  readonly freeRuns: number;
  readonly largestFree: number;
  readonly usedBlocks: number;
  readonly oneBlock: number;
  readonly twoBlock: number;
  readonly largestUsed: number;
  /** Per power of two, the free runs of `2^i` up to but not including `2^(i+1)` blocks. */
  readonly freeBins: readonly BinTotals[];
  /** Per head letter, in order of the alphabet's bytes. */
  readonly heads: readonly HeadTotals[];
}

export interface BinTotals {
  readonly minBlocks: number;
  readonly runs: number;
  readonly blocks: number;
}

export interface HeadTotals {
  readonly letter: string;
  readonly objects: number;
  readonly blocks: number;
}

/** Runs shorter than this are counted per letter and length. The others are few: they are summed one by one. */
const shortRun = 32;
/** A kind of run is its letter and its length: letter << letterShift | length. */
const letterShift = 5;
/** Of a packed run, its kind without the length. */
const kindShift = lengthBits - letterShift;
const kindMask = 127 << letterShift;

/**
 * Runs per letter and length, of one call. A dump has thousands of runs but hardly a hundred different ones, so the
 * pass over the runs only counts, and all else is derived from the counts. Kept, and all zero between calls,
 * because making the tables would cost more than a small dump's pass.
 */
const runsOfKind = new Int32Array(128 * shortRun);
const objectsOf = new Int32Array(128);
const blocksOf = new Int32Array(128);
const binRuns = new Int32Array(32);
const binBlocks = new Int32Array(32);
let oneBlock = 0;
let twoBlock = 0;
let largestUsed = 0;
let largestFree = 0;

/**
 * Sums the first `runCount` packed runs in one pass; `packed[runCount]` is the end mark; `letters` holds the
 * startBits of all letters, perhaps of more. Linear in runs.
 * Four runs a turn: V8 checks for interrupts once per turn, and one test finds that all four are short.
 */
export function tallyRuns(packed: Uint32Array, runCount: number, letters: number): MapTally {
  const counts = runsOfKind;
  let first = packed[0] ?? 0;
  let next = 1;
  for (; next + 3 <= runCount; next += 4) {
    const second = packed[next] ?? 0;
    const third = packed[next + 1] ?? 0;
    const fourth = packed[next + 2] ?? 0;
    const following = packed[next + 3] ?? 0;
    const one = (second - first) & startMask;
    const two = (third - second) & startMask;
    const three = (fourth - third) & startMask;
    const four = (following - fourth) & startMask;
    if ((one | two | three | four) < shortRun) {
      count(counts, first, one);
      count(counts, second, two);
      count(counts, third, three);
      count(counts, fourth, four);
    } else {
      addRuns(packed, next - 1, next + 3);
    }
    first = following;
  }
  addRuns(packed, next - 1, runCount);
  addCounts(counts, letters);
  return takeSums();
}

/** Counts a short run. */
function count(counts: Int32Array, word: number, length: number): void {
  const kind = ((word >>> kindShift) & kindMask) | length;
  counts[kind] = (counts[kind] ?? 0) + 1;
}

/** Adds the runs from number `from` up to but not including `to` one by one. */
function addRuns(packed: Uint32Array, from: number, to: number): void {
  for (let run = from; run < to; run++) {
    const word = packed[run] ?? 0;
    add(word >>> lengthBits, ((packed[run + 1] ?? 0) - word) & startMask, 1);
  }
}

/** Adds what was counted, and leaves the counts zero. */
function addCounts(counts: Int32Array, letters: number): void {
  addLetter(counts, FREE);
  for (let left = letters; left !== 0; left &= left - 1) {
    const low = 31 - Math.clz32(left & -left);
    addLetter(counts, 0x40 | low);
    addLetter(counts, 0x60 | low);
  }
}

function addLetter(counts: Int32Array, letter: number): void {
  const from = letter << letterShift;
  for (let length = 1; length < shortRun; length++) {
    const runs = counts[from + length] ?? 0;
    if (runs === 0) continue;
    add(letter, length, runs);
    counts[from + length] = 0;
  }
}
function add(letter: number, length: number, runs: number): void {
  const blocks = runs * length;
  objectsOf[letter] = (objectsOf[letter] ?? 0) + runs;
  blocksOf[letter] = (blocksOf[letter] ?? 0) + blocks;
  if (letter === FREE) {
    const bin = 31 - Math.clz32(length);
    binRuns[bin] = (binRuns[bin] ?? 0) + runs;
    binBlocks[bin] = (binBlocks[bin] ?? 0) + blocks;
    if (length > largestFree) largestFree = length;
    return;
  }
  if (length === 1) oneBlock += runs;
  else if (length === 2) twoBlock += runs;
  if (length > largestUsed) largestUsed = length;
}

/** The sums as a result; the tables are zero afterwards. */
function takeSums(): MapTally {
  const heads: HeadTotals[] = [];
  let usedBlocks = 0;
  for (let letter = 0x41; letter < 0x7b; letter++) {
    const objects = objectsOf[letter] ?? 0;
    if (objects === 0) continue;
    const blocks = blocksOf[letter] ?? 0;
    heads.push({ letter: String.fromCharCode(letter), objects, blocks });
    usedBlocks += blocks;
  }
  const freeBins: BinTotals[] = [];
  for (let bin = 0; 2 ** bin <= largestFree; bin++) {
    const runs = binRuns[bin] ?? 0;
    if (runs > 0) freeBins.push({ minBlocks: 2 ** bin, runs, blocks: binBlocks[bin] ?? 0 });
  }
  const tally: MapTally = {
    freeBlocks: blocksOf[FREE] ?? 0,
    freeRuns: objectsOf[FREE] ?? 0,
    largestFree,
    usedBlocks,
    oneBlock,
    twoBlock,
    largestUsed,
    freeBins,
    heads,
  };
  objectsOf.fill(0);
  blocksOf.fill(0);
  binRuns.fill(0);
  binBlocks.fill(0);
  oneBlock = 0;
  twoBlock = 0;
  largestUsed = 0;
  largestFree = 0;
  return tally;
}
