import type { Database } from "better-sqlite3";
import { mapThinning } from "./map-thinning.ts";
import { levelMs } from "./rollup-tables.ts";
import type { Rollups } from "./rollups.ts";
import type { RetentionPolicy, Tidied } from "./store-types.ts";
import { beginningMs } from "./times.ts";

/** Rows that one slice removes at most: some 20 ms of work. */
const sliceRows = 2000;
/** Pages given back to the file system by one slice. */
const slicePages = 500;
/** A history that is too large is cut down to this share of what is allowed, so that it is not at once too large again. */
const sizeGoal = 0.95;
const dayMs = 86_400_000;
/** A condition on `readings t`. */
const withoutMap = "NOT EXISTS (SELECT 1 FROM maps m WHERE m.reading_id = t.id)";
/** A condition on `alerts t`: the last change of a rule says whether it fires. */
const notLast = "id NOT IN (SELECT max(id) FROM alerts GROUP BY board_key, rule)";

/** The kinds of events by table. Alerts and changes of boards are few and stay as long as the hours. */
const shortLived = ["readings", "collections", "missed"] as const;
const longLived = ["board_events", "alerts"] as const;

/** What is kept from when on, ms since the Unix epoch. */
interface Cuts {
  readonly eventsMs: number;
  readonly minutesMs: number;
  readonly hoursMs: number;
}

/**
 * Prepares tidying up: what is older than the policy allows goes, maps are thinned, and while the history is larger than
 * allowed the oldest day goes, of single events first, then of minutes, then of hours. One call is one slice in one
 * transaction; call again while it is not `done`. A reading whose map stays is not removed.
 */
export function retention(
  db: Database,
  rollups: Rollups,
): (policy: RetentionPolicy, nowMs: number) => Tidied {
  const boardKeys = db.prepare<[], number>("SELECT key FROM boards").pluck();
  const thinMaps = mapThinning(db);
  const removeEvents = [
    ...shortLived.map((table) => ({ remove: eventRemoval(db, table), cut: "eventsMs" as const })),
    ...longLived.map((table) => ({ remove: eventRemoval(db, table), cut: "hoursMs" as const })),
  ];
  const removeMinutes = rollupRemoval(db, "rollup_minutes", levelMs.minute);
  const removeHours = rollupRemoval(db, "rollup_hours", levelMs.hour);
  const forgotten = db.prepare<[number]>("UPDATE sequence SET forgotten_through = max(forgotten_through, ?)");
  const keptFrom = db.prepare<[number, number]>(
    `UPDATE retention SET events_from_ms = max(events_from_ms, ?), minutes_from_ms = max(minutes_from_ms, ?)`,
  );
  const oldest = (rows: string, column: string, scaleMs: number) => {
    const statement = db
      .prepare<[number], number>(`SELECT ${column} FROM ${rows} ORDER BY ${column} LIMIT 1`)
      .pluck();
    return (keys: readonly number[]): number | null => {
      const starts = keys.map((key) => statement.get(key)).filter((start) => typeof start === "number");
      return starts.length === 0 ? null : Math.min(...starts) * scaleMs;
    };
  };
  const oldestReading = oldest(`readings t WHERE board_key = ? AND ${withoutMap}`, "at_ms", 1);
  const oldestMinute = oldest("rollup_minutes WHERE board_key = ?", "start", levelMs.minute);
  const oldestHour = oldest("rollup_hours WHERE board_key = ?", "start", levelMs.hour);

  /** A day later than the oldest there is, in the finest level that has more than a day. */
  function cutsForSize(keys: readonly number[], nowMs: number): Cuts | null {
    const none = { eventsMs: beginningMs, minutesMs: beginningMs, hoursMs: beginningMs };
    const eventsMs = oldestReading(keys);
    if (eventsMs !== null && eventsMs < nowMs - dayMs) return { ...none, eventsMs: eventsMs + dayMs };
    const minutesMs = oldestMinute(keys);
    if (minutesMs !== null && minutesMs < nowMs - dayMs) return { ...none, minutesMs: minutesMs + dayMs };
    const hoursMs = oldestHour(keys);
    if (hoursMs !== null && hoursMs < nowMs - dayMs) return { ...none, hoursMs: hoursMs + dayMs };
    return null;
  }

  function remove(keys: readonly number[], cuts: Cuts): number {
    let left = sliceRows;
    for (const key of keys) {
      for (const { remove, cut } of removeEvents) {
        const removed = remove(key, cuts[cut], left);
        if (removed.throughId > 0) forgotten.run(removed.throughId);
        left -= removed.rows;
      }
      left -= removeMinutes(key, cuts.minutesMs, left);
      left -= removeHours(key, cuts.hoursMs, left);
      if (left <= 0) break;
    }
    return sliceRows - left;
  }

  let isShrinking = false;
  const slice = db.transaction(
    ({ eventsMs, minutesMs, hoursMs, maxBytes }: RetentionPolicy, nowMs: number) => {
      const keys = boardKeys.all();
      rollups.flush(keys);
      const cuts = { eventsMs: nowMs - eventsMs, minutesMs: nowMs - minutesMs, hoursMs: nowMs - hoursMs };
      keptFrom.run(cuts.eventsMs, cuts.minutesMs);
      const byAge = remove(keys, cuts);
      const maps = thinMaps(keys, nowMs, cuts.minutesMs, sliceRows);
      if (byAge >= sliceRows) return { removedRows: byAge, thinnedMaps: maps, done: false };
      const bytes = usedBytes(db);
      if (bytes <= maxBytes * (isShrinking ? sizeGoal : 1)) {
        isShrinking = false;
        return { removedRows: byAge, thinnedMaps: maps, done: maps < sliceRows };
      }
      isShrinking = true;
      const sized = cutsForSize(keys, nowMs);
      if (sized === null) return { removedRows: byAge, thinnedMaps: maps, done: true };
      keptFrom.run(sized.eventsMs, sized.minutesMs);
      const bySize = remove(keys, sized);
      return { removedRows: byAge + bySize, thinnedMaps: maps, done: false };
    },
  );

  return (policy, nowMs) => {
    try {
      const tidied = slice.immediate(policy, nowMs);
      if (tidied.removedRows + tidied.thinnedMaps > 0) db.pragma(`incremental_vacuum(${slicePages})`);
      return tidied;
    } catch (error) {
      rollups.forget();
      throw error;
    }
  };
}

