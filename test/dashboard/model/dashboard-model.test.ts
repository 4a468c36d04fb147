import { expect, test } from "vitest";
import { DashboardModel } from "../../../src/dashboard/model/dashboard-model.ts";
import {
  sampleAlert,
  sampleCollection,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
} from "../../support/samples.ts";

const reading = (id: number) => sampleReading({ id });
const snapshot = {
  type: "snapshot",
  boards: [sampleSnapshot({ lastReading: reading(5) })],
  alerts: [],
  cursor: 5,
} as const;

function begun(): DashboardModel {
  const model = new DashboardModel(() => {});
  model.onSnapshot(snapshot, "first");
  return model;
}

const entry = (model: DashboardModel) => model.state.boards[0]!;

test("nothing is known before the first snapshot", () => {
  const model = new DashboardModel(() => {});
  expect(model.state).toMatchObject({
    isKnown: false,
    boards: [],
    connection: { kind: "connecting" },
    epoch: 0,
  });
});

test("each event changes its board, and tells once", () => {
  let changes = 0;
  const model = new DashboardModel(() => changes++);
  model.onSnapshot(snapshot, "first");
  model.onEvent({ type: "reading", cursor: 6, data: reading(6) });
  model.onEvent({ type: "collection", cursor: 7, data: sampleCollection({ id: 7 }) });
  model.onEvent({ type: "missed", cursor: 8, data: sampleMissed({ id: 8 }) });
  model.onEvent({ type: "alert", cursor: 9, data: sampleAlert({ id: 9 }) });
  expect(changes).toBe(5);
  expect(model.version).toBe(5);
  expect(entry(model)).toMatchObject({
    board: { lastReading: { id: 6 } },
    readings: [{ id: 6 }],
    collections: [{ id: 7 }],
    missed: [{ id: 8 }],
    alerts: [{ id: 9 }],
  });
});

test("what others hold of a board is not changed behind their backs", () => {
  const model = begun();
  const before = entry(model);
  model.onEvent({ type: "reading", cursor: 6, data: reading(6) });
  expect(before.readings).toEqual([]);
  expect(entry(model)).not.toBe(before);
});

test("an alert that is resolved is gone, and a board that joins gets the alerts that were there before it", () => {
  const model = begun();
  model.onEvent({ type: "alert", cursor: 6, data: sampleAlert() });
  model.onEvent({ type: "alert", cursor: 7, data: sampleAlert({ boardId: "other" }) });
  model.onEvent({ type: "alert", cursor: 8, data: sampleAlert({ state: "resolved" }) });
  expect(entry(model).alerts).toEqual([]);
  model.onEvent({ type: "board", cursor: 9, data: sampleSnapshot({ id: "other" }) });
  expect(model.state.boards[1]).toMatchObject({
    board: { id: "other" },
    alerts: [{ rule: "heap-nearly-full" }],
  });
});

test("a change of state without a reading keeps the last one", () => {
  const model = begun();
  model.onEvent({ type: "reading", cursor: 6, data: reading(6) });
  model.onEvent({ type: "board", cursor: 7, data: sampleSnapshot({ lastReading: null }) });
  expect(entry(model).board.lastReading).toMatchObject({ id: 6 });
  expect(entry(model).readings).toHaveLength(1);
});

test("lists are bounded", () => {
  const model = begun();
  for (let id = 6; id < 1000; id++) {
    model.onEvent({ type: "reading", cursor: id, data: reading(id) });
    model.onEvent({ type: "missed", cursor: id, data: sampleMissed({ id }) });
  }
  expect(entry(model).readings).toHaveLength(150);
  expect(entry(model).readings.at(-1)).toMatchObject({ id: 999 });
  expect(entry(model).missed).toHaveLength(30);
});

test("a later snapshot begins a new epoch; with another history nothing of before stays", () => {
  const model = begun();
  model.onEvent({ type: "reading", cursor: 6, data: reading(6) });
  model.onSnapshot(snapshot, "gap");
  expect(model.state.epoch).toBe(1);
  expect(entry(model).readings).toHaveLength(1);
  model.onSnapshot(snapshot, "replaced");
  expect(model.state.epoch).toBe(2);
  expect(entry(model).readings).toEqual([]);
});

test("what could not be stored is shown and said; the next that is stored ends that", () => {
  const model = begun();
  model.onUnstored({ type: "unstored", event: "reading", data: sampleReading({ id: -1 }) });
  expect(model.state.unstored).toBe(true);
  expect(entry(model).readings).toMatchObject([{ id: -1 }]);
  model.onEvent({ type: "reading", cursor: 6, data: reading(6) });
  expect(model.state.unstored).toBe(false);
});

test("a history that cannot be read leaves the alerts unknown", () => {
  const model = new DashboardModel(() => {});
  model.onSnapshot({ ...snapshot, alerts: null, cursor: null }, "first");
  expect(model.state).toMatchObject({ alertsKnown: false, isKnown: true });
});

test("events of boards that nobody knows are let go", () => {
  const model = begun();
  model.onEvent({ type: "reading", cursor: 6, data: sampleReading({ id: 6, boardId: "nobody" }) });
  expect(model.state.boards).toHaveLength(1);
  expect(entry(model).readings).toEqual([]);
});

test("how many events are left counts down while they are replayed", () => {
  const model = begun();
  const hello = { type: "hello", version: 1, heapscope: "0", cursor: 20, history: "h" } as never;
  model.onHello(hello);
  model.onState({ kind: "replaying", behind: 15 });
  model.onEvent({ type: "reading", cursor: 8, data: reading(8) });
  expect(model.connection).toEqual({ kind: "replaying", behind: 12 });
  model.onEvent({ type: "reading", cursor: 21, data: reading(21) });
  expect(model.connection).toEqual({ kind: "replaying", behind: 0 });
  model.onState({ kind: "live" });
  model.onEvent({ type: "reading", cursor: 22, data: reading(22) });
  expect(model.connection).toEqual({ kind: "live" });
});
