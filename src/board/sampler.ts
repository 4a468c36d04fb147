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

/** Times that differ by sums of fractions alone are the same. */
const SLACK_MS = 0.5;

/**
 * Says when to ask a board and what. It owns no timer: the caller waits until `nextDueMs` and takes `due()`.
 * Times are monotonic ms.
 */
export class Sampler {
  readonly #plan: SamplePlan;
  #nextReadMs: number;
  #nextCollectMs: number;
  /** When a collection falls due by its interval alone. */
  #collectFromMs: number;
  #lastMap: { readonly atMs: number; readonly durationMs: number; readonly figures: MemInfoFigures } | null =
    null;
  #moved = true;

  /** The first reading is due at once, the first collection one interval later. */
  constructor(plan: SamplePlan, nowMs: number) {
    this.#plan = plan;
    this.#nextReadMs = nowMs;
    this.#collectFromMs =
      plan.collectIntervalMs > 0 ? nowMs + plan.collectIntervalMs : Number.POSITIVE_INFINITY;
    this.#nextCollectMs = this.#collectFromMs;
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
    const what =
      nowMs + SLACK_MS >= this.#nextCollectMs ? "collect" : this.#mapIsDue(nowMs) ? "read-map" : "read";
    const lateMs = Math.max(0, nowMs - this.#nextReadMs);
    const overlapped = Math.floor(lateMs / readIntervalMs);
    if (nowMs + SLACK_MS >= this.#nextReadMs) this.#nextReadMs += (overlapped + 1) * readIntervalMs;
    if (what === "collect") {
      const behind = Math.floor((nowMs + SLACK_MS - this.#collectFromMs) / collectIntervalMs);
      this.#collectFromMs += (behind + 1) * collectIntervalMs;
      this.#nextCollectMs = this.#withReading(this.#collectFromMs);
    }
    return { what, overlapped };
  }

  /** Puts off everything that is due before `untilMs`: the board does not answer now. */
  holdUntil(untilMs: number): void {
    this.#nextReadMs = Math.max(this.#nextReadMs, untilMs);
    if (untilMs < Number.POSITIVE_INFINITY) this.#collectFromMs = Math.max(this.#collectFromMs, untilMs);
    this.#nextCollectMs = Math.max(this.#withReading(this.#collectFromMs), untilMs);
  }

  /** The next reading is due at `atMs`, where it had been put off for longer. */
  hasten(atMs: number): void {
    if (atMs >= this.#nextReadMs) return;
    this.#nextReadMs = atMs;
    this.#nextCollectMs = this.#withReading(this.#collectFromMs);
  }

  /**
   * When the first reading from `atMs` on is due: readings that were put off or hastened are due at other times than before, and a
   * collection goes on to stand in for one. Where its interval is no multiple of theirs, it never did.
   */
  #withReading(atMs: number): number {
    const { readIntervalMs, collectIntervalMs } = this.#plan;
    const ratio = collectIntervalMs / readIntervalMs;
    if (Math.abs(ratio - Math.round(ratio)) > 1e-9 || this.#nextReadMs === Number.POSITIVE_INFINITY)
      return atMs;
    const readings = Math.max(0, Math.ceil((atMs - SLACK_MS - this.#nextReadMs) / readIntervalMs));
    return this.#nextReadMs + readings * readIntervalMs;
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
