import { expect, test } from "vitest";
import { FeedHub } from "../../src/api/feed.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { openStore } from "../../src/store/open-store.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleReading } from "../support/samples.ts";
import { testApp } from "./test-app.ts";

const reading = { type: "reading", data: sampleReading() } as const;

/** The app over a history of five events that cannot be read at first. */
async function unreadable() {
  const store = openStore({ file: ":memory:" });
  store.append(Array(5).fill(reading));
  const disk = { isFull: true };
  const guarded = <Result>(call: () => Result): Result => {
    if (disk.isFull) throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
    return call();
  };
  const feed = new FeedHub({
    store: {
      latestCursor: () => guarded(store.latestCursor),
      oldestCursor: () => guarded(store.oldestCursor),
      firingAlerts: () => guarded(store.firingAlerts),
      historyId: () => guarded(store.historyId),
      eventsAfter: (cursor, query) => guarded(() => store.eventsAfter(cursor, query)),
    },
    boards: { list: () => [], find: () => undefined },
    clock: new ManualClock(),
    version: "0.1.0",
    logger: false,
  });
  const { connect } = await testApp({ deps: { feed } });
  return { store, disk, feed, connect };
}

test("while history cannot say its newest cursor, live events come all the same, and then with cursors", async () => {
  const { store, disk, feed, connect } = await unreadable();
  const client = await connect();
  expect(await client.subscribe({ marks: true })).toMatchObject({
    type: "snapshot",
    cursor: null,
    alerts: null,
  });
  feed.publishUnstored(reading);
  expect(await client.next()).toMatchObject({ type: "unstored" });
  disk.isFull = false;
  const [stored] = store.append([reading]);
  if (stored) feed.publish(stored);
  expect(await client.next()).toMatchObject({ type: "reading", cursor: 6 });
  expect(feed.cursor).toBe(6);
});

test("who wants to resume is told why not, may come back, and then gets it all", async () => {
  const { disk, feed, connect } = await unreadable();
  const early = await connect();
  expect(await early.next()).toMatchObject({ type: "hello", cursor: null });
  early.send({ type: "subscribe", boards: ["*"], after: 3 });
  expect(await early.next()).toMatchObject({
    type: "error",
    code: "store-failed",
    message: expect.stringContaining("the disk is full"),
  });
  expect(await early.closed).toMatchObject({ code: 1011 });

  disk.isFull = false;
  const late = await connect();
  expect(await late.subscribe({ after: 3 })).toMatchObject({ type: "reading", cursor: 4 });
  expect(await late.next()).toMatchObject({ type: "reading", cursor: 5 });
  const ahead = await connect();
  expect(await ahead.subscribe({ after: 6 })).toMatchObject({ code: "feed-cursor-ahead" });
  // What was known of old is not published a second time.
  expect(() => feed.publish({ ...reading, cursor: 5, boardId: "b", at: reading.data.at })).toThrow(
    "after event 5",
  );
});
