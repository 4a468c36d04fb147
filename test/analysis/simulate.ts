import type { LevelPoint } from "../../src/analysis/breaks.ts";
import type { SeriesPoint } from "../../src/analysis/series.ts";
import { seeded } from "../heap/support.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const startMs = Date.UTC(2026, 10, 16);

export interface Simulation {
  readonly seed: number;
  readonly minutes: number;
  /** Default 0. */
  readonly leakBytesPerMinute?: number;
  /** ± so many bytes, evenly spread; default 5 000. */
  readonly noiseBytes?: number;
  /** More used bytes at a minute, by the application. */
  readonly extra?: (minute: number) => number;
  /** False: nothing was read in that minute. */
  readonly isRead?: (minute: number) => boolean;
  /** The board restarts at these minutes: what leaked is free again. */
  readonly restarts?: readonly number[];
}

export const heapBytes = 4_194_304;
export const baseBytes = 1_000_000;

/** Used memory after a collection a minute. */
export function simulate({
  seed,
  minutes,
  leakBytesPerMinute = 0,
  noiseBytes = 5_000,
  extra = () => 0,
  isRead = () => true,
  restarts = [],
}: Simulation): LevelPoint[] {
  const random = seeded(seed);
  const points: LevelPoint[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const noise = (random() * 2 - 1) * noiseBytes;
    const bootMinute = restarts.findLast((restart) => restart <= minute) ?? 0;
    if (!isRead(minute)) continue;
    const leaked = (minute - bootMinute) * leakBytesPerMinute;
    points.push({
      atMs: startMs + minute * minuteMs,
      usedBytes: Math.round((baseBytes + leaked + noise + extra(minute)) / 16) * 16,
      totalBytes: heapBytes,
      growableBytes: null,
    });
  }
  return points;
}

export function usedSeries(points: readonly LevelPoint[]): SeriesPoint[] {
  return points.map(({ atMs, usedBytes }) => ({ atMs, value: usedBytes }));
}
