import { analyzeBoard } from "../analysis/analyze-board.ts";
import type { BoardAnalysis } from "../analysis/board-analysis.ts";
import type { Suspicion } from "../analysis/breaks.ts";
import { timeToReach } from "../analysis/exhaustion.ts";
import { leakOf, memoryLimit } from "../analysis/leak.ts";
import type { DatedMap } from "../analysis/survivors.ts";
import { leastTrendPoints, leastTrendSeconds } from "../analysis/trend.ts";
import type { MapComparison } from "../api/api-deps.ts";
import { diffMaps } from "../heap/map-diff.ts";
import type {
  AnalysisReader,
  HistoryReader,
  RestartMark,
  StoredMap,
  TimeSpan,
} from "../store/store-types.ts";
import { blockMapOf } from "./decode-map.ts";

/** A month of collections a minute; of a board that is collected more often, the newest so many. */
const mostCollections = 50_000;
/** Maps whose types are read: the trend per letter is coarse anyway. */
const mostTypedMaps = 200;
/** Maps that are decoded to tell ages, and the bytes of dump that this may come to. */
const mostDecodedMaps = 30;
const mostDecodedBytes = 4_194_304;
const mostMapIds = 100_000;

const weekMs = 7 * 86_400_000;
/** A trend says nothing of now when its newest point is older than this, or than so many of its intervals. */
const staleMs = 3_600_000;
const staleIntervals = 10;

/**
 * What the stored history of the span says about the board's memory. A week at the default intervals takes under 100 ms.
 * `probeGarbageBytes`: as the board's snapshot has it; where null, what its stored events last said. Throws `store-failed`.
 */
export function analyzeHistory(
  store: AnalysisReader & Pick<HistoryReader, "mapOf">,
  boardId: string,
  asked: TimeSpan,
  probeGarbageBytes: number | null,
): BoardAnalysis {
  const collections = store.collectionPoints(boardId, asked, mostCollections);
  const oldest = collections[0];
  const isCut = collections.length === mostCollections && oldest !== undefined;
  const span = isCut ? { ...asked, fromMs: oldest.beforeAtMs } : asked;
  const marks = store.restartMarks(boardId, span);
  const { readings, mostUsed, leastLargestFree } = store.extremes(boardId, span);
  const mapIds = store.mapIds(boardId, span, mostMapIds);
  return analyzeBoard({
    boardId,
    ...span,
    readings,
    maps: mapIds.length,
    collections,
    suspicions: suspicionsOf(marks, span),
    types: store.mapTypes(boardId, evenly(mapIds, mostTypedMaps)),
    newestMaps: decodedMaps(store, boardId, mapIds),
    mostUsed,
    leastLargestFree,
    probeGarbageBytes:
      probeGarbageBytes ??
      marks.findLast((mark) => mark.probeGarbageBytes !== null)?.probeGarbageBytes ??
      null,
  });
}

/** What alert rules ask of the last seven days up to now. */
export interface LeakFigures {
  /** 0: no significant trend, or memory shrinks. Null: too little data to tell, or none of late. */
  readonly leakBytesPerHour: number | null;
  /** Until the heap is full, from `nowMs`. Null where that is not in sight. */
  readonly timeToExhaustionSeconds: number | null;
}

const untold: LeakFigures = { leakBytesPerHour: null, timeToExhaustionSeconds: null };

/** The leak alone, cheap enough for every few minutes: some tens of milliseconds per board. Throws `store-failed`. */
export function trendOf(store: AnalysisReader, boardId: string, nowMs: number): LeakFigures {
  const span = { fromMs: nowMs - weekMs, toMs: nowMs + 1 };
  const collections = store.collectionPoints(boardId, span, mostCollections);
  const { trend } = leakOf(collections, suspicionsOf(store.restartMarks(boardId, span), span));
  if (trend === null || trend.points < leastTrendPoints || trend.spanSeconds < leastTrendSeconds)
    return untold;
  const intervalMs = (trend.spanSeconds * 1000) / (trend.points - 1);
  const ageMs = nowMs - trend.toMs;
  if (ageMs > Math.max(staleMs, staleIntervals * intervalMs)) return untold;
  const full = timeToReach(trend, memoryLimit(collections));
  return {
    leakBytesPerHour: trend.significant ? Math.max(0, trend.slopePerHour) : 0,
    timeToExhaustionSeconds: full === null ? null : Math.max(0, full.seconds - ageMs / 1000),
  };
}

/** The changes from one stored map to a later one. */
export function compareMaps(older: StoredMap, newer: StoredMap): MapComparison {
  const was = blockMapOf(older.dump);
  if (was === undefined) return { kind: "damaged", map: older };
  const is = blockMapOf(newer.dump);
  if (is === undefined) return { kind: "damaged", map: newer };
  if (was.blockSizeBytes !== is.blockSizeBytes) return { kind: "incomparable" };
  return { kind: "compared", diff: diffMaps(was, is) };
}

/** States in which, or on the way out of which, a board may have restarted unseen. */
const awayStates: ReadonlySet<string | null> = new Set([
  "connecting",
  "disconnected",
  "rebooting",
  "unresponsive",
  "released",
  "console",
]);

/** The times in which the board's events say, or leave it possible, that it restarted. */
function suspicionsOf(marks: readonly RestartMark[], { fromMs, toMs }: TimeSpan): readonly Suspicion[] {
  const suspicions: Suspicion[] = [];
  let counted: { readonly atMs: number; readonly restarts: number } | null = null;
  for (const [index, { atMs, restarts, state }] of marks.entries()) {
    if (restarts !== null) {
      // Told with the next change of state. Counted since the daemon started: a lower count began again at 0. What the first
      // mark counts may have been before the span.
      const isLower = counted !== null && restarts < counted.restarts;
      if (restarts > (counted === null || isLower ? 0 : counted.restarts))
        suspicions.push({ fromMs: counted?.atMs ?? fromMs, toMs: atMs, isReported: counted !== null });
      counted = { atMs, restarts };
    }
    if (awayStates.has(state)) suspicions.push({ fromMs: atMs, toMs: marks[index + 1]?.atMs ?? toMs });
  }
  return suspicions;
}

/** At most `most` of the list, spread evenly, the first and the last among them. */
function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/** The newest maps, oldest first. */
function decodedMaps(
  store: Pick<HistoryReader, "mapOf">,
  boardId: string,
  newestFirst: readonly number[],
): readonly DatedMap[] {
  const decoded: DatedMap[] = [];
  let bytes = 0;
  for (const id of newestFirst.slice(0, mostDecodedMaps)) {
    const stored = store.mapOf(boardId, id);
    if (stored === undefined) continue;
    bytes += stored.dump.length;
    if (bytes > mostDecodedBytes && decoded.length > 0) break;
    const map = blockMapOf(stored.dump);
    if (map !== undefined) decoded.push({ atMs: Date.parse(stored.reading.at), map });
  }
  return decoded.reverse();
}