/** Bytes of the file that hold something. */
function usedBytes(db: Database): number {
  const pages = (name: string) => Number(db.pragma(name, { simple: true }));
  return (pages("page_count") - pages("freelist_count")) * pages("page_size");
}

function eventRemoval(db: Database, table: (typeof shortLived)[number] | (typeof longLived)[number]) {
  const which = table === "readings" ? `AND ${withoutMap}` : table === "alerts" ? `AND ${notLast}` : "";
  const find = db
    .prepare<[number, number, number], number>(
      `SELECT id FROM ${table} t WHERE board_key = ? AND at_ms < ? ${which} ORDER BY at_ms LIMIT ?`,
    )
    .pluck();
  const drop = db.prepare<[string]>(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`);
  return (
    key: number,
    beforeMs: number,
    limit: number,
  ): { readonly rows: number; readonly throughId: number } => {
    const ids = limit > 0 ? find.all(key, beforeMs, limit) : [];
    if (ids.length === 0) return { rows: 0, throughId: 0 };
    drop.run(JSON.stringify(ids));
    return { rows: ids.length, throughId: Math.max(...ids) };
  };
}

function rollupRemoval(db: Database, table: string, scaleMs: number) {
  const drop = db.prepare<[number, number, number, number]>(
    `DELETE FROM ${table} WHERE board_key = ? AND start < ? AND start IN
       (SELECT start FROM ${table} WHERE board_key = ? ORDER BY start LIMIT ?)`,
  );
  return (key: number, beforeMs: number, limit: number): number =>
    limit > 0 ? drop.run(key, Math.floor(beforeMs / scaleMs), key, limit).changes : 0;
}
