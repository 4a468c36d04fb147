import { expect, onTestFinished, test } from "vitest";
import { connectFeed, type FeedOptions } from "../../src/client/connect-feed.ts";
import { ManualClock, settle } from "../support/manual-clock.ts";
import { sampleReading } from "../support/samples.ts";
import { fakeSockets } from "./fake-sockets.ts";

const snapshot = (cursor: number) => ({ type: "snapshot", boards: [], alerts: [], cursor });
const event = (cursor: number, more: object = {}) => ({
  type: "reading",
  cursor,
  data: sampleReading({ id: cursor }),
  ...more,
});

/** A client, everything it tells, in order, and the server's side of its sockets. */
function follow(options: Partial<FeedOptions> = {}) {
  const clock = new ManualClock();
  const sockets = fakeSockets();
  const told: string[] = [];
  const feed = connectFeed(
    {
      url: "http://127.0.0.1:7380",
      webSocket: sockets.webSocket,
      clock,
      fetch: async () => {
        throw new Error("nobody there");
      },
      random: () => 1,
      ...options,
    },
    {
      onState: (state) => told.push(state.kind),
      onSnapshot: ({ cursor }, reason) => told.push(`snapshot ${cursor} ${reason}`),
      onEvent: ({ type, cursor }) => told.push(`${type} ${cursor}`),
      onUnstored: ({ event: kind }) => told.push(`unstored ${kind}`),
      onGap: ({ oldest }) => told.push(`gap ${oldest}`),
    },
  );
  onTestFinished(() => feed.close());
  return { clock, sockets, told, feed };
}

test("subscribes when greeted, then tells snapshot and events", () => {
  const { sockets, told, feed } = follow({ boards: ["a"], types: ["reading"] });
  expect(sockets.last.url).toBe("ws://127.0.0.1:7380/api/v1/feed");
  sockets.last.hello(7);
  expect(sockets.last.sent).toEqual([{ type: "subscribe", boards: ["a"], types: ["reading"], marks: true }]);
  sockets.last.say(snapshot(7), event(8), event(11, { coalesced: 2 }), {
    type: "unstored",
    event: "missed",
    data: {},
  });
  expect(told).toEqual([
    "connecting",
    "live",
    "snapshot 7 first",
    "reading 8",
    "reading 11",
    "unstored missed",
  ]);
  expect(feed.cursor).toBe(11);
  expect(feed.counts).toEqual({ connections: 1, events: 2, coalesced: 2, dropped: 0, gaps: 0 });
});

test("a server that does not know its cursor gives none to come back with, until an event has one", async () => {
  const { clock, sockets, told, feed } = follow();
  const unknown = { type: "snapshot", boards: [], alerts: null, cursor: null };
  sockets.last.onopen?.({} as never);
  sockets.last.say({ type: "hello", version: 1, heapscope: "0.1.0", cursor: null }, unknown);
  sockets.last.say({ type: "mark", cursor: null });
  expect([feed.state.kind, feed.cursor]).toEqual(["live", undefined]);
  sockets.last.drop();
  await settle();
  await clock.advance(10_000);
  sockets.last.hello(0);
  expect(sockets.last.sent[0]).not.toHaveProperty("after");
  sockets.last.say(unknown, event(1001));
  expect([told.at(-1), feed.cursor]).toEqual(["reading 1001", 1001]);
});

test("comes back by cursor when the connection breaks, and drops what comes twice", async () => {
  const { sockets, told, feed, clock } = follow();
  sockets.last.hello(1);
  sockets.last.say(snapshot(1), event(2), event(3));
  sockets.last.drop();
  expect(feed.state).toEqual({ kind: "waiting", reason: "The connection broke.", retryInMs: 250 });
  await clock.advance(249);
  expect(sockets.opened).toHaveLength(1);
  await clock.advance(1);
  sockets.last.hello(6);
  expect(sockets.last.sent).toEqual([{ type: "subscribe", boards: ["*"], after: 3, marks: true }]);
  expect(feed.state).toEqual({ kind: "replaying", behind: 3 });
  sockets.last.say(event(3), event(4), event(5), event(4), event(6), { type: "mark", cursor: 6 }, event(7));
  expect(told.slice(5)).toEqual(
    ["waiting", "connecting", "replaying", "reading 4", "reading 5", "reading 6", "live", "reading 7"].slice(
      0,
    ),
  );
  expect(feed.counts.dropped).toBe(2);
});

