import type { Database } from "better-sqlite3";

const dayMs = 86_400_000;

/** Of the maps older than `ageMs` one per `everyMs` stays, the oldest stage first. */
const stages = [
  { ageMs: 7 * dayMs, everyMs: dayMs },
  { ageMs: dayMs, everyMs: 3_600_000 },
] as const;

/** A stored map: its reading's id and time. */
export interface MapAge {
  readonly id: number;
  readonly atMs: number;
}

/**
 * Prepares thinning: of the maps older than a day one per hour stays, of those older than a week one per day, of those
 * before `beforeMs` none, but for a board's first and last and its extremes: the most used, the most fragmented and the
 * one with the shortest largest free run. A reading keeps the summary of a map that went. Removes at most `limit`, and
 * returns how many it removed.
 */
export function mapThinning(
  db: Database,
): (boardKeys: readonly number[], nowMs: number, beforeMs: number, limit: number) => number {
  const joined = "FROM maps m JOIN readings t ON t.id = m.reading_id WHERE m.board_key = ?";
  const older = db.prepare<[number, number], MapAge>(
    `SELECT t.id, t.at_ms AS atMs ${joined} AND t.at_ms < ? ORDER BY t.at_ms, t.id`,
  );
  const first = (order: string) =>
    db.prepare<[number], number>(`SELECT t.id ${joined} ORDER BY ${order}, t.id LIMIT 1`).pluck();
  const staying = [
    first("t.id"),
    first("t.id DESC"),
    first("t.heap_used_bytes DESC"),
    first("t.fragmentation DESC NULLS LAST"),
    first("t.largest_free_bytes NULLS LAST"),
  ];
  const dropMaps = db
    .prepare<[string], number>(
      "DELETE FROM maps WHERE reading_id IN (SELECT value FROM json_each(?)) RETURNING dump_id",
    )
    .pluck();
  const dropDumps = db.prepare<[string]>(
    `DELETE FROM dumps WHERE id IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM maps WHERE dump_id = dumps.id)`,
  );

  return (boardKeys, nowMs, beforeMs, limit) => {
    let dropped = 0;
    for (const key of boardKeys) {
      if (dropped >= limit) break;
      const maps = older.all(key, nowMs - dayMs);
      const stay = new Set(staying.map((statement) => statement.get(key)));
      const going = surplusMaps(maps, nowMs, beforeMs)
        .filter((id) => !stay.has(id))
        .slice(0, limit - dropped);
      if (going.length === 0) continue;
      dropDumps.run(JSON.stringify(dropMaps.all(JSON.stringify(going))));
      dropped += going.length;
    }
    return dropped;
  };
}

/** The ids of `maps` (in order of time) that another of the same hour, or day, stands for, and of those before `beforeMs`. */
export function surplusMaps(maps: readonly MapAge[], nowMs: number, beforeMs: number): readonly number[] {
  const surplus: number[] = [];
  let place: string | null = null;
  for (const { id, atMs } of maps) {
    const stage = stages.find(({ ageMs }) => atMs < nowMs - ageMs);
    if (stage === undefined) continue;
    const here = `${Math.floor(atMs / stage.everyMs)} of ${stage.everyMs}`;
    if (atMs < beforeMs || here === place) surplus.push(id);
    else place = here;
  }
  return surplus;
}
