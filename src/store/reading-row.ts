import type {
  HelperFigures,
  IdfHeapRegion,
  MapSummary,
  ReadingMark,
  ReadingPhase,
  ReadingSource,
} from "../heap/reading.ts";
import { idfTotals } from "../shared/idf-totals.ts";
import type { BoardReading } from "./store-types.ts";
import { isoTime } from "./times.ts";

/** Codes in the database are places in these lists: append to them, never reorder (see 0001-first-history). */
const sources: readonly ReadingSource[] = ["repl", "helper", "file"];
const phases: readonly ReadingPhase[] = ["periodic", "before-collect", "after-collect", "on-demand"];
const marks: readonly ReadingMark["kind"][] = ["point", "begin", "end", "settled"];

export interface ReadingRow {
  readonly id: number;
  readonly board_id: string;
  readonly at_ms: number;
  readonly source: number;
  readonly phase: number;
  readonly duration_ms: number | null;
  readonly wire_bytes: number | null;
  readonly stack_used_bytes: number | null;
  readonly stack_total_bytes: number | null;
  readonly heap_total_bytes: number;
  readonly heap_used_bytes: number;
  readonly heap_free_bytes: number;
  readonly heap_growable_bytes: number | null;
  readonly block_size_bytes: number | null;
  readonly blocks_total: number | null;
  readonly blocks_one: number | null;
  readonly blocks_two: number | null;
  readonly blocks_largest_used: number | null;
  readonly blocks_largest_free: number | null;
  readonly largest_free_bytes: number | null;
  readonly utilization: number | null;
  readonly fragmentation: number | null;
  readonly map: string | null;
  readonly helper: string | null;
  readonly mark: number | null;
  readonly peak_bytes: number | null;
  readonly idf_free_bytes: number | null;
  readonly idf_largest_free_bytes: number | null;
}

const figures =
  "source, phase, duration_ms, wire_bytes, stack_used_bytes, stack_total_bytes, " +
  "heap_total_bytes, heap_used_bytes, heap_free_bytes, heap_growable_bytes, " +
  "block_size_bytes, blocks_total, blocks_one, blocks_two, blocks_largest_used, blocks_largest_free, " +
  "largest_free_bytes, utilization, fragmentation, map, helper, mark, peak_bytes, idf_free_bytes, idf_largest_free_bytes";

/** Takes id, board key, time in ms, then `readingFigures`. */
export const insertReading = `INSERT INTO readings (id, board_key, at_ms, ${figures})
  VALUES (${Array(28).fill("?").join(", ")})`;

export const selectReadings = `SELECT t.id, b.id AS board_id, t.at_ms, ${figures
  .split(", ")
  .map((column) => `t.${column}`)
  .join(", ")} FROM readings t JOIN boards b ON b.key = t.board_key`;

/** The values of a row after id, board and time, in the order of `insertReading`. */
export function readingFigures(reading: BoardReading): (number | string | null)[] {
  const { stack, heap, blocks, map, helper } = reading;
  const idf = idfTotals(helper?.idfHeap ?? null);
  return [
    sources.indexOf(reading.source),
    phaseCode(reading.phase),
    reading.durationMs,
    reading.wireBytes,
    stack === null ? null : stack.usedBytes,
    stack === null ? null : stack.totalBytes,
    heap.totalBytes,
    heap.usedBytes,
    heap.freeBytes,
    heap.growableBytes,
    blocks.sizeBytes,
    blocks.total,
    blocks.oneBlock,
    blocks.twoBlock,
    blocks.largestUsed,
    blocks.largestFree,
    reading.largestFreeBytes,
    reading.utilization,
    reading.fragmentation,
    map === null ? null : JSON.stringify(map),
    helper === null ? null : helperJson(helper),
    helper === null || helper.mark === null ? null : marks.indexOf(helper.mark.kind),
    helper === null ? null : helper.peakBytes,
    idf.freeBytes,
    idf.largestFreeBytes,
  ];
}

/** The reading exactly as it was appended, with its id. */
export function readingOf(row: ReadingRow): BoardReading {
  return {
    id: row.id,
    boardId: row.board_id,
    at: isoTime(row.at_ms),
    source: sources[row.source] ?? "file",
    phase: phaseOf(row.phase),
    durationMs: row.duration_ms,
    wireBytes: row.wire_bytes,
    helper: row.helper === null ? null : helperOf(row.helper, row),
    stack:
      row.stack_used_bytes === null
        ? null
        : {
            usedBytes: row.stack_used_bytes,
            totalBytes: row.stack_total_bytes,
          },
    heap: {
      totalBytes: row.heap_total_bytes,
      usedBytes: row.heap_used_bytes,
      freeBytes: row.heap_free_bytes,
      growableBytes: row.heap_growable_bytes,
    },
    blocks: {
      sizeBytes: row.block_size_bytes,
      total: row.blocks_total,
      oneBlock: row.blocks_one,
      twoBlock: row.blocks_two,
      largestUsed: row.blocks_largest_used,
      largestFree: row.blocks_largest_free,
    },
    largestFreeBytes: row.largest_free_bytes,
    utilization: row.utilization,
    fragmentation: row.fragmentation,
    map: row.map === null ? null : mapSummaryOf(row.map),
  };
}

export function phaseCode(phase: ReadingPhase): number {
  return phases.indexOf(phase);
}

export function phaseOf(code: number): ReadingPhase {
  return phases[code] ?? "periodic";
}

function mapSummaryOf(json: string): MapSummary {
  // Only `readingFigures` writes this column, from a MapSummary.
  return JSON.parse(json) as MapSummary;
}

type HelperJson = readonly [
  run: string,
  sequence: number,
  ticksMs: number,
  gcThreshold: number | null,
  label: string | null,
  idfHeap: readonly IdfHeapRegion[] | null,
];

function helperJson({ run, sequence, ticksMs, gcThreshold, mark, idfHeap }: HelperFigures): string {
  const values: HelperJson = [run, sequence, ticksMs, gcThreshold, mark?.label ?? null, idfHeap];
  return JSON.stringify(values);
}

function helperOf(json: string, { mark, peak_bytes }: ReadingRow): HelperFigures {
  // Only `helperJson` writes this column.
  const [run, sequence, ticksMs, gcThreshold, label, idfHeap] = JSON.parse(json) as HelperJson;
  const kind = mark === null ? undefined : marks[mark];
  return {
    run,
    sequence,
    ticksMs,
    mark: kind === undefined ? null : { kind, label: label ?? "" },
    gcThreshold,
    peakBytes: peak_bytes,
    idfHeap,
  };
}
