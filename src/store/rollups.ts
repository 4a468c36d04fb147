import type { Database } from "better-sqlite3";
import type { Collection } from "../heap/reading.ts";
import { type MetricTable, metricNames, metricPlaces, metrics, readingValues } from "./metrics.ts";
import { RollupBucket } from "./rollup-bucket.ts";
import { type Level, levelMs, levelThrough, rollupMerge } from "./rollup-tables.ts";
import type { BoardReading } from "./store-types.ts";

/** What a collection has besides its own figures: the live heap after it, and how that changed since the one before. */
export interface LiveFigures {
  readonly liveBytes: number | null;
  readonly growthBytes: number | null;
}

interface Live {
  /** The after-collect reading. */
  readonly readingId: number;
  readonly liveBytes: number;
  readonly growthBytes: number | null;
}

interface OpenBoard {
  readonly buckets: Record<Level, RollupBucket | null>;
  live: Live | null;
}

const levels = ["minute", "hour"] as const;
/** The newest after-collect reading is looked for in so many readings. */
const liveSearchRows = 1000;

/**
 * Roll-ups, made as events are appended: one bucket per board and level is open in memory, and is added to its row when
 * an event of another minute or hour comes. Whatever order times come in, each event counts once: rows add up.
 *
 * Nothing is lost with the process: a board's events after `…_through` are read again when it is first noted. All
 * calls belong inside the transaction that stores the event, before its row is written; `settle` before it is committed,
 * `forget` after a rollback.
 */
export class Rollups {
  readonly #open = new Map<number, OpenBoard>();
  /** Through which event the closed buckets of a board reach, where that is not in its row yet. */
  readonly #closed: Readonly<Record<Level, Map<number, number>>> = { minute: new Map(), hour: new Map() };
  readonly #merge: Readonly<Record<Level, ReturnType<typeof rollupMerge>>>;
  readonly #setThrough;
  readonly #through;
  readonly #latest;
  readonly #newestLive;
  readonly #readingsAfter;
  readonly #collectionsAfter;

  constructor(db: Database) {
    this.#merge = { minute: rollupMerge(db, "minute"), hour: rollupMerge(db, "hour") };
    const setThrough = (level: Level) =>
      db.prepare<[number, number]>(`UPDATE boards SET ${levelThrough[level]} = ? WHERE key = ?`);
    this.#setThrough = { minute: setThrough("minute"), hour: setThrough("hour") };
    this.#through = db.prepare<[number], Record<Level, number>>(
      "SELECT minutes_through AS minute, hours_through AS hour FROM boards WHERE key = ?",
    );
    this.#latest = db.prepare<[], number>("SELECT last_id FROM sequence").pluck();
    this.#newestLive = db.prepare<[number], { readonly id: number; readonly used: number }>(
      `SELECT id, used FROM (SELECT id, phase, heap_used_bytes AS used FROM readings WHERE board_key = ?
       ORDER BY id DESC LIMIT ${liveSearchRows}) WHERE phase = 2 ORDER BY id DESC LIMIT 1`,
    );
    const after = (table: "readings" | "collections") => {
      const columns = metricNames.filter((name) => metrics[name].table === table);
      const list = columns.map((name) => metrics[name].column).join(", ");
      return db
        .prepare<[number, number], [number, number, ...(number | null)[]]>(
          `SELECT id, at_ms, ${list} FROM ${table} WHERE board_key = ? AND id > ? ORDER BY id`,
        )
        .raw();
    };
    this.#readingsAfter = after("readings");
    this.#collectionsAfter = after("collections");
  }

  noteReading(boardKey: number, id: number, atMs: number, reading: BoardReading): void {
    const board = this.#board(boardKey);
    this.#note(board, boardKey, id, atMs, "readings", readingValues(reading));
    if (reading.phase !== "after-collect") return;
    const { usedBytes } = reading.heap;
    board.live = {
      readingId: id,
      liveBytes: usedBytes,
      growthBytes: board.live === null ? null : usedBytes - board.live.liveBytes,
    };
  }

  /** Returns what belongs into the collection's row. */
  noteCollection(boardKey: number, id: number, atMs: number, collection: Collection): LiveFigures {
    const board = this.#board(boardKey);
    const isAfter = board.live?.readingId === collection.afterId;
    const liveBytes = isAfter ? (board.live?.liveBytes ?? null) : null;
    const growthBytes = isAfter ? (board.live?.growthBytes ?? null) : null;
    const values = [collection.pauseMs, collection.reclaimedBytes, liveBytes, growthBytes];
    this.#note(board, boardKey, id, atMs, "collections", values);
    return { liveBytes, growthBytes };
  }

  /** Adds every open bucket to its row, so that all events are in the roll-ups. Inside a transaction. */
  flush(boardKeys: Iterable<number>): void {
    const latest = this.#latest.get() ?? 0;
    for (const key of boardKeys) {
      const { buckets } = this.#board(key);
      for (const level of levels) this.#close(key, level, buckets, latest);
    }
    this.settle();
  }

  /** Writes down through which events boards are rolled up: once in a transaction, however many buckets it closed. */
  settle(): void {
    for (const level of levels) {
      const closed = this.#closed[level];
      for (const [key, through] of closed) this.#setThrough[level].run(through, key);
      closed.clear();
    }
  }

  /** A transaction was rolled back: what was noted in it counts no more. */
  forget(): void {
    this.#open.clear();
    for (const level of levels) this.#closed[level].clear();
  }

  #note(
    { buckets }: OpenBoard,
    key: number,
    id: number,
    atMs: number,
    table: MetricTable,
    values: readonly (number | null)[],
  ): void {
    for (const level of levels) this.#add(level, buckets, key, id, atMs, table, values);
  }

  #add(
    level: Level,
    buckets: OpenBoard["buckets"],
    key: number,
    id: number,
    atMs: number,
    table: MetricTable,
    values: readonly (number | null)[],
  ): void {
    const start = Math.floor(atMs / levelMs[level]);
    let bucket = buckets[level];
    if (bucket === null || bucket.start !== start) {
      this.#close(key, level, buckets, id - 1);
      bucket = new RollupBucket(start);
      buckets[level] = bucket;
    }
    bucket.add(metricPlaces[table], values);
  }

  #close(key: number, level: Level, buckets: OpenBoard["buckets"], through: number): void {
    const bucket = buckets[level];
    if (bucket === null) return;
    this.#merge[level](key, bucket.start, bucket.values());
    this.#closed[level].set(key, through);
    buckets[level] = null;
  }

  #board(key: number): OpenBoard {
    const known = this.#open.get(key);
    if (known) return known;
    const newest = this.#newestLive.get(key);
    const board: OpenBoard = {
      buckets: { minute: null, hour: null },
      live: newest ? { readingId: newest.id, liveBytes: newest.used, growthBytes: null } : null,
    };
    this.#open.set(key, board);
    this.#catchUp(key, board);
    return board;
  }

  /** Notes again what the last process had open. */
  #catchUp(key: number, board: OpenBoard): void {
    const through = this.#through.get(key);
    if (through === undefined) return;
    for (const level of levels) {
      const rows = [
        ...this.#readingsAfter.all(key, through[level]).map((row) => ({ row, table: "readings" as const })),
        ...this.#collectionsAfter
          .all(key, through[level])
          .map((row) => ({ row, table: "collections" as const })),
      ].sort((one, other) => one.row[0] - other.row[0]);
      for (const { row, table } of rows) {
        const [id, atMs, ...values] = row;
        this.#add(level, board.buckets, key, id, atMs, table, values);
      }
    }
  }
}
