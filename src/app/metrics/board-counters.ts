import { type Counter, Histogram, type Registry } from "prom-client";
import type { BoardCounts } from "../../board/board-status.ts";
import type { Collection, Missed, Reading } from "../../heap/reading.ts";
import { LabelledCounter } from "./labelled.ts";

/** Seconds. A collection of a small heap takes a millisecond, one of 4 MB of external RAM a quarter of a second. */
const pauseBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25];
/** Seconds. A basic reading takes some 20 ms, a map of 4 MB at 115200 baud 26 s (DESIGN, decision 3). */
const readingBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

/** Counters and histograms, one series per board. They begin at 0 and never decrease while the board is known. */
export class BoardCounters {
  readonly #readings: Counter<"board">;
  readonly #maps: Counter<"board">;
  readonly #collections: Counter<"board">;
  readonly #missed: Counter<"board" | "cause">;
  readonly #discarded: Counter<"board">;
  readonly #restarts: Counter<"board">;
  readonly #wireBytes: Counter<"board">;
  readonly #boardSeconds: Counter<"board">;
  readonly #reclaimedBytes: Counter<"board">;
  readonly #pauseSeconds: Histogram<"board">;
  readonly #readingSeconds: Histogram<"board">;
  /** The boards that have series, with the causes among them. */
  readonly #boards = new Map<string, Set<string>>();

  constructor(registers: Registry[]) {
    const counter = (name: string, help: string): Counter<"board"> =>
      new LabelledCounter({ name, help, labelNames: ["board"], registers });
    const histogram = (name: string, help: string, buckets: number[]): Histogram<"board"> =>
      new Histogram({ name, help, labelNames: ["board"], buckets, registers });
    this.#readings = counter(
      "heapscope_readings_total",
      "Readings taken, those around collections included.",
    );
    this.#maps = counter("heapscope_maps_total", "Readings with a map of every block. Part of the readings.");
    this.#collections = counter("heapscope_collections_total", "Collections that heapscope asked for.");
    this.#missed = new LabelledCounter({
      name: "heapscope_missed_readings_total",
      help: "Readings that were due and did not come. The cause is a code of the error table, or overlap: the one before was still running.",
      labelNames: ["board", "cause"],
      registers,
    });
    this.#discarded = counter(
      "heapscope_discarded_answers_total",
      "Answers that did not add up, were thrown away and asked for again.",
    );
    this.#restarts = counter(
      "heapscope_board_restarts_total",
      "Restarts of the board that heapscope did not ask for, as far as they show on its port.",
    );
    this.#wireBytes = counter(
      "heapscope_wire_bytes_total",
      "Bytes of readings on the wire, both directions.",
    );
    this.#boardSeconds = counter(
      "heapscope_board_time_seconds_total",
      "The board's time that heapscope took for readings and collections, as the host saw it: an upper bound.",
    );
    this.#reclaimedBytes = counter(
      "heapscope_reclaimed_bytes_total",
      "Heap that collections gave back. One that found the heap grown counts as 0.",
    );
    this.#pauseSeconds = histogram(
      "heapscope_collection_pause_seconds",
      "How long gc.collect() held the board, by the board's own clock.",
      pauseBuckets,
    );
    this.#readingSeconds = histogram(
      "heapscope_reading_duration_seconds",
      "From the request of a reading to the end of its answer, maps included.",
      readingBuckets,
    );
  }

  noteReading(board: string, { map, wireBytes, durationMs }: Reading): void {
    this.begin(board);
    this.#readings.inc({ board });
    if (map !== null) this.#maps.inc({ board });
    if (wireBytes !== null) this.#wireBytes.inc({ board }, wireBytes);
    if (durationMs === null) return;
    this.#readingSeconds.observe({ board }, durationMs / 1000);
    this.#boardSeconds.inc({ board }, durationMs / 1000);
  }

  noteCollection(board: string, { reclaimedBytes, pauseMs }: Collection): void {
    this.begin(board);
    this.#collections.inc({ board });
    this.#reclaimedBytes.inc({ board }, Math.max(0, reclaimedBytes));
    if (pauseMs === null) return;
    this.#pauseSeconds.observe({ board }, pauseMs / 1000);
    this.#boardSeconds.inc({ board }, pauseMs / 1000);
  }

  noteMissed(board: string, { cause }: Missed): void {
    this.begin(board).add(cause);
    this.#missed.inc({ board, cause });
  }

  /** What only the board's own record counts, as how much more it is than before. */
  noteMore(board: string, more: Pick<BoardCounts, "discarded" | "restarts">): void {
    this.begin(board);
    this.#discarded.inc({ board }, more.discarded);
    this.#restarts.inc({ board }, more.restarts);
  }

  /** Makes the board's series with the value 0, so that the first increase shows as one. */
  begin(board: string): Set<string> {
    const known = this.#boards.get(board);
    if (known !== undefined) return known;
    for (const counter of this.#plain()) counter.inc({ board }, 0);
    this.#pauseSeconds.zero({ board });
    this.#readingSeconds.zero({ board });
    const causes = new Set<string>();
    this.#boards.set(board, causes);
    return causes;
  }

  /** Removes the series of every other board. */
  keepOnly(boards: ReadonlySet<string>): void {
    for (const [board, causes] of this.#boards) {
      if (boards.has(board)) continue;
      for (const counter of this.#plain()) counter.remove({ board });
      for (const cause of causes) this.#missed.remove({ board, cause });
      this.#pauseSeconds.remove({ board });
      this.#readingSeconds.remove({ board });
      this.#boards.delete(board);
    }
  }

  #plain(): readonly Counter<"board">[] {
    return [
      this.#readings,
      this.#maps,
      this.#collections,
      this.#discarded,
      this.#restarts,
      this.#wireBytes,
      this.#boardSeconds,
      this.#reclaimedBytes,
    ];
  }
}
