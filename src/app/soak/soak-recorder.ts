import type { TypesPoint } from "../../analysis/growth.ts";
import type { DatedMap } from "../../analysis/survivors.ts";
import type { BoardSink, NewReading } from "../../board/board-sink.ts";
import type { BlockMap } from "../../heap/block-map.ts";
import { parseMemInfo } from "../../heap/parse-mem-info.ts";
import type { Collection, Missed, Reading } from "../../heap/reading.ts";
import type { Clock } from "../../shared/clock.ts";
import type { SoakError, SoakMissed, SoakObserved, SoakPoint } from "./observed.ts";
import { TracebackFinder } from "./tracebacks.ts";

/** Whole maps that are kept, to tell how long an object has stood where it stands. */
const mostMaps = 6;
/** One that comes again and again need not be kept more often. */
const mostErrors = 1000;

/** Where a board's results go in a soak run: kept in memory, whichever source they are of. What comes before the first reading is none. */
export class SoakRecorder implements BoardSink {
  readonly #clock: Clock;
  /** The wall clock when the origin of the monotonic one was, so that a clock that is set does not bend the slope. */
  readonly #originMs: number;
  readonly #points: SoakPoint[] = [];
  readonly #missed: SoakMissed[] = [];
  readonly #errors: SoakError[] = [];
  readonly #tracebacks = new TracebackFinder();
  readonly #restartsMs: number[] = [];
  readonly #types: TypesPoint[] = [];
  readonly #maps: DatedMap[] = [];
  #startMs: number | null = null;
  #readings = 0;
  #overlapped = 0;
  #lastId = 0;
  #knownRestarts = 0;
  /** As in SoakObserved: set by whoever knows what is done at the board. */
  startedAnew: string | null = null;
  /** Called with each result. */
  onNews: () => void = () => {};
  /** Restarts of the board as far as they are known; asked with each result, because not every one changes the board's state. */
  restarts: () => number = () => 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#originMs = clock.nowMs() - clock.monotonicMs();
  }

  /** Whether the run has begun. */
  get hasBegun(): boolean {
    return this.#startMs !== null;
  }

  acceptReading(reading: NewReading, dump: Uint8Array | null): Reading & { readonly id: number } {
    const atMs = this.#nowMs();
    this.#noteRestarts();
    this.#startMs ??= atMs;
    this.#readings++;
    const { heap, largestFreeBytes, map, blocks } = reading;
    if (reading.phase === "after-collect") {
      const { usedBytes, totalBytes, growableBytes } = heap;
      this.#points.push({ atMs, usedBytes, totalBytes, growableBytes, largestFreeBytes });
    }
    if (map) this.#types.push({ atMs, blockSizeBytes: blocks.sizeBytes, types: map.types });
    const blockMap = dump === null ? null : mapIn(dump);
    if (blockMap !== null) this.#maps.push({ atMs, map: blockMap });
    if (this.#maps.length > mostMaps) this.#maps.shift();
    this.onNews();
    return { ...reading, id: ++this.#lastId };
  }

  acceptCollection(collection: Collection): Collection {
    return { ...collection, id: ++this.#lastId };
  }

  acceptMissed({ cause, detail }: Missed): void {
    if (!this.hasBegun) return;
    this.#noteRestarts();
    if (cause === "overlap") this.#overlapped++;
    else this.#missed.push({ atMs: this.#nowMs(), cause, detail });
    this.onNews();
  }

  acceptBoard(): void {
    this.#noteRestarts();
    this.onNews();
  }

  /** What the board printed, line by line, also before the first reading. */
  acceptLine(line: string): void {
    const text = this.#tracebacks.take(line);
    if (text !== null && this.#errors.length < mostErrors) this.#errors.push({ atMs: this.#nowMs(), text });
  }

  /** Null before the first reading. */
  observed(): SoakObserved | null {
    if (this.#startMs === null) return null;
    this.#noteRestarts();
    return {
      startMs: this.#startMs,
      endMs: this.#nowMs(),
      readings: this.#readings,
      points: this.#points,
      restartsMs: this.#restartsMs,
      missed: this.#missed,
      errors: this.#errors,
      startedAnew: this.startedAnew,
      overlapped: this.#overlapped,
      types: this.#types,
      newestMaps: this.#maps,
    };
  }

  #noteRestarts(): void {
    const known = this.restarts();
    if (this.hasBegun)
      for (let count = this.#knownRestarts; count < known; count++) this.#restartsMs.push(this.#nowMs());
    this.#knownRestarts = known;
  }

  #nowMs(): number {
    return this.#originMs + this.#clock.monotonicMs();
  }
}

function mapIn(dump: Uint8Array): BlockMap | null {
  const finding = parseMemInfo(dump).at(-1);
  return finding?.kind === "record" ? finding.record.map : null;
}
