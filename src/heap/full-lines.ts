import { cannotStart, hexValue, lineBlocks } from "./map-letters.ts";
import { lengthBits } from "./packed-runs.ts";

/** What the run decoder carries from line to line. Filled and read by MapBuilder. */
export interface RunState {
  packed: Uint32Array;
  runCount: number;
  /** Blocks so far, over all areas. */
  blocks: number;
  /** Whether the last block so far, in this area, is free. */
  afterFree: boolean;
}

/** How the lines of one map look once the first two are known. */
export interface LineShape {
  /** 5 or 8. */
  readonly digits: number;
  readonly mask: number;
  /** Offset step of a full line. */
  readonly stepBytes: number;
  /** The byte of a tail. */
  readonly tail: number;
}

const lows = 0x7f7f7f7f;
const highs = 0x80808080 | 0;
const free4 = 0x2e2e2e2e;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Takes as many plain full lines as follow one another from `from`: `OFFSET: ` + 64 blocks + LF or CRLF, nothing
 * before, each with the offset that is due. Stops before the first line that is anything else, which the line grammar
 * then looks at; so this only ever takes lines the grammar would take too. Needs room for `mostLines` × 64 runs
 * and the end mark in `state.packed`.
 *
 * Four blocks at a time (SWAR): a block starts a run unless it is a tail, or is free after a free one. The start
 * bits of 32 blocks are gathered into one word, first block highest, and `clz32` walks them.
 *
 * @returns the number of lines taken, and where the next one starts.
 */
export function takeFullLines(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  mostLines: number,
  dueOffset: number,
  shape: LineShape,
  state: RunState,
): { readonly lines: number; readonly end: number } {
  const { digits, mask, stepBytes } = shape;
  const { packed } = state;
  const tail4 = Math.imul(shape.tail, 0x01010101);
  const end = bytes.length;
  const lineBytes = digits + 2 + lineBlocks;
  let at = from;
  let due = dueOffset | 0;
  let lines = 0;
  let blocks = state.blocks;
  let count = state.runCount;
  let carry = state.afterFree ? 0x80 : 0;
  while (lines < mostLines && at + lineBytes < end) {
    let offset = 0;
    let wrong = 0;
    for (let digit = 0; digit < digits; digit++) {
      const value = hexValue[bytes[at + digit] ?? 0] ?? 0;
      offset = (offset << 4) | (value & 15);
      wrong |= value;
    }
    if (wrong >= 256 || offset !== due) break;
    const body = at + digits + 2;
    if (bytes[body - 2] !== 0x3a || bytes[body - 1] !== 0x20) break;
    let next = body + lineBlocks;
    if (bytes[next] === CR) next++;
    if (next >= end || bytes[next] !== LF) break;
    next++;

    let newCount = count;
    let newCarry = carry;
    let damage = 0;
    for (let half = 0; half < lineBlocks; half += 32) {
      let starts = 0;
      for (let word = 0; word < 32; word += 4) {
        const four = view.getInt32(body + half + word, true);
        const notTails = (((four ^ tail4) & lows) + lows) & highs;
        const frees = ((((four ^ free4) & lows) + lows) & highs) ^ highs;
        const afterFree = (frees << 8) | newCarry;
        newCarry = frees >>> 24;
        damage |= (four & highs) | (~notTails & highs & afterFree);
        const starting = notTails & ~(frees & afterFree);
        starts |= (Math.imul(starting >>> 7, 0x80402010) >>> 28) << (28 - word);
      }
      const firstBlock = blocks + half;
      while (starts !== 0) {
        const place = Math.clz32(starts);
        const letter = bytes[body + half + place] ?? 0;
        damage |= cannotStart[letter] ?? 1;
        packed[newCount++] = (letter << lengthBits) | (firstBlock + place);
        starts ^= 0x80000000 >>> place;
      }
    }
    if (damage !== 0) break;
    count = newCount;
    carry = newCarry;
    blocks += lineBlocks;
    due = ((due + stepBytes) & mask) | 0;
    at = next;
    lines++;
  }
  state.blocks = blocks;
  state.runCount = count;
  state.afterFree = carry !== 0;
  return { lines, end: at };
}
