import fc from "fast-check";
import { expect, test } from "vitest";
import { DaemonMetrics } from "../../../src/app/metrics/daemon-metrics.ts";
import type { BoardSnapshot, BoardStateKind } from "../../../src/board/board-status.ts";
import type { AlertSeverity } from "../../../src/heap/reading.ts";
import { heapscopeError } from "../../../src/shared/errors.ts";
import { type Family, parseExposition } from "../../support/exposition.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import {
  sampleCollection,
  sampleMap,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
} from "../../support/samples.ts";

function daemon() {
  const clock = new ManualClock();
  const state = {
    boards: [sampleSnapshot()] as BoardSnapshot[],
    feed: { clientCount: 0, waiting: 0, published: 0, cutOffs: 0 },
    history: { waiting: 0, dropped: 0 },
    firingAlerts: (): readonly { severity: AlertSeverity }[] => [],
  };
  const metrics = new DaemonMetrics({
    clock,
    version: "1.2.3",
    boards: () => state.boards,
    feed: () => state.feed,
    history: () => state.history,
    firingAlerts: () => state.firingAlerts(),
  });
  const become = (kind: BoardStateKind): void => {
    state.boards = state.boards.map((board) => ({ ...board, state: { ...board.state, kind } }));
    for (const board of state.boards) metrics.noteBoard(board);
  };
  return { clock, state, metrics, become, scrape: async () => parseExposition(await metrics.text()) };
}

/** The one value of the metric for the labels; undefined where it is not shown. */
function shown(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = { board: "greenhouse" },
): number | undefined {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ""));
  expect(family, name).toBeDefined();
  const wanted = Object.entries(labels);
  return family?.samples.find(
    (sample) =>
      sample.name === name &&
      Object.keys(sample.labels).length === wanted.length &&
      wanted.every(([key, value]) => sample.labels[key] === value),
  )?.value;
}

test("a reading shows in base units under the board's name", async () => {
  const { metrics, scrape } = daemon();
  metrics.noteReading(sampleReading({ durationMs: 20, wireBytes: 860 }));
  const families = await scrape();
  for (const [name, value] of [
    ["heapscope_heap_total_bytes", 245888],
    ["heapscope_heap_used_bytes", 8848],
    ["heapscope_heap_free_bytes", 237040],
    ["heapscope_heap_largest_free_bytes", 236848],
    ["heapscope_heap_utilization_ratio", 0.036],
    ["heapscope_heap_fragmentation_ratio", 0.0008],
    ["heapscope_stack_used_bytes", 556],
    ["heapscope_readings_total", 1],
    ["heapscope_maps_total", 0],
    ["heapscope_wire_bytes_total", 860],
    ["heapscope_board_time_seconds_total", 0.02],
    ["heapscope_reading_duration_seconds_sum", 0.02],
    ["heapscope_last_reading_timestamp_seconds", Date.parse("2026-11-22T17:00:00.123Z") / 1000],
  ] as const) {
    expect(shown(families, name), name).toBe(value);
  }
  // The board does not say, and there was no collection.
  expect(shown(families, "heapscope_heap_growable_bytes")).toBeUndefined();
  expect(shown(families, "heapscope_heap_live_bytes")).toBeUndefined();
});

test("a board that was never read has its state and its counters at 0, and no figures", async () => {
  const { state, scrape } = daemon();
  state.boards = [sampleSnapshot({ facts: null })];
  const families = await scrape();
  expect(shown(families, "heapscope_readings_total")).toBe(0);
  expect(shown(families, "heapscope_collection_pause_seconds_count")).toBe(0);
  expect(shown(families, "heapscope_heap_used_bytes")).toBeUndefined();
  expect(shown(families, "heapscope_last_reading_timestamp_seconds")).toBeUndefined();
  expect(families.get("heapscope_board_info")?.samples).toEqual([
    {
      name: "heapscope_board_info",
      labels: {
        board: "greenhouse",
        board_id: "e6614103e7452d2f",
        port: "serial:/dev/ttyACM0",
        platform: "",
        firmware: "",
        machine: "",
        emulated: "false",
      },
      value: 1,
    },
  ]);
});

test("of a board's states exactly one is 1", async () => {
  const { become, scrape } = daemon();
  become("busy");
  const samples = (await scrape()).get("heapscope_board_state")?.samples ?? [];
  expect(samples).toHaveLength(11);
  expect(samples.filter(({ value }) => value === 1).map(({ labels }) => labels["state"])).toEqual(["busy"]);
});

