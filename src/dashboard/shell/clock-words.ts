/** Less than that nobody notices on a page that reckons ages by the daemon's clock, ms. */
const noticeableMs = 30_000;

/**
 * The difference of clocks to show, ms: the one that is shown (`heldMs`) as long as it holds within 10 %, since each answer of the
 * daemon corrects it a little; 0 where nobody would notice.
 */
export function steadyOffset(heldMs: number, offsetMs: number): number {
  if (Math.abs(offsetMs) <= noticeableMs) return 0;
  return heldMs !== 0 && Math.abs(offsetMs - heldMs) <= Math.abs(heldMs) / 10 ? heldMs : offsetMs;
}

const units = [
  ["s", 1000, 100],
  ["min", 60_000, 100],
  ["h", 3_600_000, 48],
] as const;

/** Unlike an age it is rounded to the nearest: `-179_800` as "3 min". */
export function offsetText(offsetMs: number): string {
  const size = Math.abs(offsetMs);
  for (const [name, unitMs, most] of units) {
    const count = Math.round(size / unitMs);
    if (count < most) return `${count} ${name}`;
  }
  return `${Math.round(size / 86_400_000)} d`;
}
