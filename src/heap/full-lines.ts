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
  while (lines < mostLines && at + lineBytes < end) {
    if (view.getInt32(at + digits - 4, true) !== hexText4(due)) break;
    if (digits === 8 ? view.getInt32(at, true) !== hexText4(due >>> 16) : !isDigit(bytes[at], due >>> 16))
      break;
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
      for (let pair = 0; pair < 32; pair += 8) {
        const four = view.getInt32(half + pair, true);
        const notTails = (four ^ tail4) + lows;
        const notFrees = (four ^ free4) + lows;
        const before = (notFrees << 8) | newCarry;
        const next4 = view.getInt32(half + pair + 4, true);
        const nextNotTails = (next4 ^ tail4) + lows;
        const nextNotFrees = (next4 ^ free4) + lows;
        const nextBefore = (nextNotFrees << 8) | (notFrees >>> 24);
        newCarry = nextNotFrees >>> 24;
        damage |= four | next4 | ~(notTails | before) | ~(nextNotTails | nextBefore);
        const first = notTails & (notFrees | before) & highs;
        const second = nextNotTails & (nextNotFrees | nextBefore) & highs;
        starts |= (Math.imul((first >>> 3) | (second >>> 7), 0x08040201) >>> 24) << (24 - pair);
      }
      const firstBlock = blocks + half - body;
      while (starts !== 0) {
        const place = Math.clz32(starts);
        const letter = bytes[half + place] ?? 0;
        unknown |= cannotStart[letter] ?? 1;
        packed[newCount++] = (letter << lengthBits) | (firstBlock + place);
        starts ^= 0x80000000 >>> place;
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

/** Whether `byte` is the hex digit of `value`, 0 … 15. */
function isDigit(byte: number | undefined, value: number): boolean {
  return byte !== undefined && hexValue[byte] === value;
}