test("waits longer and longer, by half by chance, while nobody answers, and starts over after it was live", async () => {
  const { sockets, feed, clock } = follow({ random: () => 0 });
  const waits: unknown[] = [];
  for (let count = 0; count < 8; count++) {
    sockets.last.drop();
    await settle();
    expect(feed.state).toMatchObject({ kind: "waiting", reason: "The daemon does not answer." });
    if (feed.state.kind === "waiting") waits.push(feed.state.retryInMs);
    await clock.advance(10_000);
  }
  expect(waits).toEqual([125, 250, 500, 1000, 2000, 4000, 5000, 5000]);
  sockets.last.hello(1);
  sockets.last.say(snapshot(1));
  sockets.last.drop();
  expect(feed.state).toMatchObject({ retryInMs: 125 });
});

test("does not hurry back to a daemon that cut it off", async () => {
  const { sockets, feed, clock } = follow();
  const waits: unknown[] = [];
  for (let count = 0; count < 3; count++) {
    sockets.last.hello(1);
    sockets.last.say(count === 0 ? snapshot(1) : { type: "mark", cursor: 1 });
    sockets.last.drop(1013);
    waits.push(feed.state);
    await clock.advance(10_000);
  }
  expect(waits).toMatchObject([
    { retryInMs: 250 },
    { retryInMs: 500 },
    { retryInMs: 1000, reason: expect.stringContaining("cut us off") },
  ]);
});

test("a gap is told, and so is the snapshot that follows", async () => {
  const { sockets, told, feed } = follow({ after: 5 });
  sockets.last.hello(90);
  sockets.last.say({ type: "gap", oldest: 50 }, snapshot(90), event(91));
  expect(told).toEqual(["connecting", "replaying", "gap 50", "live", "snapshot 90 gap", "reading 91"]);
  expect(feed.counts.gaps).toBe(1);
});

test("a replaced history begins anew, told as such, on the same connection", () => {
  const { sockets, told, feed } = follow({ after: 500 });
  sockets.last.hello(3);
  sockets.last.say({ type: "error", code: "feed-cursor-ahead", message: "There is no event 500 yet." });
  expect(sockets.last.sent.at(-1)).toEqual({ type: "subscribe", boards: ["*"], marks: true });
  sockets.last.say(snapshot(3), event(4));
  expect(told).toEqual(["connecting", "replaying", "live", "snapshot 3 replaced", "reading 4"]);
  expect([feed.cursor, sockets.opened.length]).toEqual([4, 1]);
});

test("a history that was replaced while the daemon was away is noticed, though its cursors go as far", async () => {
  const { sockets, told, feed, clock } = follow();
  sockets.last.hello(5, 1, "one");
  sockets.last.say(snapshot(5), event(6));
  expect([feed.cursor, feed.history]).toEqual([6, "one"]);
  sockets.last.drop();
  await clock.advance(250);
  sockets.last.hello(90, 1, "two");
  expect(sockets.last.sent).toEqual([{ type: "subscribe", boards: ["*"], marks: true }]);
  sockets.last.say(snapshot(90));
  expect(told.slice(-2)).toEqual(["live", "snapshot 90 replaced"]);
  expect([feed.cursor, feed.history]).toEqual([90, "two"]);
});

test("a cursor is sent with the history that it is of", async () => {
  const { sockets, clock } = follow({ after: 3, history: "one" });
  sockets.last.hello(5, 1, "one");
  const resumed = { type: "subscribe", boards: ["*"], after: 3, history: "one", marks: true };
  expect(sockets.last.sent).toEqual([resumed]);
  sockets.last.say(event(4));
  sockets.last.drop();
  await clock.advance(250);
  // A daemon that cannot read its history now has not another one.
  sockets.last.hello(5, 1, null);
  expect(sockets.last.sent).toEqual([{ ...resumed, after: 4 }]);
});

test.each([401, 403])(
  "is refused by %i, says why in the daemon's words, and tries no more",
  async (status) => {
    const asked: unknown[] = [];
    const { sockets, feed, clock } = follow({
      token: "secret",
      fetch: async (url, { headers }) => {
        asked.push(url, headers);
        return { status, json: async () => ({ detail: "The token is unknown." }) };
      },
    });
    expect(sockets.last.protocols).toEqual(["heapscope", "token.secret"]);
    sockets.last.drop();
    await settle();
    expect(feed.state).toEqual({ kind: "refused", reason: "The token is unknown.", status });
    expect(asked).toEqual(["http://127.0.0.1:7380/api/v1/feed", { authorization: "Bearer secret" }]);
    await clock.advance(3_600_000);
    expect([sockets.opened.length, clock.pending]).toEqual([1, 0]);
  },
);

test("another status is an obstacle that may pass", async () => {
  const { sockets, feed, clock } = follow({
    fetch: async () => ({
      status: 503,
      json: async () => ({ detail: "The feed already has 2048 clients." }),
    }),
  });
  sockets.last.drop();
  await settle();
  expect(feed.state).toMatchObject({ kind: "waiting", reason: "The feed already has 2048 clients." });
  await clock.advance(250);
  expect(sockets.opened).toHaveLength(2);
});

