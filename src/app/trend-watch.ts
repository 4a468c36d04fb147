import type { BoardTrend } from "../api/api-deps.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Clock } from "../shared/clock.ts";
import { HeapscopeError } from "../shared/errors.ts";

/** What a board's heap is coming to; null = unknown. */
export type Trend = Pick<BoardTrend, "leakBytesPerHour" | "timeToExhaustionSeconds">;

export type TrendOf = (boardId: string) => Trend;

export interface TrendWatchOptions {
  readonly trendOf: TrendOf;
  /** The boards that are watched now. */
  readonly boards: () => readonly BoardSnapshot[];
  readonly clock: Clock;
}

/** A board's trend is computed anew so often, where it was read meanwhile. */
const TREND_MS = 5 * 60_000;

/** Computes what boards are coming to, one at a time, and remembers it: a trend reads much of the history. */
export class TrendWatch {
  readonly #options: TrendWatchOptions;
  /** Boards that were read since their trend was computed, and when that was tried, monotonic ms. */
  readonly #readSince = new Set<string>();
  readonly #triedAtMs = new Map<string, number>();
  readonly #trends = new Map<string, BoardTrend>();

  constructor(options: TrendWatchOptions) {
    this.#options = options;
  }

  noteReading(boardId: string): void {
    this.#readSince.add(boardId);
  }

  /**
   * Computes the trend of one board where one is due; else null, and where the history fails, which is told of elsewhere: that
   * trend waits until it is due again.
   */
  refreshOne(): BoardTrend | null {
    const { clock, trendOf } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const boardId of this.#readSince) {
      const triedAtMs = this.#triedAtMs.get(boardId) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - triedAtMs < TREND_MS) continue;
      this.#readSince.delete(boardId);
      this.#triedAtMs.set(boardId, nowMs);
      try {
        const trend = { boardId, at: new Date(clock.nowMs()).toISOString(), ...trendOf(boardId) };
        this.#trends.set(boardId, trend);
        return trend;
      } catch (error) {
        if (error instanceof HeapscopeError && error.code === "store-failed") return null;
        throw error;
      }
    }
    return null;
  }

  /** As last computed, one of each board that is watched now. Computes nothing. */
  list(): readonly BoardTrend[] {
    return this.#options
      .boards()
      .map(({ id }) => this.#trends.get(id) ?? { boardId: id, at: null, ...notYet });
  }

  forget(boardId: string): void {
    for (const memory of [this.#readSince, this.#triedAtMs, this.#trends]) memory.delete(boardId);
  }
}

const notYet: Trend = { leakBytesPerHour: null, timeToExhaustionSeconds: null };
