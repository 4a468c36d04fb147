import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { AlertWatch, type AlertWatchOptions } from "../../src/app/alert-watch.ts";
import { HistoryWriter } from "../../src/app/history-writer.ts";
import { Pipeline } from "../../src/app/pipeline.ts";
import { type Trend, type TrendOf, TrendWatch } from "../../src/app/trend-watch.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import type { Alert } from "../../src/heap/reading.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store, StoredEvent } from "../../src/store/store-types.ts";
import { rule } from "../alerts/support.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { boardId, sampleAlert } from "../support/sample-alert.ts";
import { sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";

interface Setup {
  readonly store?: Store;
  readonly rules?: AlertWatchOptions["rules"];
  readonly trendOf?: TrendOf;
}

function wired({ store = openStore({ file: ":memory:" }), rules, trendOf }: Setup = {}) {
  const clock = new ManualClock();
  const published: StoredEvent[] = [];
  const emitted: Alert[] = [];
  const boards: BoardSnapshot[] = [sampleSnapshot()];
  const log: { level: number; msg: string }[] = [];
  const logger = pino({ level: "info" }, { write: (line) => log.push(JSON.parse(line)) });
  const trends = new TrendWatch({
    trendOf: trendOf ?? (() => ({ leakBytesPerHour: null, timeToExhaustionSeconds: null })),
    boards: () => boards,
    clock,
  });
  const watch: AlertWatch = new AlertWatch({
    rules: rules ?? [rule("utilization > 90 % for 2 readings", { name: "full" })],
    store,
    boards: () => boards,
    trends,
    emit: (alert) => {
      const stored = pipeline.acceptAlert(alert);
      emitted.push(stored);
      return stored;
    },
    clock,
    log: logger,
  });
  const feed = { publish: (event: StoredEvent) => void published.push(event), publishUnstored: () => {} };
  const silent = pino({ level: "silent" });
  const history = new HistoryWriter({ store, clock, log: silent, onStored: feed.publish });
  const pipeline = new Pipeline({ history, feed, clock, watch });
  const read = (utilization: number) => pipeline.acceptReading(sampleReading({ utilization }), null);
  const types = () => published.map(({ type }) => type);
  return { clock, store, boards, watch, trends, pipeline, emitted, published, log, read, types };
}

test("an alert comes right after the reading that caused it: stored, published, logged", () => {
  const { read, emitted, types, store, log, watch } = wired();
  read(0.95);
  const { id } = read(0.96);
  expect(types()).toEqual(["reading", "reading", "alert"]);
  expect(emitted).toMatchObject([{ id: id + 1, rule: "full", state: "firing", value: 0.96 }]);
  expect(store.firingAlerts()).toEqual(emitted);
  expect(watch.firing()).toEqual(emitted);
  expect(log).toMatchObject([{ level: 40, board: boardId, rule: "full", msg: emitted[0]?.message }]);
  read(0.1);
  read(0.1);
  expect(emitted.map(({ state }) => state)).toEqual(["firing", "resolved"]);
  expect([watch.firing(), store.firingAlerts()]).toEqual([[], []]);
});

test("what cannot be stored is evaluated all the same, and shown as firing", () => {
  const real = openStore({ file: ":memory:" });
  const append = () => {
    throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
  };
  const { read, emitted, watch, types } = wired({ store: { ...real, append } });
  read(0.95);
  read(0.95);
  expect(types()).toEqual([]);
  expect(emitted).toMatchObject([{ state: "firing" }]);
  expect(emitted[0]?.id).toBeLessThan(0);
  expect(watch.firing()).toEqual(emitted);
});

test("readings out of a file are long ago and fire nothing", () => {
  const { pipeline, emitted } = wired();
  for (let count = 0; count < 3; count++)
    pipeline.acceptReading(sampleReading({ utilization: 0.99, source: "file" }), null);
  expect(emitted).toEqual([]);
});

test("time passes for what is not read: missed readings and states", async () => {
  const { pipeline, watch, clock, emitted } = wired({
    rules: [rule("missed for 1 min"), rule("unreachable for 2 min")],
  });
  watch.start();
  pipeline.acceptMissed(sampleMissed());
  pipeline.acceptBoard(
    sampleSnapshot({ state: { kind: "disconnected", since: "", message: "There is no port." } }),
  );
  await clock.advance(59_000);
  expect(emitted).toEqual([]);
  await clock.advance(6_000);
  expect(emitted.map(({ rule: name }) => name)).toEqual(["missed"]);
  await clock.advance(60_000);
  expect(emitted[1]).toMatchObject({
    rule: "unreachable",
    message:
      "greenhouse: it could not be reached for 2 min, so nothing is known of its heap. There is no port.",
  });
});

test("after stop there is no timer, and nothing fires any more", async () => {
  const { pipeline, watch, clock, emitted } = wired({ rules: [rule("unreachable")] });
  watch.start();
  watch.stop();
  watch.stop();
  expect(clock.pending).toBe(0);
  pipeline.acceptBoard(sampleSnapshot({ state: { kind: "disconnected", since: "", message: "" } }));
  expect(emitted).toEqual([]);
});

describe("a trend", () => {
  test("is asked for every five minutes, for boards that were read meanwhile, one board at a time", async () => {
    const asked: string[] = [];
    const trendOf = (id: string): Trend => {
      asked.push(id);
      return { leakBytesPerHour: 2000, timeToExhaustionSeconds: 3600 };
    };
    const { pipeline, watch, clock, emitted } = wired({ rules: [rule("leakBytesPerHour > 1 KiB")], trendOf });
    watch.start();
    for (const id of ["a", "b"]) pipeline.acceptReading(sampleReading({ boardId: id }), null);
    await clock.advance(5000);
    expect(asked).toEqual(["a"]);
    await clock.advance(5000);
    expect(asked).toEqual(["a", "b"]);
    expect(emitted.map(({ boardId: id, value }) => [id, value])).toEqual([
      ["a", 2000],
      ["b", 2000],
    ]);
    pipeline.acceptReading(sampleReading({ boardId: "a" }), null);
    await clock.advance(290_000);
    expect(asked).toEqual(["a", "b"]);
    await clock.advance(300_000);
    expect(asked).toEqual(["a", "b", "a"]);
  });

  test("is remembered for who asks, of the boards that are watched, also where no rule needs it", async () => {
    const trendOf = (): Trend => ({ leakBytesPerHour: 2000, timeToExhaustionSeconds: 3600 });
    const { watch, trends, clock, read, boards, pipeline } = wired({ rules: [], trendOf });
    watch.start();
    const notYet = { boardId, at: null, leakBytesPerHour: null, timeToExhaustionSeconds: null };
    expect(trends.list()).toEqual([notYet]);
    read(0.5);
    pipeline.acceptReading(sampleReading({ boardId: "not-watched" }), null);
    await clock.advance(5000);
    boards.push(sampleSnapshot({ id: "other" }));
    const at = new Date(clock.nowMs()).toISOString();
    expect(trends.list()).toEqual([
      { boardId, at, ...trendOf() },
      { ...notYet, boardId: "other" },
    ]);
  });

  test("that fails harms nothing", async () => {
    let asked = 0;
    const trendOf = (): Trend => {
      asked++;
      throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is broken" });
    };
    const failing = wired({ rules: [rule("leakBytesPerHour > 1"), rule("missed for 10 s")], trendOf });
    failing.watch.start();
    failing.read(0.5);
    failing.pipeline.acceptMissed(sampleMissed());
    await failing.clock.advance(20_000);
    expect(asked).toBe(1);
    expect(failing.emitted.map(({ rule: name }) => name)).toEqual(["missed"]);
    expect(failing.trends.list()).toMatchObject([{ at: null }]);
  });
});

describe("after a restart", () => {
  function storeWith(change: Partial<Alert>): Store {
    const store = openStore({ file: ":memory:" });
    store.append([
      {
        type: "alert",
        data: sampleAlert({ rule: "full", condition: "utilization > 90 % for 2 readings", ...change }),
      },
    ]);
    return store;
  }

  test("what fires goes on, and resolves when it is time", () => {
    const { read, watch, emitted } = wired({ store: storeWith({}) });
    watch.start();
    expect(watch.firing()).toHaveLength(1);
    for (const utilization of [0.99, 0.99, 0.99, 0.1, 0.1]) read(utilization);
    expect(emitted.map(({ state }) => state)).toEqual(["resolved"]);
  });

  test("an alert whose rule is gone is ended", () => {
    const { watch, emitted, store } = wired({ store: storeWith({ rule: "old" }) });
    watch.start();
    expect(emitted).toMatchObject([{ rule: "old", state: "resolved" }]);
    expect(store.firingAlerts()).toEqual([]);
  });

  test("an alert of a board that is watched no more ends after a while, and not before", async () => {
    const { watch, clock, emitted, boards } = wired({ store: storeWith({}) });
    boards.splice(0);
    watch.start();
    await clock.advance(9 * 60_000);
    expect(emitted).toEqual([]);
    await clock.advance(2 * 60_000);
    expect(emitted).toMatchObject([
      { state: "resolved", message: expect.stringContaining("no longer watches") },
    ]);
    expect(watch.firing()).toEqual([]);
  });

  test("while the history cannot be read what is met fires anew; when it can, what fired before goes on", async () => {
    const store = storeWith({});
    store.append([
      { type: "alert", data: sampleAlert({ rule: "gone" }) },
      { type: "alert", data: sampleAlert({ rule: "calm", condition: "utilization > 50 %" }) },
    ]);
    const disk = { isFull: true };
    const { watch, read, emitted, log, clock } = wired({
      store: {
        ...store,
        firingAlerts: () => {
          if (disk.isFull) throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
          return store.firingAlerts();
        },
      },
      rules: [
        rule("utilization > 90 % for 2 readings", { name: "full" }),
        rule("utilization > 50 %", { name: "calm" }),
      ],
    });
    watch.start();
    expect(log[0]?.msg).toContain("cannot be read yet");
    read(0.95);
    read(0.95);
    expect(emitted).toMatchObject([
      { rule: "calm", state: "firing" },
      { rule: "full", state: "firing" },
    ]);
    await clock.advance(5000);
    expect(emitted).toHaveLength(2);
    disk.isFull = false;
    await clock.advance(5000);
    expect(emitted.slice(2)).toMatchObject([{ rule: "gone", state: "resolved" }]);
    read(0.1);
    read(0.1);
    expect(emitted.slice(3).map(({ rule, state }) => [rule, state])).toEqual([
      ["calm", "resolved"],
      ["full", "resolved"],
    ]);
    expect(watch.firing()).toEqual([]);
  });

  test("what fired before and holds no more ends once the history can be read", async () => {
    const store = storeWith({});
    const disk = { isFull: true };
    const firingAlerts = () => {
      if (disk.isFull) throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
      return store.firingAlerts();
    };
    const { watch, read, emitted, clock } = wired({ store: { ...store, firingAlerts } });
    watch.start();
    read(0.1);
    disk.isFull = false;
    await clock.advance(5000);
    expect(watch.firing()).toHaveLength(1);
    read(0.1);
    read(0.1);
    expect(emitted).toMatchObject([{ rule: "full", state: "resolved" }]);
  });
});

test("what goes wrong in an alert does not reach the reading", () => {
  const { watch, log } = wired({
    rules: [
      rule("utilization > 1 %", {
        appliesTo: () => {
          throw new Error("a bug");
        },
      }),
    ],
  });
  expect(() => watch.acceptReading(sampleReading())).not.toThrow();
  expect(log).toMatchObject([{ level: 50, msg: expect.stringContaining("Readings go on") }]);
});
