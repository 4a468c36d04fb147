import { adviseBoard } from "../advice/board/advise-board.ts";
import { longGapMs, type Watching } from "../advice/board/board-history.ts";
import type { AdviceReport } from "../advice/finding.ts";
import type { Rule } from "../alerts/rule.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { ModulesSeen } from "../shared/module-facts.ts";
import type { AnalysisReader, HistoryReader, TimeSpan } from "../store/store-types.ts";
import { absentRules } from "./absent-rules.ts";
import { analyzeHistory } from "./board-analysis.ts";

/** What is known of a board beside its history. */
export interface AdvisedBoard {
  /** Null: it is not watched now. */
  readonly snapshot: BoardSnapshot | null;
  readonly modules: ModulesSeen | null;
  /** The alert rules in force. */
  readonly rules: readonly Rule[];
}

type Store = AnalysisReader & Pick<HistoryReader, "mapOf" | "readings" | "missed" | "board">;

/** A month of collections a minute. */
const mostCollections = 50_000;
/** Newest readings whose rises are looked at: five hours at the default interval. */
const mostReadings = 2_000;
/** A board that does not answer is tried every five minutes: a month of that. */
const mostMissed = 10_000;
const mostGaps = 10_000;
const usualReadMs = 10_000;

/**
 * What of the five tips the stored history of the span, and the modules that were last listed, speak for. As costly as
 * `analyzeHistory`, and as much again. Throws `store-failed`.
 */
export function adviseHistory(
  store: Store,
  boardId: string,
  asked: TimeSpan,
  nowMs: number,
  { snapshot, modules, rules }: AdvisedBoard,
): AdviceReport {
  const span = { fromMs: asked.fromMs, toMs: Math.max(asked.fromMs, Math.min(asked.toMs, nowMs + 1)) };
  const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
  const known = store.board(boardId);
  const stored = store.readings(boardId, { from, to, limit: mostReadings });
  const readings = stored.map(({ at, heap, phase, durationMs }) => ({
    atMs: Date.parse(at),
    usedBytes: heap.usedBytes,
    phase,
    durationMs,
  }));
  return adviseBoard({
    boardId,
    ...span,
    analysis: analyzeHistory(store, boardId, span, snapshot?.probeGarbageBytes ?? null),
    collections: store.collectionPoints(boardId, span, mostCollections),
    readings,
    isHelper: stored.at(-1)?.source === "helper",
    watching: {
      ...watchingOf(store, boardId, span, snapshot),
      isIdentified: (snapshot?.facts ?? known?.facts ?? null) !== null || readings.length > 0,
    },
    absentRules: absentRules(rules, { id: boardId, name: snapshot?.name ?? known?.name ?? boardId }),
    modules,
  });
}

function watchingOf(
  store: Store,
  boardId: string,
  span: TimeSpan,
  snapshot: BoardSnapshot | null,
): Omit<Watching, "isIdentified"> {
  const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
  const { firstMs, lastMs, count } = store.readingTimes(boardId, span);
  // It may have been read at longer intervals before, which are no gaps.
  const meanMs = firstMs === null || lastMs === null || count < 2 ? 0 : (lastMs - firstMs) / (count - 1);
  const readEveryMs = Math.max(meanMs, snapshot?.readIntervalMs ?? usualReadMs);
  const missed = store.missed(boardId, { from, to, limit: mostMissed });
  const marks = store.restartMarks(boardId, span).map(({ atMs, state }) => ({ atMs, state }));
  // It may have been in its state since before the span.
  const isSinceBefore = snapshot !== null && Date.parse(snapshot.state.since) < span.fromMs;
  return {
    firstReadingMs: firstMs,
    lastReadingMs: lastMs,
    readEveryMs,
    gaps: store.readingGaps(boardId, span, longGapMs(readEveryMs), mostGaps),
    missed: missed.map(({ at, cause }) => ({ atMs: Date.parse(at), cause })),
    states: isSinceBefore ? [{ atMs: span.fromMs, state: snapshot.state.kind }, ...marks] : marks,
  };
}
