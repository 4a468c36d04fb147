import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import { phaseCode } from "./reading-row.ts";
import type { HistoryReader } from "./store-types.ts";
import { epochMs } from "./times.ts";

/** Prepares looking for an event that is already there, so that importing a file twice stores it once. */
export function storedIds(db: Database, boards: BoardsTable): HistoryReader["storedId"] {
  const find = (table: string, more = "") =>
    db
      .prepare<(number | string)[], number>(
        `SELECT id FROM ${table} WHERE board_key = ? AND at_ms = ? ${more} LIMIT 1`,
      )
      .pluck();
  const reading = find("readings", "AND phase = ?");
  const collection = find("collections");
  const missed = find("missed", "AND phase = ?");
  const alert = find("alerts", "AND rule = ?");
  const board = find("board_events");
  return (event) => {
    const [boardId, at] =
      event.type === "board" ? [event.boardId, event.at] : [event.data.boardId, event.data.at];
    const place = [boards.keyOf(boardId) ?? -1, epochMs(at)] as const;
    switch (event.type) {
      case "reading":
        return reading.get(...place, phaseCode(event.data.phase));
      case "collection":
        return collection.get(...place);
      case "missed":
        return missed.get(...place, phaseCode(event.data.phase));
      case "alert":
        return alert.get(...place, event.data.rule);
      case "board":
        return board.get(...place);
    }
  };
}