test("silence longer than two heartbeats is a dead connection; marks are life", async () => {
  const { sockets, feed, clock } = follow();
  sockets.last.hello(1);
  sockets.last.say(snapshot(1));
  for (let count = 0; count < 10; count++) {
    await clock.advance(30_000);
    sockets.last.say({ type: "mark", cursor: 100 + count });
  }
  expect([feed.state.kind, feed.cursor, sockets.opened.length]).toEqual(["live", 109, 1]);
  await clock.advance(74_000);
  expect(feed.silentMs).toBe(74_000);
  await clock.advance(1_000);
  expect(feed.silentMs).toBe(0);
  expect(feed.state).toMatchObject({ kind: "waiting", reason: expect.stringContaining("75 s") });
  expect(sockets.last.ended).toBe("terminated");
  sockets.last.say(event(200));
  expect(feed.cursor).toBe(109);
  await clock.advance(250);
  sockets.last.hello(200);
  expect(sockets.last.sent).toMatchObject([{ after: 109 }]);
});

test("a connection that never opens is given up", async () => {
  const { sockets, feed, clock } = follow();
  await clock.advance(10_000);
  expect(feed.state).toMatchObject({ kind: "waiting", reason: expect.stringContaining("in time") });
  expect(sockets.last.ended).toBe("terminated");
});

test.each([
  ["what is no JSON", "<html>"],
  ["what is no message", "[1]"],
  ["an event without a cursor", '{"type":"reading","data":{}}'],
])("%s is no feed: it is left and tried again", (_, text) => {
  const { sockets, feed } = follow();
  sockets.last.hello(1);
  sockets.last.say(text);
  expect(feed.state).toMatchObject({ kind: "waiting", reason: expect.stringContaining("no heapscope feed") });
});

test("a message of a later heapscope is passed over, another version of the wire refused", () => {
  const later = follow();
  later.sockets.last.hello(1);
  later.sockets.last.say({ type: "weather", cursor: 9 }, snapshot(1));
  expect(later.feed.state.kind).toBe("live");
  const other = follow();
  other.sockets.last.hello(1, 2);
  expect(other.feed.state).toMatchObject({ kind: "refused", reason: expect.stringContaining("version 2") });
});

test("a subscription that the daemon cannot use is refused, not repeated", async () => {
  const { sockets, feed, clock } = follow({ boards: [] });
  sockets.last.hello(1);
  sockets.last.say({ type: "error", code: "feed-message-invalid", message: "boards must not be empty." });
  sockets.last.drop(1008);
  expect(feed.state).toEqual({ kind: "refused", reason: "boards must not be empty.", status: null });
  expect(clock.pending).toBe(0);
});

test("close says goodbye, waits for nothing and tells nothing more", async () => {
  const { sockets, told, feed, clock } = follow();
  sockets.last.hello(1);
  sockets.last.say(snapshot(1));
  feed.close();
  feed.close();
  sockets.last.say(event(2));
  expect([sockets.last.ended, told.at(-1), feed.cursor]).toEqual(["closed", "closed", 1]);
  await clock.advance(1000);
  expect([sockets.last.ended, clock.pending]).toEqual(["terminated", 0]);
});

test("close waits no longer than the daemon takes to say goodbye", () => {
  const { sockets, feed, clock } = follow();
  sockets.last.hello(1);
  feed.close();
  sockets.last.drop(1000);
  expect([clock.pending, sockets.last.ended, feed.state.kind]).toEqual([0, "closed", "closed"]);
});

test("a handler may close the connection it is told about", async () => {
  for (const kind of ["connecting", "waiting"] as const) {
    const sockets = fakeSockets();
    const clock = new ManualClock();
    let rounds = 0;
    const feed = connectFeed(
      {
        url: "http://127.0.0.1:1",
        webSocket: sockets.webSocket,
        clock,
        fetch: async () => Promise.reject(new Error()),
      },
      {
        onState: (state) => {
          if (state.kind === kind && rounds++ > 0) feed.close();
        },
      },
    );
    for (let count = 0; count < 3; count++) {
      sockets.last.drop();
      await settle();
      await clock.advance(10_000);
    }
    expect([feed.state.kind, clock.pending]).toEqual(["closed", 0]);
  }
});

test("what is no address of a daemon is a clear error", () => {
  const { webSocket } = fakeSockets();
  for (const url of ["7380", "ftp://x", "http://"]) {
    expect(() => connectFeed({ url, webSocket }, {})).toThrow("is no address of a daemon");
  }
});
