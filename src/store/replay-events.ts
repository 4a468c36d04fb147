import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import {
  alertEvent,
  boardEvent,
  collectionEvent,
  missedEvent,
  readingEvent,
  selectAlerts,
  selectBoardEvents,
  selectCollections,
  selectMissed,
} from "./event-rows.ts";
import { selectReadings } from "./reading-row.ts";
import { type EventType, eventTypes, type HistoryReader, type StoredEvent } from "./store-types.ts";

/**
 * Prepares the replay: the union of the event tables in order of id. Each table gives its first `limit` rows by its
 * primary key and the lists are merged here; the tables besides readings are small, so little is read in vain.
 */
export function eventReplay(db: Database, boards: BoardsTable): HistoryReader["eventsAfter"] {
  const tables: Readonly<Record<EventType, Replay>> = {
    reading: tableReplay(db, selectReadings, readingEvent),
    collection: tableReplay(db, selectCollections, collectionEvent),
    missed: tableReplay(db, selectMissed, missedEvent),
    alert: tableReplay(db, selectAlerts, alertEvent),
    board: tableReplay(db, selectBoardEvents, boardEvent),
  };
  return (cursor, { boards: boardIds, types = eventTypes, through = Number.MAX_SAFE_INTEGER, limit }) => {
    const keys = boardIds?.map((id) => boards.keyOf(id)).filter((key) => key !== undefined);
    const found = types.map((type) => tables[type](cursor, through, keys, limit));
    const [only] = found;
    if (found.length === 1 && only) return only;
    return found
      .flat()
      .sort((one, other) => one.cursor - other.cursor)
      .slice(0, limit);
  };
}

type Replay = (
  after: number,
  through: number,
  boardKeys: readonly number[] | undefined,
  limit: number,
) => readonly StoredEvent[];

function tableReplay<Row>(db: Database, select: string, eventOf: (row: Row) => StoredEvent): Replay {
  const span = "t.id > ? AND t.id <= ?";
  const all = db.prepare<[number, number, number], Row>(`${select} WHERE ${span} ORDER BY t.id LIMIT ?`);
  const ofBoard = db.prepare<[number, number, number, number], Row>(
    `${select} WHERE t.board_key = ? AND ${span} ORDER BY t.id LIMIT ?`,
  );
  // The + keeps SQLite on the primary key: by board it would have to sort everything that is left.
  const ofBoards = db.prepare<[number, number, string, number], Row>(
    `${select} WHERE ${span} AND +t.board_key IN (SELECT value FROM json_each(?)) ORDER BY t.id LIMIT ?`,
  );
  return (after, through, keys, limit) => {
    if (keys === undefined) return all.all(after, through, limit).map(eventOf);
    const [first] = keys;
    if (first === undefined) return [];
    if (keys.length === 1) return ofBoard.all(first, after, through, limit).map(eventOf);
    return ofBoards.all(after, through, JSON.stringify(keys), limit).map(eventOf);
  };
}
