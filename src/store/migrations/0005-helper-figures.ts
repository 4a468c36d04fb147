import type { Migration } from "./migration.ts";

/** In the order of store/metrics.ts. */
const columns = ["idf_free", "idf_largest", "peak"]
  .flatMap((name) => [`${name}_n`, `${name}_min`, `${name}_sum`, `${name}_max`])
  .map((column) => `${column} INTEGER`);

const added = ["rollup_minutes", "rollup_hours"]
  .flatMap((table) => columns.map((column) => `ALTER TABLE ${table} ADD COLUMN ${column};`))
  .join("\n");

/** What helpers on boards report beside the heap's figures. Readings of other sources have none of it. */
export const helperFigures: Migration = {
  version: 5,
  name: "helper figures",
  sql: `
ALTER TABLE readings ADD COLUMN helper TEXT;                 -- JSON array: run, sequence, ticks, threshold, label, ESP-IDF regions
ALTER TABLE readings ADD COLUMN mark INTEGER;                -- 0 point, 1 begin, 2 end, 3 settled; null: no mark
ALTER TABLE readings ADD COLUMN peak_bytes INTEGER;
ALTER TABLE readings ADD COLUMN idf_free_bytes INTEGER;      -- all regions together
ALTER TABLE readings ADD COLUMN idf_largest_free_bytes INTEGER;
CREATE INDEX readings_by_mark ON readings (board_key, id) WHERE mark IS NOT NULL;
${added}
`,
};
