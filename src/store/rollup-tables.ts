import type { Database } from "better-sqlite3";
import { metricNames, metrics } from "./metrics.ts";

/** A level of roll-ups. */
export type Level = "minute" | "hour";

/** How long a row of a level lasts, ms. */
export const levelMs: Readonly<Record<Level, number>> = { minute: 60_000, hour: 3_600_000 };
export const levelTable: Readonly<Record<Level, string>> = { minute: "rollup_minutes", hour: "rollup_hours" };
/** The column of `boards` that says through which event a board's rows are in the level. */
export const levelThrough: Readonly<Record<Level, string>> = {
  minute: "minutes_through",
  hour: "hours_through",
};

const names = metricNames.map((name) => metrics[name].rollup);

/** Four values for each metric, in the order of `metrics`: count, least, sum, greatest; null where the count is 0. */
export type RollupValues = readonly (number | null)[];

/** Prepares adding to a level's row, which is made where it is missing: counts and sums add up, least and greatest stay. */
export function rollupMerge(
  db: Database,
  level: Level,
): (boardKey: number, start: number, values: RollupValues) => void {
  const columns = names.flatMap((name) => [`${name}_n`, `${name}_min`, `${name}_sum`, `${name}_max`]);
  const added = (column: string) =>
    `${column} = CASE WHEN excluded.${column} IS NULL THEN ${column} ELSE coalesce(${column}, 0) + excluded.${column} END`;
  const extreme = (column: string, choose: "min" | "max") =>
    `${column} = ${choose}(coalesce(${column}, excluded.${column}), coalesce(excluded.${column}, ${column}))`;
  const updates = names.flatMap((name) => [
    added(`${name}_n`),
    extreme(`${name}_min`, "min"),
    added(`${name}_sum`),
    extreme(`${name}_max`, "max"),
  ]);
  const merge = db.prepare(
    `INSERT INTO ${levelTable[level]} (board_key, start, ${columns.join(", ")})
     VALUES (${Array(columns.length + 2)
       .fill("?")
       .join(", ")})
     ON CONFLICT DO UPDATE SET ${updates.join(", ")}`,
  );
  return (boardKey, start, values) => void merge.run(boardKey, start, ...values);
}
