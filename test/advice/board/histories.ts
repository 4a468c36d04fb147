import { adviseBoard } from "../../../src/advice/board/advise-board.ts";
import {
  type AbsentRule,
  type BoardHistory,
  longGapMs,
  type ReadingSeen,
  type Watching,
} from "../../../src/advice/board/board-history.ts";
import type { AdviceReport, Finding, FindingCode } from "../../../src/advice/finding.ts";
import { type AnalyzedCollection, analyzeBoard } from "../../../src/analysis/analyze-board.ts";
import { startMs } from "../../analysis/simulate.ts";
import { seeded } from "../../support/seeded.ts";

/** A board whose application allocates evenly; it collects by itself when its heap is full. Defaults: a healthy Pico. */
export interface SimulatedBoard {
  readonly hours?: number;
  readonly totalBytes?: number;
  readonly liveBytes?: number;
  readonly leakBytesPerHour?: number;
  readonly bytesPerSecond?: number;
  /** How far a filling is when it is read is off by chance, by up to `phaseShare` (default 1) of it. Default: not at all. */
  readonly phaseSeed?: number | null;
  readonly phaseShare?: number;
  readonly readSeconds?: number;
  /** 0: never. */
  readonly collectSeconds?: number;
  readonly pauseMs?: number | null;
  /** The largest free block after a collection, as a share of what is free. */
  readonly largestShare?: number;
  readonly watching?: Partial<Watching>;
  readonly absentRules?: readonly AbsentRule[];
  readonly modules?: BoardHistory["modules"];
  readonly isHelper?: boolean;
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

export function historyOf({
  hours = 24,
  totalBytes = 200_000,
  liveBytes = 50_000,
  leakBytesPerHour = 0,
  bytesPerSecond = 100,
  phaseSeed = null,
  phaseShare = 1,
  readSeconds = 10,
  collectSeconds = 60,
  pauseMs = 8,
  largestShare = 0.9,
  watching = {},
  absentRules = [],
  modules = null,
  isHelper = false,
}: SimulatedBoard = {}): BoardHistory {
  const toMs = startMs + hours * hour;
  const readings: ReadingSeen[] = [];
  const collections: AnalyzedCollection[] = [];
  const chance = seeded(phaseSeed ?? 0);
  let collectedMs = startMs;
  for (let atMs = startMs; atMs < toMs; atMs += readSeconds * second) {
    const live = Math.round(liveBytes + (leakBytesPerHour * (atMs - startMs)) / hour);
    const free = totalBytes - live;
    const made = ((atMs - collectedMs) / 1000) * bytesPerSecond;
    const off = phaseSeed === null ? 0 : chance() * phaseShare * free;
    const used = Math.round(live + ((made + off) % free));
    const isDue = collectSeconds > 0 && (atMs - startMs) % (collectSeconds * second) === 0 && atMs > startMs;
    readings.push({ atMs, usedBytes: used, phase: isDue ? "before-collect" : "periodic", durationMs: 18 });
    if (!isDue) continue;
    readings.push({ atMs: atMs + 50, usedBytes: live, phase: "after-collect", durationMs: 18 });
    const after = Math.round(free * largestShare);
    const before = Math.round(Math.max(0, after - (used - live) / 2));
    collections.push({
      atMs: atMs + 50,
      beforeAtMs: atMs,
      usedBytes: live,
      beforeUsedBytes: used,
      freeBytes: free,
      totalBytes,
      growableBytes: null,
      reclaimedBytes: used - live,
      largestFreeBytes: after,
      largestFreeGainBytes: after - before,
      fragmentationBefore: 0.3,
      fragmentation: 1 - largestShare,
      pauseMs,
    });
    collectedMs = atMs + 50;
  }
  const analysis = analyzeBoard({
    boardId: "bench",
    fromMs: startMs,
    toMs,
    readings: readings.length,
    maps: 0,
    collections,
    suspicions: [],
    types: [],
    newestMaps: [],
    mostUsed: null,
    leastLargestFree: null,
    probeGarbageBytes: null,
  });
  return {
    boardId: "bench",
    fromMs: startMs,
    toMs,
    analysis,
    collections,
    readings: readings.slice(-2_000),
    watching: {
      firstReadingMs: readings[0]?.atMs ?? null,
      lastReadingMs: readings.at(-1)?.atMs ?? null,
      readEveryMs: readSeconds * second,
      gaps: [],
      missed: [],
      states: [{ atMs: startMs, state: "ready" }],
      isIdentified: true,
      ...watching,
    },
    absentRules,
    modules,
    isHelper,
  };
}

export function adviceOn(board: SimulatedBoard = {}): AdviceReport {
  return adviseBoard(historyOf(board));
}

export function codesOf({ findings }: AdviceReport): readonly FindingCode[] {
  return findings.map(({ code }) => code);
}

/** The finding of that code; throws where there is none. */
export function findingOf(report: AdviceReport, code: FindingCode): Finding {
  const finding = report.findings.find((one) => one.code === code);
  if (finding === undefined) throw new Error(`no ${code} among ${codesOf(report).join(", ")}`);
  return finding;
}

/** A stretch without readings in the middle of the day, from `fromHour` on, and what is known of it. */
export function hole(
  fromHour: number,
  hours: number,
  known: { readonly state?: string; readonly cause?: string; readonly everyMs?: number },
): Partial<Watching> {
  const fromMs = startMs + fromHour * hour;
  const toMs = fromMs + hours * hour;
  const { state, cause, everyMs = 5 * minute } = known;
  const missed: { readonly atMs: number; readonly cause: string }[] = [];
  if (cause !== undefined)
    for (let atMs = fromMs + longGapMs(10_000); atMs < toMs; atMs += everyMs) missed.push({ atMs, cause });
  return {
    gaps: [{ fromMs, toMs }],
    missed,
    states: [
      { atMs: startMs, state: "ready" },
      ...(state === undefined
        ? []
        : [
            { atMs: fromMs, state },
            { atMs: toMs, state: "ready" },
          ]),
    ],
  };
}
