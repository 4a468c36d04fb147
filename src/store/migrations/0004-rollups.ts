import type { Migration } from "./migration.ts";

const bytes = ["used", "free", "largest", "stack", "wire", "reclaimed", "live", "growth"];
/** In the order of store/metrics.ts. A step is never edited: a later metric adds its columns in a step of its own. */
const order = [
  "used",
  "free",
  "largest",
  "fragmentation",
  "utilization",
  "stack",
  "wire",
  "duration",
  "pause",
  "reclaimed",
  "live",
  "growth",
];

const columns = order
  .map((name) => {
    const type = bytes.includes(name) ? "INTEGER" : "REAL";
    return `${name}_n INTEGER, ${name}_min ${type}, ${name}_sum ${type}, ${name}_max ${type}`;
  })
  .join(",\n  ");

/**
 * Roll-ups: a row per board and minute, and per board and hour, with count, least, sum and greatest of each metric. A
 * board's rows up to the event `…_through` are in them; what came later is added when its minute or hour is over.
 */
export const rollups: Migration = {
  version: 4,
  name: "roll-ups",
  sql: `
CREATE TABLE rollup_minutes (
  board_key INTEGER NOT NULL REFERENCES boards (key),
  start INTEGER NOT NULL,              -- minutes since the Unix epoch
  ${columns},
  PRIMARY KEY (board_key, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_hours (
  board_key INTEGER NOT NULL REFERENCES boards (key),
  start INTEGER NOT NULL,              -- hours since the Unix epoch
  ${columns},
  PRIMARY KEY (board_key, start)
) STRICT, WITHOUT ROWID;

ALTER TABLE boards ADD COLUMN minutes_through INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boards ADD COLUMN hours_through INTEGER NOT NULL DEFAULT 0;

ALTER TABLE collections ADD COLUMN live_bytes INTEGER;
ALTER TABLE collections ADD COLUMN growth_bytes INTEGER;

-- Dumps by themselves: a map that is the same as the one before shares its dump.
CREATE TABLE dumps (
  id INTEGER PRIMARY KEY,
  dump BLOB NOT NULL                   -- zlib deflate of the bytes the board printed
) STRICT;
INSERT INTO dumps SELECT reading_id, dump FROM maps;
CREATE TABLE maps_by_dump (
  reading_id INTEGER PRIMARY KEY REFERENCES readings (id) ON DELETE CASCADE,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  dump_id INTEGER NOT NULL REFERENCES dumps (id)
) STRICT;
INSERT INTO maps_by_dump SELECT reading_id, board_key, reading_id FROM maps;
DROP TABLE maps;
ALTER TABLE maps_by_dump RENAME TO maps;
CREATE INDEX maps_by_board ON maps (board_key);
CREATE INDEX maps_of_dump ON maps (dump_id);

-- Which history a cursor is of: another file, another name.
ALTER TABLE sequence ADD COLUMN history TEXT;
UPDATE sequence SET history = lower(hex(randomblob(8)));

CREATE TABLE retention (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  events_from_ms INTEGER NOT NULL,     -- readings before this may have been removed
  minutes_from_ms INTEGER NOT NULL     -- the same for roll-ups by the minute
) STRICT;
INSERT INTO retention VALUES (1, ${-8.64e15}, ${-8.64e15});
`,
};
