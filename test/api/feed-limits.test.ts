import { expect, onTestFinished, test } from "vitest";
import { FeedHub } from "../../src/api/feed.ts";
import type { FeedSocket } from "../../src/api/feed-client.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store-types.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleAlert, sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";
import { textsOfFrames } from "../support/text-frames.ts";
import { boardId, testApp } from "./test-app.ts";

const reading = (id = boardId) => ({ type: "reading" as const, data: sampleReading({ boardId: id }) });
const subscribe = { type: "subscribe", boards: ["*"] };

test("a client that floods the feed with messages is told so and closed, one that keeps to the rate is not", async () => {
  const { connect, clock, feed } = await testApp({ limits: { messages: { burst: 3, perSecond: 1 } } });
  const calm = await connect();
  await calm.subscribe();
  for (let count = 0; count < 10; count++) {
    await clock.advance(1000);
    calm.send(subscribe);
    expect(await calm.next()).toMatchObject({ type: "snapshot" });
  }
  const wild = await connect();
  await wild.next();
  for (let count = 0; count < 100; count++) wild.send(subscribe);
  expect((await wild.take(4)).map(({ type }) => type)).toEqual(["snapshot", "snapshot", "snapshot", "error"]);
  expect(await wild.closed).toMatchObject({ code: 1008, reason: "feed-flooded" });
  expect(calm.socket.readyState).toBe(calm.socket.OPEN);
  await expect.poll(() => feed.clientCount).toBe(1);
});

test("pings count as messages: each would leave a pong behind", async () => {
  const { connect } = await testApp();
  const client = await connect();
  await client.subscribe();
  client.socket.pause();
  for (let count = 0; count < 10_000; count++) client.socket.ping();
  client.socket.resume();
  expect(await client.next()).toMatchObject({ type: "error", code: "feed-flooded" });
  expect(await client.closed).toMatchObject({ code: 1008 });
});

test("a client that never reads cannot pile up answers, however often it subscribes", async () => {
  const { accept, connect, store, clock, boards, app } = await testApp({
    limits: { bufferedBytes: 16 * 1024, replayBytes: 16 * 1024, messages: { burst: 5000, perSecond: 1 } },
  });
  // A snapshot larger than anything that the operating system buffers in passing.
  for (let count = 0; count < 1000; count++)
    boards.push(sampleSnapshot({ id: `b${count}`, name: `b${count}` }));
  for (let count = 0; count < 2000; count++) accept(reading());
  let pages = 0;
  const { eventsAfter } = store;
  Object.assign(store, {
    eventsAfter: (...args: Parameters<Store["eventsAfter"]>) => {
      pages++;
      return eventsAfter(...args);
    },
  });
  const connections: { writableLength: number }[] = [];
  app.server.on("connection", (socket) => connections.push(socket));
  const client = await connect();
  await client.next();
  client.socket.pause();
  let most = 0;
  for (let count = 0; count < 2000; count++) {
    client.send(count % 2 === 0 ? { ...subscribe, after: 0 } : subscribe);
    if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, connections[0]!.writableLength);
  }
  // One snapshot of a thousand boards is about 700 KB; a hundred of them would be 70 MB.
  expect(most).toBeGreaterThan(16 * 1024);
  expect(most).toBeLessThan(2_000_000);
  expect(pages).toBeLessThan(1000);
  // And it does not stay: it answers no ping.
  await clock.advance(30_000);
  await clock.advance(30_000);
  client.socket.resume();
  expect(await client.closed).toMatchObject({ code: 1006 });
});

test("a client that sends and never reads is as good as dead", async () => {
  const { connect, clock, feed } = await testApp();
  const client = await connect({ autoPong: false });
  await client.subscribe();
  await clock.advance(30_000);
  client.send(subscribe);
  await client.next();
  await clock.advance(30_000);
  expect(await client.closed).toMatchObject({ code: 1006 });
  await expect.poll(() => feed.clientCount).toBe(0);
});

test("many that resume at once share the turns with what is live", async () => {
  const { accept, connect } = await testApp({ limits: { replayPage: 10 } });
  for (let count = 0; count < 300; count++) accept(reading());
  const live = await connect();
  await live.subscribe();
  const resuming = await Promise.all(Array.from({ length: 20 }, () => connect()));
  const replays = resuming.map(async (client) => {
    await client.subscribe({ after: 0 });
    return client.take(300);
  });
  accept({ type: "missed", data: sampleMissed() });
  expect(await live.next()).toMatchObject({ type: "missed", cursor: 301 });
  for (const messages of await Promise.all(replays)) expect(messages.at(-1)).toMatchObject({ cursor: 301 });
});

