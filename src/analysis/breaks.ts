import { medianInPlace, quantileOf, selectInPlace } from "./order-statistics.ts";
import { usualGapMs } from "./series.ts";

/** A point after a collection, as far as breaks need it. */
export interface LevelPoint {
  readonly atMs: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
  /** What the heap can still grow by; null where it cannot. */
  readonly growableBytes: number | null;
}

/** A time in which the board may have restarted. */
export interface Suspicion {
  readonly fromMs: number;
  readonly toMs: number;
  /** The board's events count a restart: it did. Told at `toMs` at the latest. */
  readonly isReported?: boolean;
}

/** When used memory began anew, and what looks like it and is not taken for it. */
export interface Breaks {
  /** Ascending. */
  readonly breaksMs: readonly number[];
  /** Sudden falls that count as the application's rhythm. */
  readonly rhythmFalls: number;
}

/** Points on each side whose medians are compared. */
const side = 5;
/** From an unreported fall on there must be so many points: fewer may be a dip of one. */
const leastAfterFall = 3;
/** A gap of more usual intervals than this is a time in which a restart may have gone unseen. */
const longGap = 10;
/** So many falls or more are the application's rhythm. */
const rhythm = 3;
/** Falls below this share of the heap are not worth cutting a series for. */
const leastFallShare = 0.005;

/**
 * The times (ms, ascending) from which on used memory tells a new story. A restart shows as a fall of the level, which is
 * the difference of the medians of five points on each side. In order of how sure it is:
 *
 * - a restart that the board's events count. Always a break, at its fall; where none shows, at the first point after it was told.
 * - another heap size, where the heap cannot grow: another firmware or configuration. Always a break.
 * - a long gap (more than 10 usual intervals) or a time in which it may have restarted unseen (`suspicions`), if the level fell by more
 *   than 3 noise units there (5 where the time holds more than five points: the deepest of many falls is deep by chance). Where memory went on from where it was, nothing began anew: a host that slept
 *   does not cost the trend its history.
 * - elsewhere, a fall of more than 8 noise units and a quarter of all that the series ever moved; but where that
 *   happens three times or more it is the application's own rhythm (a cache that fills and is emptied), and no break. Falls
 *   at reported restarts are not counted for it.
 *
 * A fall that nothing reported is none before three points show it.
 *
 * A noise unit is the median of the changes from point to point.
 */
export function findBreaks(points: readonly LevelPoint[], suspicions: readonly Suspicion[] = []): Breaks {
  const last = points.at(-1);
  if (last === undefined) return { breaksMs: [], rhythmFalls: 0 };
  const falls = levelFalls(points);
  const noise = noiseUnit(points);
  const floor = last.totalBytes * leastFallShare;
  const breaks = new Set<number>(otherHeaps(points));

  const isBorneOut = (atMs: number): boolean =>
    points.length - firstAfter(points, atMs - 1) >= leastAfterFall;
  const reported = new Set<number>();
  for (const { fromMs, toMs, isReported = false } of [...longGaps(points), ...suspicions]) {
    const fall = deepest(points, falls, fromMs, toMs);
    if (fall === null) continue;
    const units = fall.among > side ? 5 : 3;
    const shows = fall.bytes > Math.max(units * noise, floor / 4);
    if (isReported) {
      const atMs = shows ? fall.atMs : points[firstAfter(points, toMs - 1)]?.atMs;
      if (atMs !== undefined) reported.add(atMs);
    } else if (shows && isBorneOut(fall.atMs)) breaks.add(fall.atMs);
  }
  // Nothing came before the first point that could have ended there.
  reported.delete(points[0]?.atMs ?? 0);
  for (const atMs of reported) breaks.add(atMs);

  const used = points.map(({ usedBytes }) => usedBytes);
  const range = (quantileOf(used, 0.95) ?? 0) - (quantileOf(used, 0.05) ?? 0);
  const limit = Math.max(8 * noise, range / 4, floor);
  const sudden = suddenFalls(points, falls, limit).filter(
    (atMs) => isBorneOut(atMs) && !isAtOneOf(reported, atMs, points),
  );
  const isRhythm = sudden.length >= rhythm;
  if (!isRhythm) for (const atMs of sudden) breaks.add(atMs);
  return {
    breaksMs: [...breaks].sort((one, other) => one - other),
    rhythmFalls: isRhythm ? sudden.length : 0,
  };
}

