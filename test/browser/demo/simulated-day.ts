import { AlertEngine } from "../../../src/alerts/alert-engine.ts";
import type { AlertInput } from "../../../src/alerts/observation.ts";
import type { Rule } from "../../../src/alerts/rule.ts";
import { trendOf } from "../../../src/app/board-analysis.ts";
import { figuresOf } from "../../../src/heap/figures.ts";
import { parseMemInfo } from "../../../src/heap/parse-mem-info.ts";
import type { ReadingPhase } from "../../../src/heap/reading.ts";
import { reconcile } from "../../../src/heap/reconcile.ts";
import type { BoardReading, NewEvent, Store } from "../../../src/store/store-types.ts";
import { type AppName, simulatedApps } from "./simulated-apps.ts";
import { SimulatedHeap } from "./simulated-heap.ts";

export interface SimulatedDay {
  readonly app: AppName;
  readonly boardId: string;
  readonly name: string;
  /** When the day ends, ms since the epoch. */
  readonly endMs: number;
  readonly rules: readonly Rule[];
}

const dayMs = 86_400_000;
export const readEveryMs = 60_000;
const collectEvery = 5;
const mapEvery = 30;
const trendEvery = 15;
/** Of this many readings one did not come. */
const missedEvery = 397;

/**
 * Puts a day of one board into `store`, faster than it would pass: a simulated application allocates in a simulated heap, whose
 * dumps go through the daemon's own parser, alert rules and trend. The same day in every run, but for when it ends.
 */
export function storeDay(store: Store, { app, boardId, name, endMs, rules }: SimulatedDay): void {
  const heap = new SimulatedHeap();
  const step = simulatedApps[app](heap);
  const alerts = new AlertEngine({ rules, firing: [], nameOf: () => name });
  const startMs = endMs - dayMs;

  // By it the alerts' rules that are for boards of certain names find it again.
  const record = { id: boardId, name, port: null, emulated: true, facts: null };
  store.upsertBoard(record, new Date(startMs).toISOString());
  let batch: NewEvent[] = [];
  const flush = (): void => {
    store.append(batch);
    batch = [];
  };
  /** Returns the id that the store will give it. */
  const add = (event: NewEvent): number => {
    batch.push(event);
    return store.latestCursor() + batch.length;
  };
  const judge = (input: AlertInput, atMs: number): void => {
    const changes = alerts.evaluate(input, { wallMs: atMs, monotonicMs: atMs });
    for (const data of changes) add({ type: "alert", data });
  };
  const read = (atMs: number, phase: ReadingPhase, map = false): BoardReading => {
    const dump = heap.dump({ map });
    const data = readingOf(dump, boardId, atMs, phase);
    const id = add({ type: "reading", data, ...(map && { dump }) });
    judge({ type: "reading", boardId, reading: data }, atMs);
    return { ...data, id };
  };

  const steps = dayMs / readEveryMs;
  for (let count = 0; count < steps; count++) {
    const atMs = startMs + count * readEveryMs;
    step(count / steps);
    step((count + 0.5) / steps);
    if (count % missedEvery === missedEvery - 1) {
      const detail = "The board went silent in mid-answer for 2000 ms. The reading is discarded.";
      const at = new Date(atMs).toISOString();
      add({
        type: "missed",
        data: { id: null, boardId, at, phase: "periodic", cause: "answer-silent", detail },
      });
    } else if (count % collectEvery === 1) {
      const before = read(atMs, "before-collect");
      heap.collect();
      const after = read(atMs + 60, "after-collect", count % mapEvery === 1);
      add({ type: "collection", data: collectionOf(before, after) });
    } else {
      read(atMs, "periodic");
    }
    if (count % trendEvery === 0) {
      flush();
      judge({ type: "trend", boardId, ...trendOf(store, boardId, atMs) }, atMs);
    }
    judge({ type: "tick" }, atMs);
  }
  flush();
}

function readingOf(dump: Uint8Array, boardId: string, atMs: number, phase: ReadingPhase): BoardReading {
  const [finding] = parseMemInfo(dump);
  if (finding?.kind !== "record") throw new Error("the simulated dump is no dump");
  const verdict = reconcile(finding.record);
  if (verdict.kind === "corrupt") throw new Error("the simulated dump does not add up");
  return {
    id: null,
    boardId,
    at: new Date(atMs).toISOString(),
    source: "repl",
    phase,
    durationMs: 20 + (dump.length % 7),
    wireBytes: 900 + dump.length,
    helper: null,
    ...figuresOf(finding.record, 16, verdict),
  };
}

function collectionOf(before: BoardReading, after: BoardReading) {
  return {
    id: null,
    boardId: after.boardId,
    at: after.at,
    beforeId: before.id ?? 0,
    afterId: after.id ?? 0,
    reclaimedBytes: before.heap.usedBytes - after.heap.usedBytes,
    largestFreeGainBytes: (after.largestFreeBytes ?? 0) - (before.largestFreeBytes ?? 0),
    fragmentationBefore: before.fragmentation,
    fragmentationAfter: after.fragmentation,
    pauseMs: 0.4 + (after.utilization ?? 0),
  };
}
