import type { LevelPoint } from "../../analysis/breaks.ts";
import type { TypesPoint } from "../../analysis/growth.ts";
import type { DatedMap } from "../../analysis/survivors.ts";

/** The heap right after one collection of a soak run. */
export interface SoakPoint extends LevelPoint {
  /** Null where the firmware does not tell. */
  readonly largestFreeBytes: number | null;
}

/** A reading that was due during the run and did not come. */
export interface SoakMissed {
  readonly atMs: number;
  /** A code of the error table. */
  readonly cause: string;
  readonly detail: string;
}

/** An error that ended in a traceback on the board's console. */
export interface SoakError {
  /** Before the run's start where the application failed at once. */
  readonly atMs: number;
  /** The traceback's last line, such as `MemoryError: memory allocation failed, allocating 1000 bytes`. */
  readonly text: string;
}

/** What a soak run has seen so far. Lists are oldest first; times are ms since the Unix epoch, by a clock that never jumps. */
export interface SoakObserved {
  /** Of the first reading: the run begins there. */
  readonly startMs: number;
  readonly endMs: number;
  readonly readings: number;
  /** After collections. */
  readonly points: readonly SoakPoint[];
  /** When each was noticed: before the first reading that came after it. */
  readonly restartsMs: readonly number[];
  readonly missed: readonly SoakMissed[];
  readonly errors: readonly SoakError[];
  /** Why main.py began anew with readings, so that no collection shows what an earlier one left: a sentence. Null = it did not. */
  readonly startedAnew: string | null;
  /** Readings that fell due while another one was running: the pace, not the board. */
  readonly overlapped: number;
  readonly types: readonly TypesPoint[];
  readonly newestMaps: readonly DatedMap[];
}
