import type { TypeTotals } from "../heap/reading.ts";
import type { SeriesPoint } from "./series.ts";
import { fitTrend, type TrendOptions } from "./trend.ts";

/** The block totals by head letter of one stored map. */
export interface TypesPoint {
  readonly atMs: number;
  readonly blockSizeBytes: number | null;
  readonly types: Readonly<Record<string, TypeTotals>>;
}

/** How the blocks of one head letter grow. */
export interface TypeGrowth {
  /** As printed: h, S, A, … */
  readonly letter: string;
  readonly blocksPerHour: number;
  readonly lowBlocksPerHour: number;
  readonly highBlocksPerHour: number;
  /** Null where the block size is unknown. */
  readonly bytesPerHour: number | null;
  readonly significant: boolean;
  /** Maps it was computed from. */
  readonly maps: number;
  /** In the newest map. */
  readonly blocks: number;
  readonly objects: number;
}

/** A trend per letter needs fewer points than the leak: there are ten letters. */
const mostPoints = 150;
/** Blocks over the whole span that are worth a word. */
const leastChangeBlocks = 4;

/**
 * Theil–Sen of the blocks (heads and tails) of each head letter over stored maps, oldest first: significant risers first, then by
 * slope. A map is taken while garbage lies about, so this is noisier than the leak, and a letter is a hint: MicroPython
 * derives it from the object's first word (gc_dump_alloc_table in py/gc.c).
 */
export function typeGrowth(
  maps: readonly TypesPoint[],
  breaksMs: readonly number[] = [],
  options: Pick<TrendOptions, "leastSpanSeconds"> = {},
): readonly TypeGrowth[] {
  const newest = maps.at(-1);
  if (newest === undefined) return [];
  const letters = new Set(maps.flatMap(({ types }) => Object.keys(types)));
  const grown: TypeGrowth[] = [];
  for (const letter of letters) {
    const blocks = maps.map(({ atMs, types }): SeriesPoint => ({ atMs, value: types[letter]?.blocks ?? 0 }));
    const trend = fitTrend(blocks, { ...options, breaksMs, mostPoints, leastChange: leastChangeBlocks });
    if (trend === null) continue;
    grown.push({
      letter,
      blocksPerHour: trend.slopePerHour,
      lowBlocksPerHour: trend.lowPerHour,
      highBlocksPerHour: trend.highPerHour,
      bytesPerHour: newest.blockSizeBytes === null ? null : trend.slopePerHour * newest.blockSizeBytes,
      significant: trend.significant,
      maps: trend.points,
      blocks: newest.types[letter]?.blocks ?? 0,
      objects: newest.types[letter]?.objects ?? 0,
    });
  }
  const rises = (growth: TypeGrowth): number => (growth.significant && growth.blocksPerHour > 0 ? 1 : 0);
  return grown.sort(
    (one, other) =>
      rises(other) - rises(one) ||
      other.blocksPerHour - one.blocksPerHour ||
      other.blocks - one.blocks ||
      (one.letter < other.letter ? -1 : 1),
  );
}
