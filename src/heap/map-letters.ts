import { FREE } from "./packed-runs.ts";

/** Blocks in a full map line. */
export const lineBlocks = 64;
/** The tail letter since v1.8.1. */
export const TAIL = 0x3d;
/** The tail letter before v1.8.1: `t`. */
export const OLD_TAIL = 0x74;

/**
 * Per byte: 0 where it may stand as a head letter or as `.`, else 1. Every ASCII letter may: an unknown one is a head of a
 * version to come. (Old `t` and the sign `=` are told apart before this table is asked.)
 */
export const cannotStart: Uint8Array = new Uint8Array(256).fill(1);
cannotStart[FREE] = 0;
cannotStart.fill(0, 0x41, 0x5b);
cannotStart.fill(0, 0x61, 0x7b);

/** In `startBits`: this byte may not start a run. (Bit 0 is no letter's: both alphabets begin at bit 1.) */
export const NO_START = 1;

/** Per byte that may start a run: a bit that a letter shares with its other case, none for `.`. Else NO_START. */
export const startBits: Int32Array = Int32Array.from(cannotStart, (cannot, byte) =>
  cannot === 1 ? NO_START : byte === FREE ? 0 : 1 << (byte & 31),
);

/** Per byte: its value as a hex digit, or 256. */
export const hexValue: Uint16Array = new Uint16Array(256).fill(256);
for (let digit = 0; digit < 16; digit++) {
  hexValue[digit.toString(16).charCodeAt(0)] = digit;
  hexValue[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** Per byte: 1 where `isMapByte`. A table, because which of its bytes a map line has next cannot be predicted. */
const mapBytes: Uint8Array = Uint8Array.from(cannotStart, (cannot, byte) =>
  cannot === 0 || byte === TAIL ? 1 : 0,
);

/** True for `.`, tails and heads: a byte that can stand in a map line. */
export function isMapByte(byte: number): boolean {
  return mapBytes[byte] === 1;
}
