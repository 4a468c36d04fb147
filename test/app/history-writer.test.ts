import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { HistoryWriter } from "../../src/app/history-writer.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, StoredEvent } from "../../src/store/store-types.ts";
import { ManualClock } from "../support/manual-clock.ts";
import {
  sampleCollection,
  sampleDump,
  sampleMap,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../support/samples.ts";

type Disk = "fine" | "full" | "broken call";

function history() {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  const disk = { is: "fine" as Disk, attempts: 0, refuses: (_events: readonly NewEvent[]) => false };
  const clock = new ManualClock();
  const later: StoredEvent[] = [];
  const writer = new HistoryWriter({
    store: {
      append: (events) => {
        disk.attempts++;
        const reason = "the disk is full";
        if (disk.is === "full") throw heapscopeError("store-failed", { file: "h", reason, trouble: "full" });
        if (disk.is === "broken call" || disk.refuses(events)) {
          throw heapscopeError("store-failed", { file: "h", reason: "NOT NULL constraint failed" });
        }
        return store.append(events);
      },
      upsertBoard: store.upsertBoard,
    },
    clock,
    log: pino({ level: "silent" }),
    onStored: (event) => later.push(event),
  });
  return { store, disk, clock, later, writer };
}

const reading = (usedBytes: number): NewEvent => ({
  type: "reading",
  data: sampleReading({ heap: { ...sampleReading().heap, usedBytes } }),
});
const usedOf = (events: readonly StoredEvent[]) =>
  events.map((event) => (event.type === "reading" ? event.data.heap.usedBytes : event.type));

test("what waits is stored in order, before what comes after it", async () => {
  const { store, disk, clock, later, writer } = history();
  writer.write(reading(1));
  disk.is = "full";
  expect([writer.write(reading(2)), writer.write(reading(3))]).toEqual([-2, -3]);
  disk.is = "fine";
  expect(writer.write(reading(4))).toBe(-4);
  expect(writer.waiting).toBe(3);
  await clock.advance(1000);
  expect(writer.waiting).toBe(0);
  expect(usedOf(later)).toEqual([2, 3, 4]);
  expect(writer.write(reading(5))).toMatchObject({ cursor: 5 });
  expect(usedOf(store.eventsAfter(0, { limit: 10 }))).toEqual([1, 2, 3, 4, 5]);
});

test("a full disk is asked more and more rarely, at last every 15 s", async () => {
  const { disk, clock, writer } = history();
  disk.is = "full";
  writer.write(reading(1));
  const attemptsIn = async (ms: number) => {
    const before = disk.attempts;
    await clock.advance(ms);
    return disk.attempts - before;
  };
  expect(await attemptsIn(61_000)).toBe(7);
  expect(await attemptsIn(300_000)).toBe(20);
  expect(writer.waiting).toBe(1);
});

test("a collection finds the readings that waited with it, also when only they had to wait", async () => {
  const { store, disk, clock, writer } = history();
  const ids = (before: StoredEvent | number, after: StoredEvent | number) => ({
    beforeId: before as number,
    afterId: after as number,
  });
  disk.is = "full";
  const first = ids(writer.write(reading(9)), writer.write(reading(5)));
  writer.write({ type: "collection", data: sampleCollection(first) });
  const second = ids(writer.write(reading(9)), writer.write(reading(6)));
  disk.is = "fine";
  await clock.advance(1000);
  writer.write({ type: "collection", data: sampleCollection(second) });
  const stored = store.collections(sampleReading().boardId, { limit: 10 });
  expect(stored.map(({ beforeId, afterId }) => [beforeId, afterId])).toEqual([
    [1, 2],
    [4, 5],
  ]);
});

test("an event that can never be stored is given up, not the ones around it", async () => {
  const { disk, clock, later, writer } = history();
  disk.is = "broken call";
  writer.write(reading(1));
  expect([writer.waiting, writer.failure?.code]).toEqual([0, "store-failed"]);

  disk.is = "full";
  for (const used of [2, 666, 3]) writer.write(reading(used));
  disk.is = "fine";
  disk.refuses = (events) =>
    events.some((event) => event.type === "reading" && event.data.heap.usedBytes === 666);
  await clock.advance(60_000);
  expect(usedOf(later)).toEqual([2, 3]);
  expect([writer.waiting, writer.dropped, writer.failure]).toEqual([0, 1, null]);
});

test("beyond 10 000 the oldest event is lost, and counted", async () => {
  const { disk, clock, later, writer } = history();
  disk.is = "full";
  for (let used = 0; used < 10_005; used++) writer.write(reading(used));
  expect([writer.waiting, writer.dropped]).toEqual([10_000, 5]);
  disk.is = "fine";
  await clock.advance(30_000);
  expect([later.length, usedOf(later.slice(0, 1))]).toEqual([10_000, [5]]);
});

test("beyond 16 MiB of dumps a reading waits without its dump, and keeps its summary", async () => {
  const { store, disk, clock, writer } = history();
  const dump = Buffer.concat(Array(1000).fill(sampleDump));
  const count = Math.floor((16 * 1024 * 1024) / dump.length) + 1;
  disk.is = "full";
  for (let index = 0; index < count; index++) {
    writer.write({ type: "reading", data: sampleReading({ map: sampleMap }), dump });
  }
  disk.is = "fine";
  await clock.advance(1000);
  const { boardId } = sampleReading();
  expect(store.mapOf(boardId, count - 1)?.dump.length).toBe(dump.length);
  expect(store.mapOf(boardId, count)).toBeUndefined();
  expect(store.readings(boardId, { limit: 1 })[0]?.map).toEqual(sampleMap);
});

test("a board's name waits with its event", async () => {
  const { store, disk, clock, writer } = history();
  const { id, name, port, emulated, facts } = sampleSnapshot();
  disk.is = "full";
  writer.write({ type: "board", boardId: id, at: sampleTime, data: {} }, { id, name, port, emulated, facts });
  disk.is = "fine";
  await clock.advance(1000);
  expect(store.board(id)).toMatchObject({ name, port });
});

test("a stop tries once more, and leaves no timer", async () => {
  const { disk, clock, later, writer } = history();
  disk.is = "full";
  writer.write(reading(1));
  disk.is = "fine";
  writer.stop();
  expect([later.length, clock.pending]).toEqual([1, 0]);
});
