import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import { type MetricName, metricNames, metrics } from "./metrics.ts";
import { levelMs, levelTable, levelThrough } from "./rollup-tables.ts";
import type { HistoryReader, Series, SeriesBucket, SeriesSource } from "./store-types.ts";
import { isoTime } from "./times.ts";

interface BucketRow {
  readonly bucket: number;
  readonly count: number;
  readonly min: number;
  readonly sum: number;
  readonly max: number;
}

interface Span {
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Only events after this id. */
  readonly after: number;
}

/** Buckets never hold less than this. */
const leastWidthMs = 1000;

/**
 * Prepares `series`: a metric in buckets of equal width. Narrow buckets are made of single values, buckets of a minute
 * or more of the minutes' roll-ups, of an hour or more of the hours', so that what is read is bounded by the points
 * wanted. Where readings, or minutes, of the range have been removed, the next coarser level answers.
 */
export function seriesReader(db: Database, boards: BoardsTable): HistoryReader["series"] {
  const queries = Object.fromEntries(metricNames.map((name) => [name, prepare(db, name)])) as Readonly<
    Record<MetricName, ReturnType<typeof prepare>>
  >;
  const kept = db.prepare<[], { readonly events: number; readonly minutes: number }>(
    "SELECT events_from_ms AS events, minutes_from_ms AS minutes FROM retention",
  );
  const through = db.prepare<[number], { readonly minute: number; readonly hour: number }>(
    `SELECT ${levelThrough.minute} AS minute, ${levelThrough.hour} AS hour FROM boards WHERE key = ?`,
  );

  return (boardId, { metric, fromMs, toMs, points }) => {
    const wanted = (toMs - fromMs) / points;
    const source = sourceFor(wanted, fromMs, kept.get() ?? { events: 0, minutes: 0 });
    const grain = source === "single" ? leastWidthMs : levelMs[source];
    const width = Math.max(1, Math.ceil(wanted / grain)) * grain;
    const key = boards.keyOf(boardId);
    const span = { key: key ?? -1, from: fromMs, to: toMs, width, after: 0 };
    const { single, tail, minute, hour } = queries[metric];
    const rows = new Map<number, BucketRow>();
    if (source === "single") {
      collect(rows, single.all(span));
    } else {
      const done = through.get(span.key) ?? { minute: 0, hour: 0 };
      // A minute or hour counts as a whole where it begins inside.
      const whole = { from: Math.ceil(fromMs / grain), to: Math.ceil(toMs / grain), width: width / grain };
      collect(rows, (source === "minute" ? minute : hour).all({ ...span, ...whole }));
      const open = { from: whole.from * grain, to: whole.to * grain, after: done[source] };
      collect(rows, tail.all({ ...span, ...open }));
    }
    return seriesOf(rows, width, source);
  };
}

function sourceFor(
  wantedMs: number,
  fromMs: number,
  kept: { readonly events: number; readonly minutes: number },
): SeriesSource {
  if (wantedMs < levelMs.minute && fromMs >= kept.events) return "single";
  return wantedMs < levelMs.hour && fromMs >= kept.minutes ? "minute" : "hour";
}

function prepare(db: Database, name: MetricName) {
  const { table, column, rollup } = metrics[name];
  // What is not rolled up yet is few of the board's rows, its newest. By time SQLite would look at every row of the range; at
  // the table's end, at all that other boards stored while this one was silent.
  const ofRows = (rows: string) =>
    db.prepare<[Span], BucketRow>(
      `SELECT CAST(floor(at_ms * 1.0 / :width) AS INTEGER) AS bucket, count(${column}) AS count, min(${column}) AS min,
         sum(${column}) AS sum, max(${column}) AS max
       FROM ${rows}
       WHERE board_key = :key AND at_ms >= :from AND at_ms < :to AND id > :after AND ${column} IS NOT NULL
       GROUP BY bucket`,
    );
  const ofLevel = (level: "minute" | "hour") =>
    db.prepare<[Omit<Span, "after">], BucketRow>(
      `SELECT CAST(floor(start * 1.0 / :width) AS INTEGER) AS bucket, sum(${rollup}_n) AS count, min(${rollup}_min) AS min,
         sum(${rollup}_sum) AS sum, max(${rollup}_max) AS max
       FROM ${levelTable[level]}
       WHERE board_key = :key AND start >= :from AND start < :to AND ${rollup}_n > 0 GROUP BY bucket`,
    );
  return {
    single: ofRows(table),
    tail: ofRows(`${table} INDEXED BY ${table}_by_board`),
    minute: ofLevel("minute"),
    hour: ofLevel("hour"),
  };
}

function collect(into: Map<number, BucketRow>, rows: readonly BucketRow[]): void {
  for (const row of rows) {
    const there = into.get(row.bucket);
    into.set(
      row.bucket,
      there === undefined
        ? row
        : {
            bucket: row.bucket,
            count: there.count + row.count,
            min: Math.min(there.min, row.min),
            sum: there.sum + row.sum,
            max: Math.max(there.max, row.max),
          },
    );
  }
}

function seriesOf(rows: ReadonlyMap<number, BucketRow>, widthMs: number, source: SeriesSource): Series {
  const buckets = [...rows.values()]
    .sort((one, other) => one.bucket - other.bucket)
    .map(
      ({ bucket, count, min, sum, max }): SeriesBucket => ({
        at: isoTime(bucket * widthMs),
        min,
        // Rounding may put a mean of equal values beside them.
        mean: Math.min(Math.max(sum / count, min), max),
        max,
        count,
      }),
    );
  return { bucketSeconds: widthMs / 1000, source, buckets };
}
