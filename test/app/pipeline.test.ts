import { pino } from "pino";
import { expect, test } from "vitest";
import { HistoryWriter } from "../../src/app/history-writer.ts";
import { Pipeline, type PipelineMetrics } from "../../src/app/pipeline.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, Store, StoredEvent } from "../../src/store/store-types.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleCollection, sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";

function pipeline(change: Partial<Store> = {}) {
  const published: StoredEvent[] = [];
  const store: Store = { ...openStore({ file: ":memory:" }), ...change };
  const unstored: NewEvent[] = [];
  const feed = {
    publish: (event: StoredEvent) => void published.push(event),
    publishUnstored: (event: NewEvent) => void unstored.push(event),
  };
  const clock = new ManualClock();
  const history = new HistoryWriter({ store, clock, log: pino({ level: "silent" }), onStored: feed.publish });
  return { store, published, unstored, clock, history, pipeline: new Pipeline({ history, feed, clock }) };
}

test("what is published is the stored row, with its cursor", () => {
  const { pipeline: p, store, published } = pipeline();
  const stored = p.acceptReading(sampleReading(), null);
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject({ type: "reading", cursor: stored.id });
  expect(store.readings(sampleReading().boardId, { limit: 10 })).toEqual([stored]);
});

test("every kind of result takes the same way, in order", () => {
  const { pipeline: p, published } = pipeline();
  const before = p.acceptReading(sampleReading(), null);
  const after = p.acceptReading(sampleReading(), null);
  p.acceptCollection({ ...sampleCollection(), beforeId: before.id, afterId: after.id });
  p.acceptMissed(sampleMissed());
  p.acceptBoard(sampleSnapshot());
  expect(published.map((event) => event.type)).toEqual([
    "reading",
    "reading",
    "collection",
    "missed",
    "board",
  ]);
  const cursors = published.map((event) => event.cursor);
  expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
});

test("what cannot be stored now is published without a cursor, and again with one when it is stored", async () => {
  let full = true;
  const real = openStore({ file: ":memory:" });
  const {
    pipeline: p,
    published,
    unstored,
    clock,
    history,
  } = pipeline({
    ...real,
    append: (events) => {
      if (full)
        throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full", trouble: "full" });
      return real.append(events);
    },
  });
  const { id } = p.acceptReading(sampleReading(), null);
  expect(id).toBeLessThan(0);
  const waits = { id: null, beforeId: null, afterId: null };
  expect(p.acceptCollection(sampleCollection({ beforeId: id, afterId: id }))).toMatchObject(waits);
  expect([published, unstored.map(({ type }) => type)]).toEqual([[], ["reading", "collection"]]);
  expect(unstored[1]).toMatchObject({ data: waits });
  expect(history.failure).toMatchObject({
    code: "store-failed",
    message: expect.stringContaining("disk is full"),
  });
  full = false;
  await clock.advance(1000);
  expect(published.map(({ type, cursor }) => [type, cursor])).toEqual([
    ["reading", 1],
    ["collection", 2],
  ]);
  expect(published[1]).toMatchObject({ data: { beforeId: 1, afterId: 1 } });
  expect(p.acceptReading(sampleReading(), null).id).toBe(3);
  expect(history.failure).toBeNull();
});

test("the metrics hear of every result once, stored or not, before the feed does", () => {
  let full = false;
  const real = openStore({ file: ":memory:" });
  const store: Store = {
    ...real,
    append: (events) => {
      if (full) throw heapscopeError("store-failed", { file: "h.db", reason: "database or disk is full" });
      return real.append(events);
    },
  };
  const heard: string[] = [];
  const feed = {
    publish: ({ type }: StoredEvent) => void heard.push(`published ${type}`),
    publishUnstored: ({ type }: NewEvent) => void heard.push(`published unstored ${type}`),
  };
  const metrics: PipelineMetrics = {
    note: ({ type }) => void heard.push(`noted ${type}`),
    noteBoard: ({ name }) => void heard.push(`noted ${name}`),
  };
  const clock = new ManualClock();
  const history = new HistoryWriter({ store, clock, log: pino({ level: "silent" }), onStored: feed.publish });
  const p = new Pipeline({ history, feed, clock, metrics });
  p.acceptReading(sampleReading(), null);
  p.acceptBoard(sampleSnapshot());
  full = true;
  p.acceptMissed(sampleMissed());
  expect(heard).toEqual([
    ...["noted reading", "published reading"],
    ...["noted greenhouse", "noted board", "published board"],
    ...["noted missed", "published unstored missed"],
  ]);
  history.stop();
});
