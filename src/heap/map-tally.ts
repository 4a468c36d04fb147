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

const bins = 32;
/** A cell counts runs in units of this and adds blocks below it: both stay exact, 2^25 × 2^26 < 2^53. */
const oneRun = 2 ** 26;
/** Scratch of one call, all zero between calls: letter × 32 + ⌊log2 length⌋ → runs × oneRun + blocks. */
const cells = new Float64Array(128 * bins);
const longest = new Int32Array(128);
const seen: number[] = [];

/**
 * Sums the first `runCount` packed runs in one pass; `packed[runCount]` is the end mark. Linear in runs.
 * Four runs a turn: V8 checks for interrupts once per turn, which costs half as much as a run.
 */
export function tallyRuns(packed: Uint32Array, runCount: number): MapTally {
  let word = packed[0] ?? 0;
  let next = 1;
  for (; next + 3 <= runCount; next += 4) {
    const second = packed[next] ?? 0;
    const third = packed[next + 1] ?? 0;
    const fourth = packed[next + 2] ?? 0;
    const following = packed[next + 3] ?? 0;
    note(word, second);
    note(second, third);
    note(third, fourth);
    note(fourth, following);
    word = following;
  }
  for (; next <= runCount; next++) {
    const following = packed[next] ?? 0;
    note(word, following);
    word = following;
  }
  return collect();
}

function note(word: number, following: number): void {
  const length = (following & startMask) - (word & startMask);
  const letter = word >>> lengthBits;
  const cell = letter * bins + 31 - Math.clz32(length);
  cells[cell] = (cells[cell] ?? 0) + oneRun + length;
  if (length > (longest[letter] ?? 0)) noteLongest(letter, length);
}

function noteLongest(letter: number, length: number): void {
  if (longest[letter] === 0) seen.push(letter);
  longest[letter] = length;
}

function collect(): MapTally {
  const freeBins: BinTotals[] = [];
  const heads: HeadTotals[] = [];
  let freeBlocks = 0;
  let freeRuns = 0;
  let usedBlocks = 0;
  let oneBlock = 0;
  let twoBlock = 0;
  let largestUsed = 0;
  let largestFree = 0;
  seen.sort((a, b) => a - b);
  for (const letter of seen) {
    const most = longest[letter] ?? 0;
    longest[letter] = 0;
    let runsOfLetter = 0;
    let blocksOfLetter = 0;
    for (let bin = 0; 2 ** bin <= most; bin++) {
      const cell = cells[letter * bins + bin] ?? 0;
      if (cell === 0) continue;
      cells[letter * bins + bin] = 0;
      const runs = Math.floor(cell / oneRun);
      const blocks = cell - runs * oneRun;
      runsOfLetter += runs;
      blocksOfLetter += blocks;
      if (letter === FREE) freeBins.push({ minBlocks: 2 ** bin, runs, blocks });
      else if (bin === 0) oneBlock += runs;
      // Only lengths 2 and 3 are in this bin: a + b runs and 2a + 3b blocks, so a = 3·runs − blocks.
      else if (bin === 1) twoBlock += 3 * runs - blocks;
    }
    if (letter === FREE) {
      largestFree = most;
      freeRuns = runsOfLetter;
      freeBlocks = blocksOfLetter;
    } else {
      heads.push({ letter: String.fromCharCode(letter), objects: runsOfLetter, blocks: blocksOfLetter });
      usedBlocks += blocksOfLetter;
      if (most > largestUsed) largestUsed = most;
    }
  }
  seen.length = 0;
  return {
    freeBlocks,
    freeRuns,
    largestFree,
    usedBlocks,
    oneBlock,
    twoBlock,
    largestUsed,
    freeBins,
    heads,
  };
}
