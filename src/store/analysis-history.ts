import type { Database } from "better-sqlite3";
import type { TypeTotals } from "../heap/reading.ts";
import type { BoardsTable } from "./boards-table.ts";
import type {
  AnalysisReader,
  CollectionPoint,
  ExtremeReading,
  HistoryExtremes,
  ReadingTimes,
  RestartMark,
  TimeSpan,
} from "./store-types.ts";

type PointRow = readonly [
  atMs: number,
  usedBytes: number,
  freeBytes: number,
  totalBytes: number,
  growableBytes: number | null,
  largestFreeBytes: number | null,
  fragmentation: number | null,
  beforeAtMs: number,
  beforeUsedBytes: number,
  fragmentationBefore: number | null,
  reclaimedBytes: number,
  largestFreeGainBytes: number | null,
  pauseMs: number | null,
];

interface Bounds {
  readonly readings: number;
  readonly most: number | null;
  readonly least: number | null;
}

interface TypesRow {
  readonly at_ms: number;
  readonly block_size_bytes: number | null;
  readonly types: string;
}

/**
 * Prepares the lean queries of the analysis: columns in place of whole readings, so that a week of a board (60 480 readings,
 * 10 080 collections) costs some tens of milliseconds.
 */
export function analysisReader(db: Database, boards: BoardsTable): AnalysisReader {
  // By collections, not by the phase of readings: these are one in six rows, and the readings then come by primary key.
  const points = db
    .prepare<[number, number, number, number], PointRow>(
      `SELECT a.at_ms, a.heap_used_bytes, a.heap_free_bytes, a.heap_total_bytes, a.heap_growable_bytes,
         a.largest_free_bytes, a.fragmentation, b.at_ms, b.heap_used_bytes, c.fragmentation_before,
         c.reclaimed_bytes, c.largest_free_gain_bytes, c.pause_ms
       FROM collections c JOIN readings a ON a.id = c.after_id JOIN readings b ON b.id = c.before_id
       WHERE c.board_key = ? AND c.at_ms >= ? AND c.at_ms < ? ORDER BY c.at_ms DESC, c.id DESC LIMIT ?`,
    )
    .raw();
  const inSpan = "FROM readings WHERE board_key = ? AND at_ms >= ? AND at_ms < ?";
  const bounds = db.prepare<[number, number, number], Bounds>(
    `SELECT count(*) AS readings, max(heap_used_bytes) AS most, min(largest_free_bytes) AS least ${inSpan}`,
  );
  // Newest first: of a board that leaks, the extremes are the newest readings, found at once.
  const readingWith = (column: string) =>
    db.prepare<[number, number, number, number], ExtremeReading>(
      `SELECT id AS readingId, at_ms AS atMs, ${column} AS bytes, heap_total_bytes AS totalBytes ${inSpan}
         AND ${column} = ? ORDER BY at_ms DESC LIMIT 1`,
    );
  const withUsed = readingWith("heap_used_bytes");
  const withLargestFree = readingWith("largest_free_bytes");
  const firstId = db
    .prepare<[number, number], number>(
      "SELECT id FROM readings WHERE board_key = ? AND at_ms >= ? ORDER BY at_ms, id LIMIT 1",
    )
    .pluck();
  const mapIds = db
    .prepare<[number, number, number, number, number], number>(
      `SELECT m.reading_id FROM maps m JOIN readings t ON t.id = m.reading_id
       WHERE m.board_key = ? AND m.reading_id >= ? AND t.at_ms >= ? AND t.at_ms < ?
       ORDER BY m.reading_id DESC LIMIT ?`,
    )
    .pluck();
  const mapTypes = db.prepare<[number, string], TypesRow>(
    `SELECT at_ms, block_size_bytes, json_extract(map, '$.types') AS types FROM readings
     WHERE board_key = ? AND id IN (SELECT value FROM json_each(?)) AND map IS NOT NULL ORDER BY at_ms, id`,
  );
  const idBefore = db
    .prepare<[number, number], number | null>(
      "SELECT max(reading_id) FROM maps WHERE board_key = ? AND reading_id < ?",
    )
    .pluck();
  const marks = db.prepare<[number, number, number], RestartMark>(
    `SELECT at_ms AS atMs, json_extract(snapshot, '$.counts.restarts') AS restarts,
       json_extract(snapshot, '$.state.kind') AS state,
       json_extract(snapshot, '$.probeGarbageBytes') AS probeGarbageBytes
     FROM board_events WHERE board_key = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms, id`,
  );

  const times = db.prepare<[number, number, number], ReadingTimes>(
    `SELECT min(at_ms) AS firstMs, max(at_ms) AS lastMs, count(*) AS count ${inSpan}`,
  );
  const gaps = db.prepare<[number, number, number, number, number], TimeSpan>(
    `SELECT fromMs, toMs FROM
       (SELECT lag(at_ms) OVER (ORDER BY at_ms) AS fromMs, at_ms AS toMs ${inSpan})
     WHERE toMs - fromMs > ? ORDER BY toMs DESC LIMIT ?`,
  );

  /** Nothing is known of a board without a key. */
  const keyOf = (boardId: string): number => boards.keyOf(boardId) ?? -1;

  return {
    collectionPoints: (boardId, { fromMs, toMs }, limit) =>
      points.all(keyOf(boardId), fromMs, toMs, limit).map(pointOf).reverse(),
    extremes: (boardId, { fromMs, toMs }: TimeSpan): HistoryExtremes => {
      const key = keyOf(boardId);
      const { readings = 0, most = null, least = null } = bounds.get(key, fromMs, toMs) ?? {};
      return {
        readings,
        mostUsed: most === null ? null : (withUsed.get(key, fromMs, toMs, most) ?? null),
        leastLargestFree: least === null ? null : (withLargestFree.get(key, fromMs, toMs, least) ?? null),
      };
    },
    mapIds: (boardId, { fromMs, toMs }, limit) => {
      const key = keyOf(boardId);
      const from = firstId.get(key, fromMs);
      return from === undefined ? [] : mapIds.all(key, from, fromMs, toMs, limit);
    },
    mapTypes: (boardId, ids) =>
      mapTypes.all(keyOf(boardId), JSON.stringify(ids)).map((row) => ({
        atMs: row.at_ms,
        blockSizeBytes: row.block_size_bytes,
        // Only `append` writes it, from a MapSummary.
        types: JSON.parse(row.types) as Readonly<Record<string, TypeTotals>>,
      })),
    mapIdBefore: (boardId, readingId) => idBefore.get(keyOf(boardId), readingId) ?? undefined,
    restartMarks: (boardId, { fromMs, toMs }) => marks.all(keyOf(boardId), fromMs, toMs),
    readingTimes: (boardId, { fromMs, toMs }) =>
      times.get(keyOf(boardId), fromMs, toMs) ?? { firstMs: null, lastMs: null, count: 0 },
    readingGaps: (boardId, { fromMs, toMs }, longMs, limit) =>
      gaps.all(keyOf(boardId), fromMs, toMs, longMs, limit).reverse(),
  };
}

function pointOf(row: PointRow): CollectionPoint {
  return {
    atMs: row[0],
    usedBytes: row[1],
    freeBytes: row[2],
    totalBytes: row[3],
    growableBytes: row[4],
    largestFreeBytes: row[5],
    fragmentation: row[6],
    beforeAtMs: row[7],
    beforeUsedBytes: row[8],
    fragmentationBefore: row[9],
    reclaimedBytes: row[10],
    largestFreeGainBytes: row[11],
    pauseMs: row[12],
  };
}
