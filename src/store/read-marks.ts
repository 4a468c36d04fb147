import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import { rangeOf } from "./read-history.ts";
import { type ReadingRow, readingOf, selectReadings } from "./reading-row.ts";
import type { HistoryReader } from "./store-types.ts";

/** So many marks before the first one asked for: as deep as blocks are nested, and what was marked in them. */
const contextRows = 200;

/** Prepares `markedReadings`: by the index of the marks, which are few, and in its order. */
export function markedReader(db: Database, boards: BoardsTable): HistoryReader["markedReadings"] {
  const marked = `${selectReadings} WHERE t.board_key = ? AND t.mark IS NOT NULL`;
  const inOrder = (order: string) =>
    db.prepare<[number, number, number, number, number], ReadingRow>(
      `${marked} AND t.id > ? AND t.at_ms >= ? AND t.at_ms < ? ORDER BY t.id ${order} LIMIT ?`,
    );
  const newest = inOrder("DESC");
  const onwards = inOrder("ASC");
  const earlier = db.prepare<[number, number], ReadingRow>(
    `${marked} AND t.id < ? ORDER BY t.id DESC LIMIT ${contextRows}`,
  );
  return (boardId, { from, to, after, limit }) => {
    const key = boards.keyOf(boardId) ?? -1;
    const { fromMs, toMs } = rangeOf(from, to);
    const rows =
      after === undefined
        ? newest.all(key, 0, fromMs, toMs, limit).reverse()
        : onwards.all(key, after, fromMs, toMs, limit);
    const [first] = rows;
    const before = first === undefined ? [] : earlier.all(key, first.id).reverse();
    return { readings: rows.map(readingOf), before: before.map(readingOf) };
  };
}
