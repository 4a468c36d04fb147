import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import type { HistoryQuery, NewEvent, Store } from "../../src/store/store-types.ts";
import {
  sampleCollection,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../support/samples.ts";

const board = "e6614103e7452d2f";
const minute = (n: number): string => `2026-11-22T17:${String(n).padStart(2, "0")}:00.000Z`;

function storeWith(events: readonly NewEvent[]): Store {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  store.append(events);
  return store;
}

const readingAt = (n: number, boardId = board): NewEvent => ({
  type: "reading",
  data: sampleReading({ at: minute(n), boardId }),
});

const ids = (values: readonly { readonly id: number | null }[]) => values.map(({ id }) => id);

test("the newest readings are returned, oldest first", () => {
  const store = storeWith([1, 2, 3, 4, 5].map((n) => readingAt(n)));
  expect(ids(store.readings(board, { limit: 3 }))).toEqual([3, 4, 5]);
});

test("from is included, to is not", () => {
  const store = storeWith([1, 2, 3, 4, 5].map((n) => readingAt(n)));
  expect(ids(store.readings(board, { from: minute(2), to: minute(4), limit: 10 }))).toEqual([2, 3]);
});

test("after pages forward by id", () => {
  const store = storeWith([1, 2, 3, 4, 5].map((n) => readingAt(n)));
  expect(ids(store.readings(board, { after: 1, limit: 2 }))).toEqual([2, 3]);
  expect(ids(store.readings(board, { after: 3, limit: 2 }))).toEqual([4, 5]);
  expect(ids(store.readings(board, { after: 5, limit: 2 }))).toEqual([]);
});

test("readings whose map is stored are found among those without, by time, by id and by board", () => {
  const mapped = (n: number, boardId = board): NewEvent => ({
    type: "reading",
    data: sampleReading({ at: minute(n), boardId }),
    dump: Buffer.from(`dump ${n}`),
  });
  const store = storeWith([mapped(1), readingAt(2), mapped(3), mapped(3, "other"), readingAt(4), mapped(5)]);
  const found = (query: HistoryQuery) => ids(store.mappedReadings(board, query));
  expect(found({ limit: 10 })).toEqual([1, 3, 6]);
  expect(found({ limit: 2 })).toEqual([3, 6]);
  expect(found({ after: 0, limit: 2 })).toEqual([1, 3]);
  expect(found({ after: 3, limit: 2 })).toEqual([6]);
  expect(found({ from: minute(2), to: minute(5), limit: 10 })).toEqual([3]);
  expect(store.mappedReadings(board, { limit: 1 })).toEqual(store.readings(board, { after: 5, limit: 1 }));
  expect(store.mappedReadings("nobody", { limit: 10 })).toEqual([]);
});

test("a clock that went back changes the order of time, not of ids", () => {
  const store = storeWith([readingAt(5), readingAt(2), readingAt(3)]);
  expect(ids(store.readings(board, { limit: 10 }))).toEqual([2, 3, 1]);
  expect(ids(store.readings(board, { after: 0, limit: 10 }))).toEqual([1, 2, 3]);
  expect(store.eventsAfter(0, { limit: 10 }).map(({ cursor }) => cursor)).toEqual([1, 2, 3]);
});

test("each kind and each board is read by itself", () => {
  const store = storeWith([
    readingAt(1),
    { type: "collection", data: sampleCollection() },
    { type: "missed", data: sampleMissed() },
    readingAt(1, "other"),
  ]);
  expect(store.readings("other", { limit: 10 })).toEqual([
    { ...sampleReading({ at: minute(1), boardId: "other" }), id: 4 },
  ]);
  expect(store.collections(board, { limit: 10 })).toEqual([{ ...sampleCollection(), id: 2 }]);
  expect(store.missed(board, { limit: 10 })).toEqual([{ ...sampleMissed(), id: 3 }]);
  expect(store.readings("nobody", { limit: 10 })).toEqual([]);
});

test("replay gives the union of all kinds by cursor, in pages, by board, by kind and up to a bound", () => {
  const store = storeWith([
    readingAt(1),
    { type: "collection", data: sampleCollection() },
    readingAt(2, "b"),
    { type: "missed", data: sampleMissed({ boardId: "b" }) },
    { type: "board", boardId: "c", at: sampleTime, data: sampleSnapshot({ id: "c" }) },
    readingAt(3),
  ]);
  const cursors = (after: number, query: Parameters<Store["eventsAfter"]>[1]) =>
    store.eventsAfter(after, query).map(({ cursor }) => cursor);
  expect(cursors(0, { limit: 10 })).toEqual([1, 2, 3, 4, 5, 6]);
  expect(cursors(0, { limit: 2 })).toEqual([1, 2]);
  expect(cursors(2, { limit: 2 })).toEqual([3, 4]);
  expect(cursors(0, { limit: 10, through: 4 })).toEqual([1, 2, 3, 4]);
  expect(cursors(0, { limit: 10, boards: ["b"] })).toEqual([3, 4]);
  expect(cursors(0, { limit: 10, boards: ["b", "c"] })).toEqual([3, 4, 5]);
  expect(cursors(0, { limit: 10, boards: ["nobody"] })).toEqual([]);
  expect(cursors(0, { limit: 10, types: ["missed", "board"] })).toEqual([4, 5]);
  expect(cursors(0, { limit: 2, types: ["reading"] })).toEqual([1, 3]);
});

test("a board's name, port and facts are remembered, and facts outlive a reconnect that has none yet", () => {
  const store = storeWith([]);
  const { facts } = sampleSnapshot();
  const update = { id: board, name: "greenhouse", port: "serial:/dev/ttyACM0", emulated: false };
  store.upsertBoard({ ...update, facts }, minute(1));
  store.upsertBoard({ ...update, port: "serial:/dev/ttyACM1", facts: null }, minute(9));
  expect(store.boards()).toEqual([
    { ...update, port: "serial:/dev/ttyACM1", facts, firstSeenAt: minute(1), lastSeenAt: minute(9) },
  ]);
  expect(store.board(board)).toEqual(store.boards()[0]);
  expect(store.board("nobody")).toBeUndefined();
});

test("a board known only by its events has a record without a port", () => {
  const store = storeWith([readingAt(1, "from-a-file")]);
  expect(store.board("from-a-file")).toEqual({
    id: "from-a-file",
    name: "from-a-file",
    port: null,
    emulated: false,
    facts: null,
    firstSeenAt: minute(1),
    lastSeenAt: minute(1),
  });
});