test("a collection counts what it reclaimed, its pause, and what is left alive", async () => {
  const { metrics, scrape } = daemon();
  const heap = { totalBytes: 64000, usedBytes: 5000, freeBytes: 59000, growableBytes: null };
  metrics.noteReading(sampleReading({ phase: "before-collect", durationMs: null }));
  metrics.noteReading(sampleReading({ phase: "after-collect", durationMs: null, heap }));
  metrics.noteCollection(sampleCollection({ reclaimedBytes: 4096, pauseMs: 4 }));
  metrics.noteCollection(sampleCollection({ reclaimedBytes: -64, pauseMs: null }));
  metrics.noteReading(sampleReading({ durationMs: null }));
  const families = await scrape();
  expect(shown(families, "heapscope_collections_total")).toBe(2);
  expect(shown(families, "heapscope_reclaimed_bytes_total")).toBe(4096);
  expect(shown(families, "heapscope_heap_live_bytes")).toBe(5000);
  expect(shown(families, "heapscope_heap_used_bytes")).toBe(8848);
  expect(shown(families, "heapscope_collection_pause_seconds_count")).toBe(1);
  const bucket = (le: string) =>
    shown(families, "heapscope_collection_pause_seconds_bucket", { board: "greenhouse", le });
  expect([bucket("0.0025"), bucket("0.005")]).toEqual([0, 1]);
  expect(shown(families, "heapscope_board_time_seconds_total")).toBe(0.004);
});

test("missed readings count by cause, maps among the readings", async () => {
  const { metrics, scrape } = daemon();
  metrics.noteMissed(sampleMissed());
  metrics.noteMissed(sampleMissed({ cause: "overlap" }));
  metrics.noteMissed(sampleMissed({ cause: "overlap" }));
  metrics.note({ type: "reading", data: sampleReading({ map: sampleMap }) });
  const families = await scrape();
  const missed = (cause: string) =>
    shown(families, "heapscope_missed_readings_total", { board: "greenhouse", cause });
  expect([missed("answer-silent"), missed("overlap")]).toEqual([1, 2]);
  expect(shown(families, "heapscope_maps_total")).toBe(1);
});

test("figures stay while the board answers, however rarely it is read", async () => {
  const { metrics, clock, scrape } = daemon();
  metrics.noteReading(sampleReading());
  await clock.advance(6 * 3600_000);
  expect(shown(await scrape(), "heapscope_heap_used_bytes")).toBe(8848);
});

test("a board that has ceased to answer loses its figures after a minute, and keeps the time of its last reading", async () => {
  const { metrics, clock, become, scrape } = daemon();
  metrics.noteReading(sampleReading());
  await clock.advance(30_000);
  become("unresponsive");
  await clock.advance(30_000);
  expect(shown(await scrape(), "heapscope_heap_used_bytes")).toBe(8848);
  await clock.advance(1);
  const late = await scrape();
  expect(shown(late, "heapscope_heap_used_bytes")).toBeUndefined();
  expect(shown(late, "heapscope_last_reading_timestamp_seconds")).toBeGreaterThan(0);
  expect(shown(late, "heapscope_readings_total")).toBe(1);
  // Back, but not read yet: the old figures stay away.
  become("ready");
  expect(shown(await scrape(), "heapscope_heap_used_bytes")).toBeUndefined();
  metrics.noteReading(sampleReading());
  expect(shown(await scrape(), "heapscope_heap_used_bytes")).toBe(8848);
});

test("what the board's record counts never decreases when the record begins anew", async () => {
  const { state, scrape } = daemon();
  const count = async (discarded: number, restarts: number) => {
    state.boards = state.boards.map((board) => ({
      ...board,
      counts: { ...board.counts, discarded, restarts },
    }));
    const families = await scrape();
    return [
      shown(families, "heapscope_discarded_answers_total"),
      shown(families, "heapscope_board_restarts_total"),
    ];
  };
  expect(await count(5, 2)).toEqual([5, 2]);
  expect(await count(5, 3)).toEqual([5, 3]);
  expect(await count(1, 0)).toEqual([6, 3]);
  expect(await count(2, 0)).toEqual([7, 3]);
});

test("a board that gets its own id when it is identified keeps its counters", async () => {
  const { state, metrics, scrape } = daemon();
  state.boards = [sampleSnapshot({ id: "/dev/ttyUSB0", facts: null })];
  metrics.noteMissed(sampleMissed({ boardId: "/dev/ttyUSB0", cause: "repl-silent" }));
  await scrape();
  state.boards = [sampleSnapshot()];
  metrics.noteMissed(sampleMissed({ cause: "repl-silent" }));
  const labels = { board: "greenhouse", cause: "repl-silent" };
  expect(shown(await scrape(), "heapscope_missed_readings_total", labels)).toBe(2);
});

test("a board that is no longer watched leaves no series", async () => {
  const { state, metrics, scrape } = daemon();
  metrics.noteReading(sampleReading());
  metrics.noteCollection(sampleCollection());
  metrics.noteMissed(sampleMissed());
  await scrape();
  state.boards = [sampleSnapshot({ id: "other", name: "cellar" })];
  await scrape();
  expect(await metrics.text()).not.toContain("greenhouse");
  // And begins at 0 when it comes again.
  state.boards = [sampleSnapshot()];
  expect(shown(await scrape(), "heapscope_readings_total")).toBe(0);
});

test("readings of files and of boards that are not watched are not counted", async () => {
  const { metrics, scrape } = daemon();
  metrics.noteReading(sampleReading({ source: "file" }));
  metrics.noteReading(sampleReading({ boardId: "imported" }));
  metrics.noteMissed(sampleMissed({ boardId: "imported" }));
  metrics.noteCollection(sampleCollection({ boardId: "imported" }));
  const families = await scrape();
  expect(shown(families, "heapscope_readings_total")).toBe(0);
  expect(families.get("heapscope_readings_total")?.samples).toHaveLength(1);
});

