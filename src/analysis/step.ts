import { quartileSpread } from "./order-statistics.ts";
import type { Columns } from "./series.ts";
import type { RobustLine } from "./theil-sen.ts";

/** Points on either side of a step; fewer are outliers. */
const leastSide = 5;
/** Points further from the line than so many quartile spreads count as if they were just there. */
const clipSpreads = 2;

/**
 * The single step (two levels, one jump) that explains the points better than `line` does: a smaller sum of squares, both
 * against the same points with outliers pulled in. Null where the line is at least as good. Linear, by prefix sums.
 *
 * Two levels leave 1/48 of the square of a straight rise per point, a line leaves as much of a step's, so for
 * points that rise evenly or jump once the choice is clear as soon as the change is twice the noise.
 */
export function bestStep(
  { hours, values }: Columns,
  { slope, intercept }: RobustLine,
): { readonly afterHours: number } | null {
  const residuals = values.map((value, index) => value - intercept - slope * (hours[index] ?? 0));
  const limit = clipSpreads * quartileSpread(residuals);
  const clipped = residuals.map((residual) => Math.max(-limit, Math.min(limit, residual)));
  const lineSquares = clipped.reduce((sum, residual) => sum + residual * residual, 0);
  // About the middle: sums of squares of large numbers that differ little would lose all their digits.
  const middle = intercept + slope * (hours[hours.length >>> 1] ?? 0);
  const ys = clipped.map((residual, index) => residual + intercept + slope * (hours[index] ?? 0) - middle);
  const total = ys.reduce((sum, y) => sum + y, 0);
  const squares = ys.reduce((sum, y) => sum + y * y, 0);
  let least = lineSquares;
  let place = -1;
  let before = 0;
  for (let count = 1; count <= ys.length - leastSide; count++) {
    before += ys[count - 1] ?? 0;
    if (count < leastSide) continue;
    const after = total - before;
    const left = squares - (before * before) / count - (after * after) / (ys.length - count);
    if (left < least * (1 - 1e-9)) {
      least = left;
      place = count;
    }
  }
  if (place === -1) return null;
  return { afterHours: ((hours[place - 1] ?? 0) + (hours[place] ?? 0)) / 2 };
}
