import { hexValue, lineBlocks, NO_START, startBits } from "./map-letters.ts";
import { lengthBits } from "./packed-runs.ts";

/** What the run decoder carries from line to line. Filled and read by MapBuilder. */
export interface RunState {
  packed: Uint32Array;
  runCount: number;
  /** Of all runs so far: startBits of their letters. */
  letters: number;
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
/** Per byte: its bits, each four places from the next. */
const everyFourth = Int32Array.from({ length: 256 }, (_, byte) => {
  let spread = 0;
  for (let bit = 0; bit < 8; bit++) spread |= ((byte >>> bit) & 1) << (4 * bit);
  return spread;
});
const LF = 0x0a;
const CR = 0x0d;

/**
 * Takes as many plain full lines as follow one another from `from`: `OFFSET: ` + 64 blocks + LF or CRLF, nothing
 * before, each with the offset that is due. Stops before the first line that is anything else, which the line grammar
 * then looks at; so this only ever takes lines the grammar would take too. Needs room for `mostLines` × 64 runs
 * and the end mark in `state.packed`.
 *
 * Four blocks at a time, one per byte of a word (SWAR): the high bit of each byte of a sum says that the block is not
 * free, or no tail; it cannot carry from byte to byte as long as all bytes are ASCII, which `all` shows. Eight words'
 * high bits fill one word of 32 blocks, column by column: bit `k` of byte `j` is block `4k + j`. In that order a block
 * starts a run unless it is a tail, or is free after a free one; a tail after a free block is damage. Only the
 * starts are then put in the order of the blocks, lowest first, for the loop that takes them one by one.
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
  let letters = state.letters;
  /** 1 where the block before is not free. */
  let carry = state.afterFree ? 0 : 1;
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
    let newLetters = letters;
    let damage = 0;
    let all = 0;
    for (let half = body; half < body + lineBlocks; half += 32) {
      const w0 = view.getInt32(half, true);
      const w1 = view.getInt32(half + 4, true);
      const w2 = view.getInt32(half + 8, true);
      const w3 = view.getInt32(half + 12, true);
      const w4 = view.getInt32(half + 16, true);
      const w5 = view.getInt32(half + 20, true);
      const w6 = view.getInt32(half + 24, true);
      const w7 = view.getInt32(half + 28, true);
      all |= w0 | w1 | w2 | w3 | w4 | w5 | w6 | w7;
      const used =
        ((((w0 ^ free4) + lows) & highs) >>> 7) |
        ((((w1 ^ free4) + lows) & highs) >>> 6) |
        ((((w2 ^ free4) + lows) & highs) >>> 5) |
        ((((w3 ^ free4) + lows) & highs) >>> 4) |
        ((((w4 ^ free4) + lows) & highs) >>> 3) |
        ((((w5 ^ free4) + lows) & highs) >>> 2) |
        ((((w6 ^ free4) + lows) & highs) >>> 1) |
        (((w7 ^ free4) + lows) & highs);
      const heads =
        ((((w0 ^ tail4) + lows) & highs) >>> 7) |
        ((((w1 ^ tail4) + lows) & highs) >>> 6) |
        ((((w2 ^ tail4) + lows) & highs) >>> 5) |
        ((((w3 ^ tail4) + lows) & highs) >>> 4) |
        ((((w4 ^ tail4) + lows) & highs) >>> 3) |
        ((((w5 ^ tail4) + lows) & highs) >>> 2) |
        ((((w6 ^ tail4) + lows) & highs) >>> 1) |
        (((w7 ^ tail4) + lows) & highs);
      const before = (used << 8) | ((used >>> 23) & 0xfe) | newCarry;
      newCarry = used >>> 31;
      damage |= ~(heads | before);
      let starts = inBlockOrder(heads & (used | before));
      const firstBlock = blocks + half - body;
      while (starts !== 0) {
        let place = lowestBit(starts);
        let letter = bytes[half + place] ?? 0;
        packed[newCount++] = (letter << lengthBits) | (firstBlock + place);
        newLetters |= startBits[letter] ?? 0;
        starts &= starts - 1;
        if (starts === 0) break;
        // Once more: V8 checks for interrupts once per turn.
        place = lowestBit(starts);
        letter = bytes[half + place] ?? 0;
        packed[newCount++] = (letter << lengthBits) | (firstBlock + place);
        newLetters |= startBits[letter] ?? 0;
        starts &= starts - 1;
        if (starts === 0) break;
        place = lowestBit(starts);
        letter = bytes[half + place] ?? 0;
        packed[newCount++] = (letter << lengthBits) | (firstBlock + place);
        newLetters |= startBits[letter] ?? 0;
        starts &= starts - 1;
      }
    }
    if ((all & highs) !== 0 || damage !== 0 || (newLetters & NO_START) !== 0) break;
    letters = newLetters;
    count = newCount;
    carry = newCarry;
    blocks += lineBlocks;
    due = ((due + stepBytes) & mask) | 0;
    at = next;
    lines++;
  }
  state.blocks = blocks;
  state.runCount = count;
  state.letters = letters;
  state.afterFree = carry === 0;
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

function inBlockOrder(columns: number): number {
  return (
    (everyFourth[columns & 0xff] ?? 0) |
    ((everyFourth[(columns >>> 8) & 0xff] ?? 0) << 1) |
    ((everyFourth[(columns >>> 16) & 0xff] ?? 0) << 2) |
    ((everyFourth[columns >>> 24] ?? 0) << 3)
  );
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
