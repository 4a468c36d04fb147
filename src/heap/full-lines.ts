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
/** Times two words' high bits, one word 4 bits above the other: all eight in order in the upper byte. */
const gather = 0x08040201;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Takes as many plain full lines as follow one another from `from`: `OFFSET: ` + 64 blocks + LF or CRLF, nothing
 * before, each with the offset that is due. Stops before the first line that is anything else, which the line grammar
 * then looks at; so this only ever takes lines the grammar would take too. Needs room for `mostLines` × 64 runs
 * and the end mark in `state.packed`.
 *
 * Four blocks at a time, one per byte of a word (SWAR). The high bit of each byte of `notTails` says that the block
 * is no tail, of `notFrees` that it is not free, of `before` that the block before it is not free; the sums cannot
 * carry from byte to byte as long as all bytes are ASCII, and `damage` collects those that are not, and every tail that
 * follows a free block. A block starts a run unless it is a tail, or is free after a free one. One multiplication
 * gathers the high bits of two words; 32 of them make a word, first block highest, that `clz32` walks.
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
  let carry = state.afterFree ? 0 : 0x80;
  let upper = due >>> 16;
  let upperText = hexText4(upper);
  while (lines < mostLines && at + lineBytes < end) {
    if (view.getInt32(at + digits - 4, true) !== hexText4(due)) break;
    if (due >>> 16 !== upper) {
      upper = due >>> 16;
      upperText = hexText4(upper);
    }
    if (digits === 8 ? view.getInt32(at, true) !== upperText : hexValue[bytes[at] ?? 0] !== upper) break;
    const body = at + digits + 2;
    if (bytes[body - 2] !== 0x3a || bytes[body - 1] !== 0x20) break;
    let next = body + lineBlocks;
    if (bytes[next] === CR) next++;
    if (next >= end || bytes[next] !== LF) break;
    next++;

    let newCount = count;
    let newCarry = carry;
    let damage = 0;
    let unknown = 0;
    for (let half = body; half < body + lineBlocks; half += 32) {
      let starts = 0;
      for (let word = 0; word < 32; word += 16) {
        const one = view.getInt32(half + word, true);
        const oneUsed = (one ^ free4) + lows;
        const oneBefore = (oneUsed << 8) | newCarry;
        const oneHead = (one ^ tail4) + lows;
        const two = view.getInt32(half + word + 4, true);
        const twoUsed = (two ^ free4) + lows;
        const twoBefore = (twoUsed << 8) | (oneUsed >>> 24);
        const twoHead = (two ^ tail4) + lows;
        const three = view.getInt32(half + word + 8, true);
        const threeUsed = (three ^ free4) + lows;
        const threeBefore = (threeUsed << 8) | (twoUsed >>> 24);
        const threeHead = (three ^ tail4) + lows;
        const four = view.getInt32(half + word + 12, true);
        const fourUsed = (four ^ free4) + lows;
        const fourBefore = (fourUsed << 8) | (threeUsed >>> 24);
        const fourHead = (four ^ tail4) + lows;
        newCarry = fourUsed >>> 24;
        damage |= one | two | three | four;
        damage |= ~((oneHead | oneBefore) & (twoHead | twoBefore));
        damage |= ~((threeHead | threeBefore) & (fourHead | fourBefore));
        const oneStarts = oneHead & (oneUsed | oneBefore) & highs;
        const twoStarts = twoHead & (twoUsed | twoBefore) & highs;
        const threeStarts = threeHead & (threeUsed | threeBefore) & highs;
        const fourStarts = fourHead & (fourUsed | fourBefore) & highs;
        const upper8 = Math.imul((oneStarts >>> 3) | (twoStarts >>> 7), gather) >>> 24;
        const lower8 = Math.imul((threeStarts >>> 3) | (fourStarts >>> 7), gather) >>> 24;
        starts |= ((upper8 << 8) | lower8) << (16 - word);
      }
      const firstBlock = blocks + half - body;
      while (starts !== 0) {
        let place = Math.clz32(starts);
        starts ^= 0x80000000 >>> place;
        unknown |= writeRun(packed, newCount++, bytes[half + place] ?? 0, firstBlock + place);
        if (starts === 0) break;
        place = Math.clz32(starts);
        starts ^= 0x80000000 >>> place;
        unknown |= writeRun(packed, newCount++, bytes[half + place] ?? 0, firstBlock + place);
        if (starts === 0) break;
        place = Math.clz32(starts);
        starts ^= 0x80000000 >>> place;
        unknown |= writeRun(packed, newCount++, bytes[half + place] ?? 0, firstBlock + place);
      }
    }
    if ((damage & highs) !== 0 || unknown !== 0) break;
    count = newCount;
    carry = newCarry;
    blocks += lineBlocks;
    due = ((due + stepBytes) & mask) | 0;
    at = next;
    lines++;
  }
  state.blocks = blocks;
  state.runCount = count;
  state.afterFree = (carry & 0x80) === 0;
  return { lines, end: at };
}

/** The lower 16 bits as four lower-case hex digits, in the byte order of a little-endian word. */
function hexText4(value: number): number {
  const nibbles =
    ((value >>> 12) & 0x0000000f) |
    (value & 0x00000f00) |
    ((value << 12) & 0x000f0000) |
    ((value << 24) & 0x0f000000);
  const letters = ((nibbles + 0x06060606) >>> 4) & 0x01010101;
  return (nibbles + 0x30303030 + Math.imul(letters, 0x27)) | 0;
}

/** Writes a run; returns 0 where its letter can start one. */
function writeRun(packed: Uint32Array, at: number, letter: number, start: number): number {
  packed[at] = (letter << lengthBits) | start;
  return cannotStart[letter] ?? 1;
}
