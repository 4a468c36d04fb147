import type { MemInfoFigures } from "../heap/reading.ts";

/** How often a board is asked, and how much of its time that may cost. */
export interface SamplePlan {
  readonly readIntervalMs: number;
  /** 0 = never. */
  readonly collectIntervalMs: number;
  /** A map is due at least so often, 0 = only when a reading moved. */
  readonly mapIntervalMs: number;
  /** Largest share of the board's time that maps may take, 0 … 1. */
  readonly mapShare: number;
}

export type Due = "read" | "read-map" | "collect";

/** Used or largest free bytes that changed by this share of the heap since the last map make a new one worth it. */
const MOVED_SHARE = 0.05;

/**
 * Says when to ask a board and what. It owns no timer: the caller waits until `nextDueMs` and takes `due()`.
 * Times are monotonic ms.
 */
export class Sampler {
  readonly #plan: SamplePlan;
  #nextReadMs: number;
  #nextCollectMs: number;
  #lastMap: { readonly atMs: number; readonly durationMs: number; readonly figures: MemInfoFigures } | null =
    null;
  #moved = true;

  /** The first reading is due at once, the first collection one interval later. */
  constructor(plan: SamplePlan, nowMs: number) {
    this.#plan = plan;
    this.#nextReadMs = nowMs;
    this.#nextCollectMs =
      plan.collectIntervalMs > 0 ? nowMs + plan.collectIntervalMs : Number.POSITIVE_INFINITY;
  }

  get nextDueMs(): number {
    return Math.min(this.#nextReadMs, this.#nextCollectMs);
  }

  /**
   * What is due at `nowMs`, and how many readings fell due before it and were overlapped. A collection includes two
   * readings, so it stands in for the periodic one.
   */
  due(nowMs: number): { readonly what: Due; readonly overlapped: number } {
    const { readIntervalMs, collectIntervalMs } = this.#plan;
    const what = nowMs >= this.#nextCollectMs ? "collect" : this.#mapIsDue(nowMs) ? "read-map" : "read";
    const lateMs = Math.max(0, nowMs - this.#nextReadMs);
    const overlapped = Math.floor(lateMs / readIntervalMs);
    if (nowMs >= this.#nextReadMs) this.#nextReadMs += (overlapped + 1) * readIntervalMs;
    if (what === "collect") {
      const behind = Math.floor((nowMs - this.#nextCollectMs) / collectIntervalMs);
      this.#nextCollectMs += (behind + 1) * collectIntervalMs;
    }
    return { what, overlapped };
  }

  /** Puts off everything that is due before `untilMs`: the board does not answer now. */
  holdUntil(untilMs: number): void {
    this.#nextReadMs = Math.max(this.#nextReadMs, untilMs);
    this.#nextCollectMs = Math.max(this.#nextCollectMs, untilMs);
  }

  /** The next reading is due at `atMs`, where it had been put off for longer. */
  hasten(atMs: number): void {
    this.#nextReadMs = Math.min(this.#nextReadMs, atMs);
  }

  /** Learns from an answered reading whether the next map is worth its cost. */
  note(figures: MemInfoFigures, durationMs: number, nowMs: number): void {
    if (figures.map) {
      this.#lastMap = { atMs: nowMs, durationMs, figures };
      this.#moved = false;
    } else if (this.#lastMap && moved(this.#lastMap.figures, figures)) {
      this.#moved = true;
    }
  }

  #mapIsDue(nowMs: number): boolean {
    if (this.#plan.mapShare <= 0) return false;
    if (!this.#lastMap) return true;
    const sinceMs = nowMs - this.#lastMap.atMs;
    const affordable = sinceMs * this.#plan.mapShare >= this.#lastMap.durationMs;
    const old = this.#plan.mapIntervalMs > 0 && sinceMs >= this.#plan.mapIntervalMs;
    return affordable && (this.#moved || old);
  }
}

function moved(before: MemInfoFigures, after: MemInfoFigures): boolean {
  const limitBytes = after.heap.totalBytes * MOVED_SHARE;
  const usedBytes = Math.abs(after.heap.usedBytes - before.heap.usedBytes);
  const largestBytes = Math.abs((after.largestFreeBytes ?? 0) - (before.largestFreeBytes ?? 0));
  return (
    usedBytes >= limitBytes || largestBytes >= limitBytes || after.heap.totalBytes !== before.heap.totalBytes
  );
}
