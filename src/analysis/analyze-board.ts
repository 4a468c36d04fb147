import { type BoardAnalysis, bytesTrend, type Extreme, shareTrend } from "./board-analysis.ts";
import type { LevelPoint, Suspicion } from "./breaks.ts";
import { type CycleEnds, churnOf } from "./churn.ts";
import { type CollectionFigures, collectionsWorth } from "./collections-worth.ts";
import { type Exhaustion, timeToReach, timeToZero } from "./exhaustion.ts";
import { findingsOf } from "./findings.ts";
import { type TypesPoint, typeGrowth } from "./growth.ts";
import { leakOf, leastChangeBytes, memoryLimit } from "./leak.ts";
import { scatterOf } from "./scatter.ts";
import type { SeriesPoint } from "./series.ts";
import { type DatedMap, survivors } from "./survivors.ts";
import { fitTrend } from "./trend.ts";

/** A collection: the readings before and after it, as the store's lean query gives them. */
export type AnalyzedCollection = LevelPoint &
  CycleEnds &
  CollectionFigures & { readonly largestFreeBytes: number | null };

/** What the history has to say. Lists are oldest first. */
export interface AnalysisInput {
  readonly boardId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Stored readings and maps of the span. */
  readonly readings: number;
  readonly maps: number;
  readonly collections: readonly AnalyzedCollection[];
  readonly suspicions: readonly Suspicion[];
  readonly types: readonly TypesPoint[];
  /** The newest maps. */
  readonly newestMaps: readonly DatedMap[];
  readonly mostUsed: DatedExtreme | null;
  readonly leastLargestFree: DatedExtreme | null;
  readonly probeGarbageBytes: number | null;
}

export interface DatedExtreme {
  readonly readingId: number;
  readonly atMs: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Points for the trends beside the leak: they are read by people, and each costs its square. */
const mostPoints = 200;
/** Fragmentation over the whole span that is worth a word. */
const leastChangeShare = 0.02;

/**
 * Everything that the history says about a board's memory. Pure; about 30 ms for a week at the default intervals. See the
 * functions it is put together from for their sources.
 */
export function analyzeBoard(input: AnalysisInput): BoardAnalysis {
  const { boardId, fromMs, toMs, collections, readings, maps } = input;
  const { trend: leak, breaksMs, rhythmFalls } = leakOf(collections, input.suspicions);
  const largestFree = fitTrend(
    known(collections, ({ largestFreeBytes }) => largestFreeBytes),
    {
      breaksMs,
      mostPoints,
      leastChange: leastChangeBytes,
    },
  );
  const fragmentation = fitTrend(
    known(collections, (point) => point.fragmentation),
    {
      breaksMs,
      mostPoints,
      leastChange: leastChangeShare,
    },
  );
  const heapFull = timeToReach(leak, memoryLimit(collections));
  const noRun = timeToZero(largestFree);
  const own = { probeGarbageBytes: input.probeGarbageBytes, readings };
  const churn = churnOf(collections, own);
  const newest = collections.at(-1);
  const facts = {
    boardId,
    from: isoTime(fromMs),
    to: isoTime(toMs),
    counts: { readings, collections: collections.length, maps },
    newest: newest === undefined ? null : afterCollection(newest),
    leak: bytesTrend(leak),
    breaks: breaksMs.map(isoTime),
    exhaustion: { sooner: sooner(heapFull, noRun), heap: heapFull, largestFree: noRun },
    largestFree: bytesTrend(largestFree),
    fragmentation: shareTrend(fragmentation),
    growth: typeGrowth(input.types, breaksMs),
    churn,
    highWater: { mostUsed: extreme(input.mostUsed), leastLargestFree: extreme(input.leastLargestFree) },
    collections: collectionsWorth(collections, churn),
    pins: survivors(input.newestMaps),
  };
  return { ...facts, findings: findingsOf(facts, rhythmFalls, scatterOf(input.newestMaps)) };
}

function known(
  collections: readonly AnalyzedCollection[],
  pick: (collection: AnalyzedCollection) => number | null,
): readonly SeriesPoint[] {
  return collections.flatMap((collection) => {
    const value = pick(collection);
    return value === null ? [] : [{ atMs: collection.atMs, value }];
  });
}

function sooner(heap: Exhaustion | null, largestFree: Exhaustion | null): "heap" | "largest-free" | null {
  if (largestFree !== null && (heap === null || largestFree.seconds < heap.seconds)) return "largest-free";
  return heap === null ? null : "heap";
}

function afterCollection(point: AnalyzedCollection): BoardAnalysis["newest"] {
  const { atMs, usedBytes, freeBytes, totalBytes, largestFreeBytes, fragmentation } = point;
  return { at: isoTime(atMs), usedBytes, freeBytes, totalBytes, largestFreeBytes, fragmentation };
}

function extreme(dated: DatedExtreme | null): Extreme | null {
  if (dated === null) return null;
  const { readingId, atMs, bytes, totalBytes } = dated;
  return { readingId, at: isoTime(atMs), bytes, totalBytes };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
