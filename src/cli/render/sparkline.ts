const levels = "▁▂▃▄▅▆▇█";

/**
 * The last `cells` of `values` as bars between their least and their greatest, right-aligned. `leastSpan`: a change smaller
 * than this is not blown up to the full height.
 */
export function sparkline(values: readonly number[], cells: number, leastSpan: number): string {
  const shown = values.slice(-cells);
  if (shown.length === 0) return " ".repeat(cells);
  const least = Math.min(...shown);
  const span = Math.max(Math.max(...shown) - least, leastSpan, Number.MIN_VALUE);
  const bars = shown.map(
    (value) => levels[Math.round(((value - least) / span) * (levels.length - 1))] ?? " ",
  );
  return bars.join("").padStart(cells);
}
