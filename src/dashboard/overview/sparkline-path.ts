import type { SeriesView } from "../../client/views.ts";

/** Of the drawing, in its own units. */
export const width = 120;
export const height = 26;

/** A line through the lows of the buckets, broken where one is missing. */
export function pathOf({ buckets, from, to, bucketSeconds }: SeriesView, most: number): string {
  const fromMs = Date.parse(from);
  const spanMs = Math.max(1, Date.parse(to) - fromMs);
  let lastMs = Number.NEGATIVE_INFINITY;
  return buckets
    .map(({ at, min }) => {
      const atMs = Date.parse(at);
      const isNext = atMs - lastMs <= bucketSeconds * 1500;
      lastMs = atMs;
      const x = Math.max(0, ((atMs - fromMs) / spanMs) * width);
      const y = height - 1 - (min / most) * (height - 2);
      // A lone point would be invisible: a short stroke stands for it.
      return isNext ? `L${x.toFixed(1)} ${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}h1`;
    })
    .join("");
}