test("the history is up until it fails, and again when it has stored something", async () => {
  const { metrics, scrape } = daemon();
  expect(shown(await scrape(), "heapscope_store_up", {})).toBe(1);
  metrics.noteStoreFailure();
  expect(shown(await scrape(), "heapscope_store_up", {})).toBe(0);
  metrics.noteStoreLatency(0.002);
  const families = await scrape();
  expect(shown(families, "heapscope_store_up", {})).toBe(1);
  expect(shown(families, "heapscope_store_failures_total", {})).toBe(1);
  expect(shown(families, "heapscope_store_append_seconds_sum", {})).toBe(0.002);
});

test("feed, history, alerts and version are asked at each scrape", async () => {
  const { state, scrape } = daemon();
  await scrape();
  state.feed = { clientCount: 3, waiting: 7, published: 100, cutOffs: 1 };
  state.history = { waiting: 40, dropped: 5 };
  state.firingAlerts = () => [{ severity: "warning" }, { severity: "critical" }, { severity: "warning" }];
  const families = await scrape();
  expect(shown(families, "heapscope_store_waiting_events", {})).toBe(40);
  expect(shown(families, "heapscope_store_dropped_events_total", {})).toBe(5);
  expect(shown(families, "heapscope_feed_clients", {})).toBe(3);
  expect(shown(families, "heapscope_feed_queued_events", {})).toBe(7);
  expect(shown(families, "heapscope_feed_events_total", {})).toBe(100);
  expect(shown(families, "heapscope_feed_cutoffs_total", {})).toBe(1);
  const firing = (severity: string) => shown(families, "heapscope_alerts_firing", { severity });
  expect([firing("info"), firing("warning"), firing("critical")]).toEqual([0, 2, 1]);
  expect(shown(families, "heapscope_build_info", { version: "1.2.3" })).toBe(1);
});

test("alerts that the history cannot tell are left out, the rest stays", async () => {
  const { state, scrape } = daemon();
  state.firingAlerts = () => {
    throw heapscopeError("store-failed", { file: "h.db", reason: "disk I/O error" });
  };
  const families = await scrape();
  expect(families.get("heapscope_alerts_firing")?.samples).toEqual([]);
  expect(shown(families, "heapscope_board_state", { board: "greenhouse", state: "ready" })).toBe(1);
});

test("the lag of the event loop is how late a timer comes, until stop", async () => {
  const { clock, metrics, scrape } = daemon();
  await clock.advance(350);
  expect(shown(await scrape(), "heapscope_event_loop_lag_seconds_count", {})).toBe(3);
  expect(shown(await scrape(), "heapscope_event_loop_lag_seconds_sum", {})).toBe(0);
  metrics.stop();
  metrics.stop();
  expect(clock.pending).toBe(0);
});

test("the process shows itself under the conventional names, once however many daemons it holds", async () => {
  const families = await daemon().scrape();
  daemon();
  expect(shown(families, "process_resident_memory_bytes", {})).toBeGreaterThan(1e6);
  expect(families.has("nodejs_gc_duration_seconds")).toBe(true);
});

test("any name of a board survives the format", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (name) => {
      const { state, metrics, scrape } = daemon();
      state.boards = [sampleSnapshot({ name })];
      metrics.noteReading(sampleReading());
      expect(shown(await scrape(), "heapscope_heap_used_bytes", { board: name })).toBe(8848);
      metrics.stop();
    }),
    { numRuns: 50 },
  );
});

test("whatever happens, no counter decreases", async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("reading" as const),
      durationMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant("collection" as const),
      reclaimedBytes: fc.integer({ min: -1e6, max: 1e6 }),
    }),
    fc.record({ kind: fc.constant("missed" as const), cause: fc.constantFrom("overlap", "answer-silent") }),
    fc.record({ kind: fc.constant("counts" as const), restarts: fc.nat(9), discarded: fc.nat(9) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { state, metrics, scrape } = daemon();
      let before = new Map<string, number>();
      for (const one of steps) {
        if (one.kind === "reading") metrics.noteReading(sampleReading({ durationMs: one.durationMs }));
        else if (one.kind === "missed") metrics.noteMissed(sampleMissed({ cause: one.cause }));
        else if (one.kind === "collection") {
          metrics.noteCollection(sampleCollection({ reclaimedBytes: one.reclaimedBytes }));
        } else {
          const { restarts, discarded } = one;
          state.boards = state.boards.map((board) => ({
            ...board,
            counts: { ...board.counts, restarts, discarded },
          }));
        }
        const now = new Map<string, number>();
        for (const { type, samples } of (await scrape()).values()) {
          if (type === "gauge") continue;
          for (const { name, labels, value } of samples) now.set(`${name} ${JSON.stringify(labels)}`, value);
        }
        for (const [series, value] of before) expect(now.get(series), series).toBeGreaterThanOrEqual(value);
        before = now;
      }
      metrics.stop();
    }),
    { numRuns: 40 },
  );
});
