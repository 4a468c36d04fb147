import { fragmentation, utilization } from "../../src/heap/fragmentation.ts";
import type { BlockFigures, HeapFigures, ReadingPhase } from "../../src/heap/reading.ts";
import type { BoardReading, NewEvent } from "../../src/store/store-types.ts";
import { seeded } from "./seeded.ts";
import { mapMaker } from "./simulated-map.ts";

export interface SimulatedHistory {
  readonly days: number;
  readonly boardId: string;
  /** When it begins, milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly seed: number;
  readonly readIntervalMs: number;
  /** 0 = no collections; else a multiple of the reading interval. */
  readonly collectIntervalMs: number;
  /** 0 = no maps; else a multiple of the reading interval. */
  readonly mapIntervalMs: number;
  /** A multiple of 1024. */
  readonly heapBytes: number;
  /** What the application holds at the beginning. */
  readonly liveBytes: number;
  /** What it holds more from minute to minute. */
  readonly leakBytesPerMinute: number;
  /** What it holds is so much more or less, evenly distributed, anew with each collection. */
  readonly noiseBytes: number;
  /** Garbage that it makes. */
  readonly churnBytesPerSecond: number;
  /** Share of the readings that do not come, 0 to 1. */
  readonly missedShare: number;
  readonly batchEvents: number;
  /** The id that the store will give to the first event: collections name the readings before and after by id. */
  readonly firstId: number;
}

/** A year of an RP2040 at the default intervals. */
export const simulatedYear: SimulatedHistory = {
  days: 365,
  boardId: "e6614103e7452d2f",
  startMs: Date.UTC(2025, 10, 1),
  seed: 1,
  readIntervalMs: 10_000,
  collectIntervalMs: 60_000,
  mapIntervalMs: 300_000,
  heapBytes: 240 * 1024,
  liveBytes: 60_000,
  leakBytesPerMinute: 0,
  noiseBytes: 5_000,
  churnBytesPerSecond: 150,
  missedShare: 0.002,
  batchEvents: 500,
  firstId: 1,
};

const blockBytes = 16;
const dayMs = 86_400_000;
/** What a reading leaves behind on a 32-bit board (DESIGN, decision 4). */
const probeGarbageBytes = 144;

/**
 * One board's events as the daemon would have stored them, in batches for `store.append`, the same in every run. At each
 * interval a reading; a collection, with its readings before and after, in place of the reading that is due at that time;
 * a map with some. Maps are whole dumps that add up.
 *
 * Throws a RangeError where the heap is too small for what it is to hold.
 */
