/**
 * A map as packed runs: one 32-bit word per run, its letter in the upper 7 bits, its first block in the lower 25.
 * A run's length is the next run's start minus its own, so writing a run never waits for its end; after the last
 * run stands an end mark whose start is the number of blocks.
 */
export const lengthBits = 25;
export const startMask = 2 ** lengthBits - 1;

/** The letter of a free stretch, `.`. */
export const FREE = 0x2e;

/** Blocks in one map: 32 Mi, half a gigabyte of 16-byte blocks. The packed form holds no more. */
export const mostBlocks = startMask;

/** Runs in one map: 4 Mi (16 MiB of memory). A board's 32 MB of 16-byte blocks full of one-block objects has half. */
export const mostRuns = 2 ** 22;

/** The word of a run. */
export function packRun(letter: number, start: number): number {
  return ((letter << lengthBits) | start) >>> 0;
}
