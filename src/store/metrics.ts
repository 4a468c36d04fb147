import type { Reading } from "../heap/reading.ts";
import { idfTotals } from "../shared/idf-totals.ts";

/** Which table has a metric's single values. */
export type MetricTable = "readings" | "collections";

/** One figure that is followed over time. */
interface Metric {
  readonly unit: "bytes" | "ratio" | "ms";
  readonly table: MetricTable;
  /** Its column there. */
  readonly column: string;
  /** What its columns in the roll-ups begin with: `used_n`, `used_min`, `used_sum`, `used_max`. */
  readonly rollup: string;
  readonly description: string;
}

function metric(
  unit: Metric["unit"],
  table: MetricTable,
  column: string,
  rollup: string,
  description: string,
): Metric {
  return { unit, table, column, rollup, description };
}

/** Every figure that `series` knows. The roll-up tables have four columns for each, in this order: add at the end. */
export const metrics = {
  usedBytes: metric("bytes", "readings", "heap_used_bytes", "used", "Used heap, garbage included."),
  freeBytes: metric("bytes", "readings", "heap_free_bytes", "free", "Free heap."),
  largestFreeBytes: metric(
    "bytes",
    "readings",
    "largest_free_bytes",
    "largest",
    "The largest allocation that can succeed.",
  ),
  fragmentation: metric(
    "ratio",
    "readings",
    "fragmentation",
    "fragmentation",
    "1 − largest free run ÷ all free blocks.",
  ),
  utilization: metric("ratio", "readings", "utilization", "utilization", "used ÷ total."),
  stackUsedBytes: metric("bytes", "readings", "stack_used_bytes", "stack", "C stack in use."),
  wireBytes: metric("bytes", "readings", "wire_bytes", "wire", "Sent and received for one reading."),
  durationMs: metric(
    "ms",
    "readings",
    "duration_ms",
    "duration",
    "From request to end of answer: an upper bound of the board's time for one reading.",
  ),
  pauseMs: metric("ms", "collections", "pause_ms", "pause", "gc.collect() alone, by the board's clock."),
  reclaimedBytes: metric(
    "bytes",
    "collections",
    "reclaimed_bytes",
    "reclaimed",
    "Used before − used after a collection.",
  ),
  liveBytes: metric(
    "bytes",
    "collections",
    "live_bytes",
    "live",
    "Used heap right after a collection: what the application really holds.",
  ),
  growthBytes: metric(
    "bytes",
    "collections",
    "growth_bytes",
    "growth",
    "Live bytes gained since the collection before; steadily above zero is a leak.",
  ),
  idfFreeBytes: metric(
    "bytes",
    "readings",
    "idf_free_bytes",
    "idf_free",
    "Free in ESP32's system heap, which lies beside the Python heap.",
  ),
  idfLargestFreeBytes: metric(
    "bytes",
    "readings",
    "idf_largest_free_bytes",
    "idf_largest",
    "The largest free piece of ESP32's system heap.",
  ),
  peakBytes: metric("bytes", "readings", "peak_bytes", "peak", "micropython.mem_peak()."),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** Places in `metrics`, and so in the roll-up tables, of the figures of each table. */
export const metricPlaces: Readonly<Record<MetricTable, readonly number[]>> = {
  readings: placesOf("readings"),
  collections: placesOf("collections"),
};

function placesOf(table: MetricTable): readonly number[] {
  return metricNames.flatMap((name, place) => (metrics[name].table === table ? [place] : []));
}

/** The figures of a reading in the order of `metricPlaces.readings`; null = unknown. */
export function readingValues(reading: Reading): readonly (number | null)[] {
  const idf = idfTotals(reading.helper?.idfHeap ?? null);
  return [
    reading.heap.usedBytes,
    reading.heap.freeBytes,
    reading.largestFreeBytes,
    reading.fragmentation,
    reading.utilization,
    reading.stack === null ? null : reading.stack.usedBytes,
    reading.wireBytes,
    reading.durationMs,
    idf.freeBytes,
    idf.largestFreeBytes,
    reading.helper?.peakBytes ?? null,
  ];
}
