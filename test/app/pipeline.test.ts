import { pino } from "pino";
import { expect, test } from "vitest";
import { Pipeline } from "../../src/app/pipeline.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store, StoredEvent } from "../../src/store/store-types.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleCollection, sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";

function pipeline(change: Partial<Store> = {}) {
  const published: StoredEvent[] = [];
  const store: Store = { ...openStore({ file: ":memory:" }), ...change };
  const feed = { publish: (event: StoredEvent) => published.push(event) };
  return {
    store,
    published,
    pipeline: new Pipeline(store, feed, new ManualClock(), pino({ level: "silent" })),
  };
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

test("what could not be stored is not published, is noted, and the next result is tried again", () => {
  let full = true;
  const real = openStore({ file: ":memory:" });
  const { pipeline: p, published } = pipeline({
    ...real,
    append: (events) => {
      if (full) throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
      return real.append(events);
    },
  });
  expect(p.acceptReading(sampleReading(), null).id).toBeLessThan(0);
  expect(published).toEqual([]);
  expect(p.lastError).toMatchObject({
    code: "store-failed",
    message: expect.stringContaining("disk is full"),
  });
  full = false;
  expect(p.acceptReading(sampleReading(), null).id).toBeGreaterThan(0);
  expect(p.lastError).toBeNull();
});
