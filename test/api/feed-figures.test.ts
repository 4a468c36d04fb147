import { expect, test } from "vitest";
import { FeedHub } from "../../src/api/feed.ts";
import type { FeedSocket } from "../../src/api/feed-client.ts";
import { openStore } from "../../src/store/open-store.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleMissed, sampleReading } from "../support/samples.ts";

/** Takes nothing: whatever is sent stays in its buffer. */
function stalledSocket(): FeedSocket {
  const state = { bufferedAmount: 0 };
  return {
    get bufferedAmount() {
      return state.bufferedAmount;
    },
    send: (frame) => {
      state.bufferedAmount += frame.length;
    },
    close: () => {},
    ping: () => {},
    terminate: () => {},
  };
}

test("the feed says what it published, what waits for slow clients, and whom it cut off", () => {
  const store = openStore({ file: ":memory:" });
  const feed = new FeedHub({
    store,
    boards: { list: () => [], find: () => undefined },
    clock: new ManualClock(),
    version: "0.1.0",
    logger: false,
    limits: { bufferedBytes: 0, waitingEvents: 2 },
  });
  const publish = (...events: Parameters<typeof store.append>[0]): void => {
    for (const event of store.append(events)) feed.publish(event);
  };
  publish({ type: "reading", data: sampleReading() });
  expect([feed.published, feed.queuedEvents, feed.cutOffs]).toEqual([1, 0, 0]);

  const clients = [feed.connect(stalledSocket()), feed.connect(stalledSocket())];
  for (const client of clients) client.receive(Buffer.from('{"type":"subscribe","boards":["*"]}'), false);
  const missed = { type: "missed" as const, data: sampleMissed() };
  publish(missed, { type: "reading", data: sampleReading() }, { type: "reading", data: sampleReading() });
  // Of readings only the newest waits.
  expect([feed.published, feed.queuedEvents, feed.cutOffs]).toEqual([4, 4, 0]);
  publish(missed, missed);
  expect([feed.published, feed.queuedEvents, feed.cutOffs]).toEqual([6, 0, 2]);
  store.close();
});
