import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import {
  alertFigures,
  insertAlert,
  insertBoardEvent,
  insertCollection,
  insertMissed,
  storedId,
} from "./event-rows.ts";
import { mapKeeper } from "./maps-table.ts";
import { insertReading, phaseCode, readingFigures } from "./reading-row.ts";
import type { Rollups } from "./rollups.ts";
import type { NewEvent, StoredEvent } from "./store-types.ts";
import { epochMs, isoTimeOf } from "./times.ts";

type Append = (events: readonly NewEvent[]) => readonly StoredEvent[];

/**
 * Prepares appending. Ids come from the one row of `sequence`, taken for the whole batch at once inside its
 * transaction: a batch that is rolled back gives its ids back, so ids have no holes; a deleted event's id is never
 * given again; and a second process writing to the same file could not give an id twice.
 */
export function eventAppender(db: Database, boards: BoardsTable, rollups: Rollups): Append {
  const takeIds = db
    .prepare<[number], number>("UPDATE sequence SET last_id = last_id + ? RETURNING last_id")
    .pluck();
  const reading = db.prepare(insertReading);
  const keepMap = mapKeeper(db);
  const collection = db.prepare(insertCollection);
  const missed = db.prepare(insertMissed);
  const alert = db.prepare(insertAlert);
  const boardEvent = db.prepare(insertBoardEvent);

  function insert(event: NewEvent, id: number): StoredEvent {
    const boardId = event.type === "board" ? event.boardId : event.data.boardId;
    const givenAt = event.type === "board" ? event.at : event.data.at;
    const atMs = epochMs(givenAt);
    const at = isoTimeOf(givenAt, atMs);
    const key = boards.keyFor(boardId, atMs);
    switch (event.type) {
      case "reading": {
        const data = { ...event.data, id, at };
        rollups.noteReading(key, id, atMs, data);
        reading.run(id, key, atMs, ...readingFigures(data));
        if (event.dump !== undefined) keepMap(id, key, event.dump);
        return { type: "reading", cursor: id, boardId, at, data };
      }
      case "collection": {
        const { beforeId, afterId } = event.data;
        const data = { ...event.data, id, at, beforeId: storedId(beforeId), afterId: storedId(afterId) };
        const { liveBytes, growthBytes } = rollups.noteCollection(key, id, atMs, data);
        collection.run(
          id,
          key,
          atMs,
          data.beforeId ?? 0,
          data.afterId ?? 0,
          data.reclaimedBytes,
          data.largestFreeGainBytes,
          data.fragmentationBefore,
          data.fragmentationAfter,
          data.pauseMs,
          liveBytes,
          growthBytes,
        );
        return { type: "collection", cursor: id, boardId, at, data };
      }
      case "missed": {
        const data = { ...event.data, id, at };
        missed.run(id, key, atMs, phaseCode(data.phase), data.cause, data.detail);
        return { type: "missed", cursor: id, boardId, at, data };
      }
      case "alert": {
        const data = { ...event.data, id, at };
        alert.run(id, key, atMs, ...alertFigures(data));
        return { type: "alert", cursor: id, boardId, at, data };
      }
      case "board":
        boardEvent.run(id, key, atMs, JSON.stringify(event.data));
        return { type: "board", cursor: id, boardId, at, data: event.data };
    }
  }

  const batch = db.transaction((events: readonly NewEvent[]): readonly StoredEvent[] => {
    const last = takeIds.get(events.length);
    if (last === undefined) throw new Error("the table sequence is empty");
    const first = last - events.length + 1;
    const stored = events.map((event, place) => insert(event, first + place));
    rollups.settle();
    return stored;
  });

  return (events) => {
    if (events.length === 0) return [];
    try {
      return batch.immediate(events);
    } catch (error) {
      boards.forgetKeys();
      rollups.forget();
      throw error;
    }
  };
}