test("the snapshot carries the alerts that fire now, of the subscribed boards", async () => {
  const { accept, connect } = await testApp();
  accept(
    { type: "alert", data: sampleAlert() },
    { type: "alert", data: sampleAlert({ boardId: "b" }) },
    { type: "alert", data: sampleAlert({ rule: "leak" }) },
    { type: "alert", data: sampleAlert({ rule: "leak", state: "resolved" }) },
  );
  const all = await connect();
  expect(await all.subscribe()).toMatchObject({ alerts: [{ id: 1 }, { id: 2, boardId: "b" }] });
  const one = await connect();
  expect(await one.subscribe({ boards: ["greenhouse"] })).toMatchObject({ alerts: [{ id: 1, boardId }] });
});

test("a history that cannot be read leaves the alerts unknown, not the feed closed", async () => {
  const { connect, store, boards } = await testApp();
  store.close();
  const client = await connect();
  expect(await client.subscribe()).toEqual({ type: "snapshot", boards, alerts: null, cursor: 0 });
});

test("alerts are events: live, by type, and in a replay", async () => {
  const { accept, connect } = await testApp();
  const client = await connect();
  await client.subscribe({ types: ["alert"] });
  accept(reading(), { type: "alert", data: sampleAlert() });
  const message = await client.next();
  expect(message).toEqual({ type: "alert", cursor: 2, data: { ...sampleAlert(), id: 2 } });
  const resumed = await connect();
  expect(await resumed.subscribe({ types: ["alert"], after: 0 })).toEqual(message);
});

test("what history cannot take is sent live, without a cursor, to who wants it, and never again", async () => {
  const { accept, connect, feed } = await testApp();
  const all = await connect();
  await all.subscribe();
  const alerts = await connect();
  await alerts.subscribe({ types: ["alert"] });
  const other = await connect();
  await other.subscribe({ boards: ["b"] });
  feed.publishUnstored({ type: "reading", data: sampleReading({ id: -1 }) });
  feed.publishUnstored({ type: "alert", data: sampleAlert() });
  accept({ type: "missed", data: sampleMissed() }, reading("b"));
  expect(await all.take(4)).toMatchObject([
    { type: "unstored", event: "reading", data: { id: -1 } },
    { type: "unstored", event: "alert", data: { rule: "heap-nearly-full" } },
    { type: "missed", cursor: 1 },
    { type: "reading", cursor: 2 },
  ]);
  expect(await alerts.next()).toMatchObject({ type: "unstored", event: "alert" });
  expect(await other.next()).toMatchObject({ type: "reading", cursor: 2 });
  const late = await connect();
  expect(await late.subscribe({ after: 0 })).toMatchObject({ type: "missed", cursor: 1 });
  expect(feed.encodings).toBe(4);
});

test("marks tell who asked for them where they are: after a replay and with every heartbeat", async () => {
  const { accept, connect, clock } = await testApp();
  accept(reading(), reading());
  const client = await connect();
  expect(await client.subscribe({ after: 1, types: ["missed"], marks: true })).toEqual({
    type: "mark",
    cursor: 2,
  });
  accept(reading());
  await clock.advance(30_000);
  expect(await client.next()).toEqual({ type: "mark", cursor: 3 });
});

test("a board that nobody knows is no error: its events come when it does, by id or by name", async () => {
  const { accept, connect, boards } = await testApp();
  const client = await connect();
  expect(await client.subscribe({ boards: ["porch", "c"] })).toMatchObject({ type: "snapshot", boards: [] });
  boards.push(sampleSnapshot({ id: "b", name: "porch" }));
  accept(reading(), reading("b"), reading("c"));
  expect(await client.take(2)).toMatchObject([{ cursor: 2 }, { cursor: 3 }]);
});

test("who turns live between publishing and handing out gets nothing twice", () => {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  const boards = { list: () => [], find: () => undefined };
  const feed = new FeedHub({ store, boards, clock: new ManualClock(), version: "0", logger: false });
  const [early, late] = [new RecordingSocket(), new RecordingSocket()];
  const bytes = Buffer.from(JSON.stringify(subscribe));
  feed.connect(early).receive(bytes, false);
  for (const event of store.append([reading(), reading()])) feed.publish(event);
  feed.connect(late).receive(bytes, false);
  for (const event of store.append([reading()])) feed.publish(event);
  feed.close();
  expect(early.cursors).toEqual([0, 0, 1, 2, 3]);
  expect(late.cursors).toEqual([2, 2, 3]);
  // Hello, snapshot, the two events of one turn together, the third.
  expect(early.writes).toBe(4);
  expect(feed.encodings).toBe(3);
});

/** Takes everything at once. */
class RecordingSocket implements FeedSocket {
  readonly bufferedAmount = 0;
  readonly cursors: unknown[] = [];
  writes = 0;

  write(frames: Buffer): void {
    this.writes++;
    for (const text of textsOfFrames(frames)) this.cursors.push(JSON.parse(text).cursor);
  }

  close(): void {}
  ping(): void {}
  terminate(): void {}
}
