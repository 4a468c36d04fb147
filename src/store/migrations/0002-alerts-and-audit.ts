import type { Migration } from "./migration.ts";

/** Alerts are events like the others, with ids from `sequence`; the audit is not on the feed and counts by itself. */
export const alertsAndAudit: Migration = {
  version: 2,
  name: "alerts and audit",
  sql: `
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  board_key INTEGER NOT NULL REFERENCES boards (key),
  at_ms INTEGER NOT NULL,
  rule TEXT NOT NULL,
  condition TEXT NOT NULL,
  severity INTEGER NOT NULL,           -- 0 info, 1 warning, 2 critical
  firing INTEGER NOT NULL,             -- 1 began, 0 ended
  since_ms INTEGER NOT NULL,
  value REAL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX alerts_by_time ON alerts (board_key, at_ms);
CREATE INDEX alerts_by_board ON alerts (board_key);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  action TEXT NOT NULL,                -- read, collect, release, attach, …
  board_id TEXT,                       -- as the caller named it; null: it concerns no board
  token TEXT,                          -- the name of the token; null: without one, from this machine
  address TEXT NOT NULL,               -- where the request came from
  status INTEGER NOT NULL,             -- HTTP status of the answer
  code TEXT                            -- problem code; null: it was done
) STRICT;
`,
};