export function* simulatedHistory(options: Partial<SimulatedHistory> = {}): Generator<readonly NewEvent[]> {
  const plan = { ...simulatedYear, ...options };
  const random = seeded(plan.seed);
  const makeMap = mapMaker(plan.heapBytes, plan.seed);
  const { boardId, heapBytes } = plan;
  const ticks = Math.round((plan.days * dayMs) / plan.readIntervalMs);
  let batch: NewEvent[] = [];
  let nextId = plan.firstId;
  let noise = 0;
  let garbage = 0;

  const add = (event: NewEvent): number => {
    batch.push(event);
    return nextId++;
  };
  const live = (elapsedMs: number): number =>
    plan.liveBytes + noise + (plan.leakBytesPerMinute * elapsedMs) / 60_000;

  const reading = (
    elapsedMs: number,
    phase: ReadingPhase,
    withMap = false,
  ): BoardReading & { dump?: Uint8Array } => {
    const usedBytes = Math.round((live(elapsedMs) + garbage) / blockBytes) * blockBytes;
    if (usedBytes > heapBytes * 0.75) {
      throw new RangeError(
        `after ${elapsedMs} ms the board would use ${usedBytes} of ${heapBytes} bytes: give it more`,
      );
    }
    garbage += probeGarbageBytes;
    const heap: HeapFigures = {
      totalBytes: heapBytes,
      usedBytes,
      freeBytes: heapBytes - usedBytes,
      growableBytes: null,
    };
    const stack = { usedBytes: 500 + 4 * Math.floor(random() * 40), totalBytes: 7936 };
    const map = withMap ? makeMap(heap, stack, Math.floor(random() * 251)) : null;
    const blocks = map?.blocks ?? basicBlocks(heap, random());
    const largestFree = blocks.largestFree ?? 0;
    return {
      id: null,
      boardId,
      at: new Date(plan.startMs + elapsedMs).toISOString(),
      source: "repl",
      phase,
      durationMs: Math.round((map === null ? 17 + random() * 4 : 150 + random() * 30) * 1000) / 1000,
      wireBytes: 860 + (map?.dump.length ?? 0),
      helper: null,
      stack,
      heap,
      blocks,
      largestFreeBytes: largestFree * blockBytes,
      utilization: utilization(usedBytes, heapBytes),
      fragmentation: fragmentation(heap.freeBytes / blockBytes, largestFree),
      map: map?.map ?? null,
      ...(map && { dump: map.dump }),
    };
  };
  const addReading = ({ dump, ...data }: BoardReading & { dump?: Uint8Array }): number =>
    add({ type: "reading", data, dump });

  const collect = (elapsedMs: number): void => {
    const before = reading(elapsedMs, "before-collect");
    const beforeId = addReading(before);
    garbage = 0;
    noise = Math.round((random() * 2 - 1) * plan.noiseBytes);
    const after = reading(elapsedMs + 40, "after-collect");
    const afterId = addReading(after);
    add({
      type: "collection",
      data: {
        id: null,
        boardId,
        at: after.at,
        beforeId,
        afterId,
        reclaimedBytes: before.heap.usedBytes - after.heap.usedBytes,
        largestFreeGainBytes: (after.largestFreeBytes ?? 0) - (before.largestFreeBytes ?? 0),
        fragmentationBefore: before.fragmentation,
        fragmentationAfter: after.fragmentation,
        pauseMs: Math.round((3 + random() * 2) * 1000) / 1000,
      },
    });
  };

  for (let tick = 0; tick < ticks; tick++) {
    const dueMs = tick * plan.readIntervalMs;
    // As late as a timer comes.
    const elapsedMs = dueMs + Math.floor(random() * 20);
    garbage += (plan.readIntervalMs * plan.churnBytesPerSecond) / 1000;
    // The board collects by itself before its heap is full.
    if (garbage > plan.heapBytes / 4) garbage = 0;
    if (random() < plan.missedShare) {
      const at = new Date(plan.startMs + elapsedMs).toISOString();
      const detail = "The board went silent in mid-answer for 2000 ms. The reading is discarded.";
      add({
        type: "missed",
        data: { id: null, boardId, at, phase: "periodic", cause: "answer-silent", detail },
      });
    } else if (tick > 0 && isDue(dueMs, plan.collectIntervalMs)) collect(elapsedMs);
    else addReading(reading(elapsedMs, "periodic", isDue(dueMs - plan.readIntervalMs, plan.mapIntervalMs)));
    if (batch.length >= plan.batchEvents) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function isDue(elapsedMs: number, intervalMs: number): boolean {
  return intervalMs > 0 && elapsedMs >= 0 && elapsedMs % intervalMs === 0;
}

/** Shaped like what maps of this heap count; `luck` from 0 up to 1. */
function basicBlocks({ totalBytes, usedBytes, freeBytes }: HeapFigures, luck: number): BlockFigures {
  const used = usedBytes / blockBytes;
  const holes = Math.floor(used * (0.1 + 0.05 * luck));
  return {
    sizeBytes: blockBytes,
    total: totalBytes / blockBytes,
    oneBlock: Math.floor(used * (0.12 + 0.01 * luck)),
    twoBlock: Math.floor(used * (0.05 + 0.005 * luck)),
    largestUsed: 12,
    largestFree: freeBytes / blockBytes - holes,
  };
}
