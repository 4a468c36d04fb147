/**
 * The value that stands at `place` (from 0) in ascending order. Reorders `values` in place, which makes further calls
 * on the same array cheap. Expected linear time: Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961), with
 * the median of three as pivot. Throws a RangeError where there is no such place. No NaN, please.
 */
export function selectInPlace(values: Float64Array, place: number): number {
  let low = 0;
  let high = values.length - 1;
  if (!(place >= 0 && place <= high)) throw new RangeError(`place ${place} of ${values.length} values`);
  while (low < high) {
    const pivot = medianOfThree(at(values, low), at(values, (low + high) >>> 1), at(values, high));
    let left = low;
    let right = high;
    while (left <= right) {
      while (at(values, left) < pivot) left++;
      while (at(values, right) > pivot) right--;
      if (left > right) break;
      const moved = at(values, left);
      values[left++] = at(values, right);
      values[right--] = moved;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return at(values, place);
}

/** The middle value, or the mean of the two middle ones. Reorders `values`. NaN where there are none. */
export function medianInPlace(values: Float64Array): number {
  const { length } = values;
  if (length === 0) return Number.NaN;
  const upper = selectInPlace(values, length >>> 1);
  if (length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  // After the selection everything before the middle is not greater than it.
  for (let index = 0; index < length >>> 1; index++) lower = Math.max(lower, at(values, index));
  return (lower + upper) / 2;
}

/** The median of a copy; null where there are no values. */
export function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianInPlace(Float64Array.from(values));
}

/**
 * The quantile of `share` (0 … 1) of a copy, interpolated between neighbours (definition 7 of Hyndman & Fan, "Sample
 * Quantiles in Statistical Packages", The American Statistician 50 (1996)); null where there are no values.
 */
export function quantileOf(values: Float64Array | readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const copy = Float64Array.from(values);
  const exact = share * (copy.length - 1);
  const place = Math.floor(exact);
  const lower = selectInPlace(copy, place);
  if (exact === place) return lower;
  return lower + (exact - place) * (selectInPlace(copy, place + 1) - lower);
}

/** How far the middle half of the values spreads: the difference of the quartiles; 0 where there are no values. */
export function quartileSpread(values: Float64Array): number {
  return (quantileOf(values, 0.75) ?? 0) - (quantileOf(values, 0.25) ?? 0);
}

function medianOfThree(one: number, two: number, three: number): number {
  return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}
