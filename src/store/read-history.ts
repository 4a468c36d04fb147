import { inflateSync } from "node:zlib";
import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import {
  type CollectionRow,
  collectionOf,
  type MissedRow,
  missedOf,
  selectCollections,
  selectMissed,
} from "./event-rows.ts";
import { type ReadingRow, readingOf, selectReadings } from "./reading-row.ts";
import type { HistoryQuery, HistoryReader, StoredMap } from "./store-types.ts";
import { beginningMs, endMs, epochMs } from "./times.ts";

type HistoryPart = Pick<
  HistoryReader,
  "readings" | "collections" | "missed" | "mappedReadings" | "latestMap" | "mapOf"
>;

/** Prepares the queries for one board's history. */
export function historyReader(db: Database, boards: BoardsTable): HistoryPart {
  const readings = partReader<ReadingRow>(db, selectReadings);
  const collections = partReader<CollectionRow>(db, selectCollections);
  const missed = partReader<MissedRow>(db, selectMissed);
  const mapped = mappedReader(db);
  const withMap = `${selectReadings.replace(" FROM ", ", d.dump FROM ")} JOIN maps m ON m.reading_id = t.id JOIN dumps d ON d.id = m.dump_id`;
  const latestMap = db.prepare<[number], ReadingRow & MapRow>(
    `${withMap} WHERE m.reading_id = (SELECT max(reading_id) FROM maps WHERE board_key = ?)`,
  );
  const mapOf = db.prepare<[number, number], ReadingRow & MapRow>(
    `${withMap} WHERE m.board_key = ? AND m.reading_id = ?`,
  );

  /** Nothing is known of a board without a key. */
  const of = <Row, Value>(
    read: (key: number, query: HistoryQuery) => readonly Row[],
    decode: (row: Row) => Value,
  ) => {
    return (boardId: string, query: HistoryQuery): readonly Value[] => {
      const key = boards.keyOf(boardId);
      return key === undefined ? [] : read(key, query).map(decode);
    };
  };

  return {
    readings: of(readings, readingOf),
    collections: of(collections, collectionOf),
    missed: of(missed, missedOf),
    mappedReadings: of(mapped, readingOf),
    latestMap: (boardId) => storedMap(latestMap.get(boards.keyOf(boardId) ?? -1)),
    mapOf: (boardId, readingId) => storedMap(mapOf.get(boards.keyOf(boardId) ?? -1, readingId)),
  };
}

interface MapRow {
  readonly dump: Buffer;
}

function storedMap(row: (ReadingRow & MapRow) | undefined): StoredMap | undefined {
  return (
    row && {
      reading: readingOf(row),
      dump: new Uint8Array(inflateSync(row.dump)),
    }
  );
}

function partReader<Row>(db: Database, select: string): (key: number, query: HistoryQuery) => readonly Row[] {
  // By time, not by id: the index on (board_key, at_ms) then gives the newest without sorting a year of rows.
  const newest = db.prepare<[number, number, number, number], Row>(
    `${select} WHERE t.board_key = ? AND t.at_ms >= ? AND t.at_ms < ? ORDER BY t.at_ms DESC, t.id DESC LIMIT ?`,
  );
  const onwards = db.prepare<[number, number, number, number, number], Row>(
    `${select} WHERE t.board_key = ? AND t.id > ? AND t.at_ms >= ? AND t.at_ms < ? ORDER BY t.id LIMIT ?`,
  );
  return (key, { from, to, after, limit }) => {
    const { fromMs, toMs } = rangeOf(from, to);
    if (after !== undefined) return onwards.all(key, after, fromMs, toMs, limit);
    return newest.all(key, fromMs, toMs, limit).reverse();
  };
}

function mappedReader(db: Database): (key: number, query: HistoryQuery) => readonly ReadingRow[] {
  // By the index of the maps, which are few, and in its order: no reading without a map is looked at, and nothing is sorted.
  const select = `${selectReadings} JOIN maps m ON m.reading_id = t.id`;
  const inRange = "m.board_key = ? AND m.reading_id > ? AND t.at_ms >= ? AND t.at_ms < ?";
  const inOrder = (order: string) =>
    db.prepare<[number, number, number, number, number], ReadingRow>(
      `${select} WHERE ${inRange} ORDER BY m.reading_id ${order} LIMIT ?`,
    );
  const newest = inOrder("DESC");
  const onwards = inOrder("ASC");
  return (key, { from, to, after, limit }) => {
    const { fromMs, toMs } = rangeOf(from, to);
    if (after !== undefined) return onwards.all(key, after, fromMs, toMs, limit);
    return newest.all(key, 0, fromMs, toMs, limit).reverse();
  };
}

/** In ms since the Unix epoch. */
export function rangeOf(
  from: string | undefined,
  to: string | undefined,
): { readonly fromMs: number; readonly toMs: number } {
  return {
    fromMs: from === undefined ? beginningMs : epochMs(from),
    toMs: to === undefined ? endMs : epochMs(to),
  };
}
