import type { Database } from "better-sqlite3";
import type { BoardRecord, BoardUpdate } from "./store-types.ts";
import { epochMs, isoTime } from "./times.ts";

interface BoardRow {
  readonly id: string;
  readonly name: string;
  readonly port: string | null;
  readonly emulated: number;
  readonly facts: string | null;
  readonly first_seen_ms: number;
  readonly last_seen_ms: number;
}

export interface BoardsTable {
  all(): readonly BoardRecord[];
  find(boardId: string): BoardRecord | undefined;
  upsert(board: BoardUpdate, at: string): void;
  /** The small integer that stands for the board in event tables; undefined where the board was never seen. */
  keyOf(boardId: string): number | undefined;
  /** The same, making a row for a board not seen before. Call inside a transaction. */
  keyFor(boardId: string, atMs: number): number;
  /** Drops remembered keys: a rolled back transaction may have made some. */
  forgetKeys(): void;
}

/** Prepares the statements over the table `boards`. */
export function boardsTable(db: Database): BoardsTable {
  const all = db.prepare<[], BoardRow>("SELECT * FROM boards ORDER BY key");
  const one = db.prepare<[string], BoardRow>("SELECT * FROM boards WHERE id = ?");
  const key = db.prepare<[string], number>("SELECT key FROM boards WHERE id = ?").pluck();
  const insertBare = db
    .prepare<[string, string, number, number], number>(
      "INSERT INTO boards (id, name, emulated, first_seen_ms, last_seen_ms) VALUES (?, ?, 0, ?, ?) RETURNING key",
    )
    .pluck();
  const upsert = db.prepare(
    `INSERT INTO boards (id, name, port, emulated, facts, first_seen_ms, last_seen_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, port = excluded.port, emulated = excluded.emulated,
       facts = coalesce(excluded.facts, facts), first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
       last_seen_ms = max(last_seen_ms, excluded.last_seen_ms)`,
  );
  const keys = new Map<string, number>();

  const keyOf = (boardId: string): number | undefined => {
    const known = keys.get(boardId);
    if (known !== undefined) return known;
    const stored = key.get(boardId);
    if (stored !== undefined) keys.set(boardId, stored);
    return stored;
  };

  return {
    all: () => all.all().map(recordOf),
    find: (boardId) => {
      const row = one.get(boardId);
      return row && recordOf(row);
    },
    upsert: (board, at) => {
      const atMs = epochMs(at);
      const facts = board.facts === null ? null : JSON.stringify(board.facts);
      upsert.run(board.id, board.name, board.port, board.emulated ? 1 : 0, facts, atMs, atMs);
    },
    keyOf,
    keyFor: (boardId, atMs) => {
      const known = keyOf(boardId);
      if (known !== undefined) return known;
      const made = insertBare.get(boardId, boardId, atMs, atMs);
      if (made === undefined) throw new Error(`no row was made for board ${boardId}`);
      keys.set(boardId, made);
      return made;
    },
    forgetKeys: () => keys.clear(),
  };
}

function recordOf(row: BoardRow): BoardRecord {
  return {
    id: row.id,
    name: row.name,
    port: row.port,
    emulated: row.emulated !== 0,
    // Only `upsert` writes this column, from an object.
    facts: row.facts === null ? null : (JSON.parse(row.facts) as object),
    firstSeenAt: isoTime(row.first_seen_ms),
    lastSeenAt: isoTime(row.last_seen_ms),
  };
}
