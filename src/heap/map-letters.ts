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

/** Per byte: its value as a hex digit, or 256. */
export const hexValue: Uint16Array = new Uint16Array(256).fill(256);
for (let digit = 0; digit < 16; digit++) {
  hexValue[digit.toString(16).charCodeAt(0)] = digit;
  hexValue[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** True for `.`, tails and heads: a byte that can stand in a map line. */
export function isMapByte(byte: number): boolean {
  return byte === TAIL || cannotStart[byte] === 0;
}
