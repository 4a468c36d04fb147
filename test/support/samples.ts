import type { BoardSnapshot } from "../../src/board/board-status.ts";
import type { Alert, Collection, MapSummary, Missed, Reading } from "../../src/heap/reading.ts";

type Placed = { readonly boardId: string; readonly at: string };

export const sampleTime = "2026-11-22T17:00:00.123Z";

/** A basic reading of an RP2040 as DESIGN shows it, not stored yet; `change` overrides fields. */
export function sampleReading(change: Partial<Reading & Placed> = {}): Reading & Placed {
  return {
    id: null,
    boardId: "e6614103e7452d2f",
    at: sampleTime,
    source: "repl",
    phase: "periodic",
    durationMs: 17.9,
    wireBytes: 860,
    helper: null,
    stack: { usedBytes: 556, totalBytes: 7936 },
    heap: {
      totalBytes: 245888,
      usedBytes: 8848,
      freeBytes: 237040,
      growableBytes: null,
    },
    blocks: {
      sizeBytes: 16,
      total: 15368,
      oneBlock: 52,
      twoBlock: 14,
      largestUsed: 64,
      largestFree: 14803,
    },
    largestFreeBytes: 236848,
    utilization: 0.036,
    fragmentation: 0.0008,
    map: null,
    ...change,
  };
}

export const sampleMap: MapSummary = {
  areas: [{ base: "20003f80", blocks: 15368 }],
  verified: true,
  freeRuns: 9,
  histogram: [
    { minBlocks: 1, runs: 3, blocks: 3 },
    { minBlocks: 8192, runs: 1, blocks: 14803 },
  ],
  types: { h: { objects: 40, blocks: 120 }, S: { objects: 3, blocks: 3 } },
};

/** What the board printed for `sampleMap`: only its bytes matter here, it is not a whole dump. */
export const sampleDump = new TextEncoder().encode(
  "stack: 556 out of 7936\r\nGC: total: 245888, used: 8848, free: 237040\r\n" +
    "GC memory layout; from 20003f80:\r\n00000000: h=ShhSLDhh==\r\n       (239 lines all free)\r\n",
);

/** A reading that was due and did not come. */
export function sampleMissed(change: Partial<Missed> = {}): Missed {
  return {
    id: null,
    boardId: "e6614103e7452d2f",
    at: sampleTime,
    phase: "periodic",
    cause: "answer-silent",
    detail: "The board went silent in mid-answer for 2000 ms. The reading is discarded.",
    ...change,
  };
}

export function sampleAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: null,
    boardId: "e6614103e7452d2f",
    at: sampleTime,
    rule: "heap-nearly-full",
    condition: "utilization > 0.95 for 3 readings",
    severity: "warning",
    state: "firing",
    since: sampleTime,
    value: 0.97,
    message: "The heap is 97 % used. Free or preallocate memory before an allocation fails.",
    ...change,
  };
}

export function sampleCollection(change: Partial<Collection> = {}): Collection {
  return {
    id: null,
    boardId: "e6614103e7452d2f",
    at: sampleTime,
    beforeId: 1,
    afterId: 2,
    reclaimedBytes: 4096,
    largestFreeGainBytes: 1024,
    fragmentationBefore: 0.25,
    fragmentationAfter: 0.0625,
    pauseMs: 3.25,
    ...change,
  };
}

export function sampleSnapshot(change: Partial<BoardSnapshot> = {}): BoardSnapshot {
  return {
    id: "e6614103e7452d2f",
    name: "greenhouse",
    port: "serial:/dev/ttyACM0",
    emulated: false,
    state: {
      kind: "ready",
      since: sampleTime,
      message: "Answers, and is read every 10 s.",
    },
    facts: {
      platform: "rp2",
      firmware: "MicroPython v1.27.0 on 2025-12-10",
      machine: "Raspberry Pi Pico with RP2040",
      uniqueId: "e6614103e7452d2f",
      hasMemInfo: true,
    },
    counts: { readings: 3, maps: 1, collections: 1, missed: 0, overlapped: 0, restarts: 0, discarded: 0 },
    probeGarbageBytes: 144,
    readIntervalMs: 10_000,
    lastReading: null,
    ...change,
  };
}
