import { type Canvas, painted } from "./canvas.ts";

/** Bytes; the free ones split into the largest run and the rest where that is known. */
export interface HeapShares {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly largestFreeBytes: number | null;
}

export const barSigns = {
  used: { sign: "█", color: 247 },
  pieces: { sign: "▒", color: 166 },
  largest: { sign: "░", color: 74 },
} as const;

/** used | free in smaller pieces | the largest free run; a share above zero gets a cell of its own where there is room. */
export function heapBar(shares: HeapShares, cells: number, canvas: Canvas): string {
  const { totalBytes, usedBytes, largestFreeBytes } = shares;
  const free = Math.max(totalBytes - usedBytes, 0);
  const largest = Math.min(largestFreeBytes ?? free, free);
  const [used = 0, pieces = 0, one = 0] = apportion([usedBytes, free - largest, largest], cells);
  return [
    painted(canvas, barSigns.used.sign.repeat(used), { foreground: barSigns.used.color }),
    painted(canvas, barSigns.pieces.sign.repeat(pieces), { foreground: barSigns.pieces.color }),
    painted(canvas, barSigns.largest.sign.repeat(one), { foreground: barSigns.largest.color }),
  ].join("");
}

/** `cells` shared out by `parts`, at least one to each part above zero, largest remainders first. */
export function apportion(parts: readonly number[], cells: number): number[] {
  const sum = parts.reduce((one, other) => one + other, 0);
  if (sum <= 0) return parts.map(() => 0);
  const shares = parts.map((part) => (part / sum) * cells);
  const counts = shares.map((share, index) => ((parts[index] ?? 0) > 0 ? Math.max(1, Math.floor(share)) : 0));
  let left = cells - counts.reduce((one, other) => one + other, 0);
  const byRemainder = shares.map((share, index) => ({ index, remainder: share - (counts[index] ?? 0) }));
  byRemainder.sort((one, other) => other.remainder - one.remainder);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    counts[index] = (counts[index] ?? 0) + 1;
    left--;
  }
  // The minimum of one cell each may have spent too many: the longest part pays.
  while (left < 0) {
    const longest = counts.indexOf(Math.max(...counts));
    counts[longest] = (counts[longest] ?? 0) - 1;
    left++;
  }
  return counts;
}
