import type { ReadingView } from "../../client/views.ts";

/** What the heap was made of at one time: bytes by head letter. */
export interface Composition {
  readonly atMs: number;
  readonly bytes: Readonly<Record<string, number>>;
}

/** So many letters have an area of their own at most; what is rarer is drawn as one. */
const mostLetters = 9;
/** Stands for all rarer letters together; no head letter. */
export const restLetter = "…";

/** Of each map the bytes of each letter, heads and tails; maps of boards with an unknown block size tell nothing. */
export function compositionsOf(mapped: readonly ReadingView[]): readonly Composition[] {
  return mapped.flatMap(({ at, map, blocks: { sizeBytes } }) => {
    if (at === null || map === null || sizeBytes === null) return [];
    const bytes = Object.entries(map.types).map(
      ([letter, { blocks }]) => [letter, blocks * sizeBytes] as const,
    );
    return [{ atMs: Date.parse(at), bytes: Object.fromEntries(bytes) }];
  });
}

export interface Stack {
  /** The one at the bottom first: the one that has most in the newest map. */
  readonly letters: readonly string[];
  /** Seconds since the epoch. */
  readonly x: readonly number[];
  /** Of each letter its own bytes. */
  readonly own: readonly (readonly number[])[];
  /** Of each letter its bytes and those of all letters below it. */
  readonly tops: readonly (readonly number[])[];
}

/** The areas of a stacked chart. */
export function stackOf(compositions: readonly Composition[]): Stack {
  const newest = compositions.at(-1)?.bytes ?? {};
  const all = new Map<string, number>();
  for (const { bytes } of compositions)
    for (const [letter, value] of Object.entries(bytes))
      all.set(letter, Math.max(all.get(letter) ?? 0, value));
  const byMost = [...all]
    .sort(
      ([one, most], [other, otherMost]) =>
        (newest[other] ?? 0) - (newest[one] ?? 0) || otherMost - most || (one < other ? -1 : 1),
    )
    .map(([letter]) => letter);
  const hasRest = byMost.length > mostLetters;
  const named = hasRest ? byMost.slice(0, mostLetters - 1) : byMost;
  const rest = byMost.slice(named.length);
  const letters = hasRest ? [...named, restLetter] : named;
  const own = letters.map((letter) =>
    compositions.map(({ bytes }) =>
      letter === restLetter ? rest.reduce((sum, one) => sum + (bytes[one] ?? 0), 0) : (bytes[letter] ?? 0),
    ),
  );
  const sums = compositions.map(() => 0);
  const tops = own.map((values) =>
    values.map((value, at) => {
      const top = (sums[at] ?? 0) + value;
      sums[at] = top;
      return top;
    }),
  );
  return { letters, x: compositions.map(({ atMs }) => atMs / 1000), own, tops };
}

/** What uPlot draws of a stack; `maps`: which map each `x` is of, null in a gap. */
export interface StackColumns {
  readonly x: readonly number[];
  readonly tops: readonly (readonly (number | null)[])[];
  readonly maps: readonly (number | null)[];
}

/** Breaks the areas between two maps where a gap of the readings lies between them. */
export function brokenAt(
  stack: Stack,
  gaps: readonly { readonly fromMs: number; readonly toMs: number }[],
): StackColumns {
  const x: number[] = [];
  const maps: (number | null)[] = [];
  stack.x.forEach((seconds, at) => {
    const last = stack.x[at - 1];
    const middle = last === undefined ? undefined : (last + seconds) / 2;
    const isBroken = gaps.some(
      ({ fromMs, toMs }) => last !== undefined && toMs > last * 1000 && fromMs < seconds * 1000,
    );
    if (isBroken && middle !== undefined) {
      x.push(middle);
      maps.push(null);
    }
    x.push(seconds);
    maps.push(at);
  });
  const tops = stack.tops.map((top) => maps.map((at) => (at === null ? null : (top[at] ?? null))));
  return { x, tops, maps };
}
