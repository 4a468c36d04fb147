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

/** Of many values only those near a wanted place are ordered, about a seventh, which a sample of so many finds. */
const sampleSize = 2_000;
const worthNarrowing = 3 * sampleSize;
/** In the sample: six times the standard deviation of the place at which a value stands there. */
const sampleReach = 3 * Math.sqrt(sampleSize);

/** Values at front, and how many of the others are less than all of them. */
interface Part {
  readonly values: Float64Array;
  readonly less: number;
}

/**
 * What stands at a place, as `selectInPlace` has it, for several places of one array: where there are many values, most are
 * looked at only once, as long as the places are near each other. Reorders `values`, which nobody else may do meanwhile.
 */
export function selectorInPlace(values: Float64Array): (place: number) => number {
  const all: Part = { values, less: 0 };
  let part = all;
  return (place) => {
    const isInside = place >= part.less && place < part.less + part.values.length;
    if (!isInside || part === all) part = values.length < worthNarrowing ? all : narrowed(values, place);
    return selectInPlace(part.values, place - part.less);
  };
}

/** Puts the values near that place in front; all of them belong to the part where the sample misled. */
function narrowed(values: Float64Array, place: number): Part {
  const { length } = values;
  const sample = new Float64Array(sampleSize);
  for (let index = 0; index < sampleSize; index++)
    sample[index] = at(values, Math.floor((index * length) / sampleSize));
  const from = Math.floor((place / length) * sampleSize - sampleReach);
  const to = Math.ceil((place / length) * sampleSize + sampleReach);
  const low = from < 0 ? Number.NEGATIVE_INFINITY : selectInPlace(sample, from);
  const high = to >= sampleSize ? Number.POSITIVE_INFINITY : selectInPlace(sample, to);
  let count = 0;
  let less = 0;
  for (let index = 0; index < length; index++) {
    const value = at(values, index);
    if (value < low) less++;
    else if (value <= high) {
      values[index] = at(values, count);
      values[count++] = value;
    }
  }
  if (place < less || place >= less + count) return { values, less: 0 };
  return { values: values.subarray(0, count), less };
}

/** The middle value, or the mean of the two middle ones. Reorders `values`. NaN where there are none. */
export function medianInPlace(values: Float64Array): number {
  return middleOf(values.length, selectorInPlace(values));
}

/** The same, of so many values that `select` selects from. */
export function middleOf(length: number, select: (place: number) => number): number {
  if (length === 0) return Number.NaN;
  const upper = select(length >>> 1);
  return length % 2 === 1 ? upper : (select((length >>> 1) - 1) + upper) / 2;
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
  const copy = new Float64Array(values);
  const exact = share * (copy.length - 1);
  const place = Math.floor(exact);
  const select = selectorInPlace(copy);
  const lower = select(place);
  return exact === place ? lower : lower + (exact - place) * (select(place + 1) - lower);
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
