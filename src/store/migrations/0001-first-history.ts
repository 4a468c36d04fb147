import type { Migration } from "./migration.ts";

/**
 * Boards get a small integer key, and source and phase a code, because one board at the default interval writes
 * three million readings a year: every byte of a row counts. SQLite keeps the comments with the schema, so the
 * `sqlite3` shell shows them.
 *
 * All event tables take their ids from `sequence` (see append-events.ts), never from their own rowid counter.
 */
export const firstHistory: Migration = {
  version: 1,
  name: "first history",
  sql: `
CREATE TABLE sequence (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  last_id INTEGER NOT NULL,            -- the newest event id ever given
  forgotten_through INTEGER NOT NULL   -- retention: the greatest event id ever deleted
) STRICT;
INSERT INTO sequence VALUES (1, 0, 0);

CREATE TABLE boards (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  port TEXT,
  emulated INTEGER NOT NULL,
  facts TEXT,                          -- JSON
  first_seen_ms INTEGER NOT NULL,      -- all *_ms at points in time: UTC, Unix epoch
  last_seen_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE readings (
  id INTEGER PRIMARY KEY,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  at_ms INTEGER NOT NULL,
  source INTEGER NOT NULL,             -- 0 repl, 1 helper, 2 file
  phase INTEGER NOT NULL,              -- 0 periodic, 1 before-collect, 2 after-collect, 3 on-demand
  duration_ms REAL,
  wire_bytes INTEGER,
  stack_used_bytes INTEGER,            -- null: no stack figures at all
  stack_total_bytes INTEGER,
  heap_total_bytes INTEGER NOT NULL,
  heap_used_bytes INTEGER NOT NULL,
  heap_free_bytes INTEGER NOT NULL,
  heap_growable_bytes INTEGER,
  block_size_bytes INTEGER,
  blocks_total INTEGER,
  blocks_one INTEGER,
  blocks_two INTEGER,
  blocks_largest_used INTEGER,
  blocks_largest_free INTEGER,
  largest_free_bytes INTEGER,
  utilization REAL,
  fragmentation REAL,
  map TEXT                             -- JSON summary: areas, verified, freeRuns, histogram, types
) STRICT;
CREATE INDEX readings_by_time ON readings (board_key, at_ms);
CREATE INDEX readings_by_board ON readings (board_key);

CREATE TABLE maps (
  reading_id INTEGER PRIMARY KEY REFERENCES readings (id) ON DELETE CASCADE,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  dump BLOB NOT NULL                   -- zlib deflate of the bytes the board printed
) STRICT;
CREATE INDEX maps_by_board ON maps (board_key);

CREATE TABLE collections (
  id INTEGER PRIMARY KEY,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  at_ms INTEGER NOT NULL,
  before_id INTEGER NOT NULL,          -- readings, which retention may have removed
  after_id INTEGER NOT NULL,
  reclaimed_bytes INTEGER NOT NULL,
  largest_free_gain_bytes INTEGER,
  fragmentation_before REAL,
  fragmentation_after REAL,
  pause_ms REAL
) STRICT;
CREATE INDEX collections_by_time ON collections (board_key, at_ms);
CREATE INDEX collections_by_board ON collections (board_key);

CREATE TABLE missed (
  id INTEGER PRIMARY KEY,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  at_ms INTEGER NOT NULL,
  phase INTEGER NOT NULL,              -- as in readings
  cause TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX missed_by_time ON missed (board_key, at_ms);
CREATE INDEX missed_by_board ON missed (board_key);

CREATE TABLE board_events (
  id INTEGER PRIMARY KEY,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  at_ms INTEGER NOT NULL,
  snapshot TEXT NOT NULL               -- JSON
) STRICT;
CREATE INDEX board_events_by_board ON board_events (board_key);
`,
};