/** Whether one of the times lies within five points of `atMs`: then its medians saw the same fall. */
function isAtOneOf(times: ReadonlySet<number>, atMs: number, points: readonly LevelPoint[]): boolean {
  const place = firstAfter(points, atMs) - 1;
  const fromMs = points[Math.max(0, place - side)]?.atMs ?? atMs;
  const toMs = points[Math.min(points.length - 1, place + side)]?.atMs ?? atMs;
  return [...times].some((time) => fromMs <= time && time <= toMs);
}

function* otherHeaps(points: readonly LevelPoint[]): Generator<number, void, undefined> {
  for (let index = 1; index < points.length; index++) {
    const [before, now] = [points[index - 1], points[index]];
    if (before && now && now.totalBytes !== before.totalBytes && now.growableBytes === null) yield now.atMs;
  }
}

function longGaps(points: readonly LevelPoint[]): Suspicion[] {
  const usualMs = usualGapMs(points) ?? Number.POSITIVE_INFINITY;
  const gaps: Suspicion[] = [];
  for (let index = 1; index < points.length; index++) {
    const fromMs = points[index - 1]?.atMs ?? 0;
    const toMs = points[index]?.atMs ?? 0;
    if (toMs - fromMs > longGap * usualMs) gaps.push({ fromMs, toMs });
  }
  return gaps;
}

/** By how many bytes the level fell from before each point to it and after it; negative where it rose. */
function levelFalls(points: readonly LevelPoint[]): Float64Array {
  const used = Float64Array.from(points, ({ usedBytes }) => usedBytes);
  /** At each point: the level of it and the four after it. */
  const levels = new Float64Array(used.length);
  const few = new Float64Array(side);
  const middle = side >>> 1;
  for (let index = 0; index < used.length; index++) {
    for (let place = 0; place < side; place++) few[place] = used[index + place] ?? 0;
    levels[index] =
      index + side <= used.length ? selectInPlace(few, middle) : medianInPlace(used.slice(index));
  }
  return levels.map((level, index) => {
    if (index === 0) return 0;
    return (index >= side ? (levels[index - side] ?? 0) : medianInPlace(used.slice(0, index))) - level;
  });
}

function noiseUnit(points: readonly LevelPoint[]): number {
  if (points.length < 2) return 0;
  const changes = new Float64Array(points.length - 1);
  for (let index = 0; index < changes.length; index++)
    changes[index] = Math.abs((points[index + 1]?.usedBytes ?? 0) - (points[index]?.usedBytes ?? 0));
  return medianInPlace(changes);
}

/** The deepest fall to a point within (fromMs, toMs], or to the first point after it where none lies within. */
function deepest(
  points: readonly LevelPoint[],
  falls: Float64Array,
  fromMs: number,
  toMs: number,
): { readonly atMs: number; readonly bytes: number; readonly among: number } | null {
  const first = firstAfter(points, fromMs);
  if (first >= points.length) return null;
  const end = Math.max(first + 1, firstAfter(points, toMs));
  let best = first;
  for (let index = first; index < end; index++) if ((falls[index] ?? 0) > (falls[best] ?? 0)) best = index;
  const atMs = points[sharpest(points, best, first, end)]?.atMs ?? 0;
  return { atMs, bytes: falls[best] ?? 0, among: end - first };
}

/**
 * Where within two points of `place` the value itself drops most: medians of five see a fall two points too early and
 * too late as well. Looks only from `first` up to but not including `end`.
 */
function sharpest(points: readonly LevelPoint[], place: number, first: number, end: number): number {
  const drop = (index: number): number =>
    (points[index - 1]?.usedBytes ?? 0) - (points[index]?.usedBytes ?? 0);
  let best = place;
  for (let index = Math.max(first, 1, place - 2); index < Math.min(end, place + 3); index++)
    if (drop(index) > drop(best)) best = index;
  return best;
}

/** The deepest place of each group of neighbouring falls beyond `limit`. */
function suddenFalls(points: readonly LevelPoint[], falls: Float64Array, limit: number): readonly number[] {
  const found: number[] = [];
  let best = -1;
  for (let index = 1; index <= points.length; index++) {
    const bytes = falls[index] ?? 0;
    if (index < points.length && bytes > limit) {
      if (best === -1 || bytes > (falls[best] ?? 0)) best = index;
    } else if (best !== -1) {
      found.push(points[sharpest(points, best, 1, points.length)]?.atMs ?? 0);
      best = -1;
    }
  }
  return found;
}

function firstAfter(points: readonly LevelPoint[], atMs: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.atMs ?? 0) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
