import { createConnection } from "node:net";
import { expect, test } from "vitest";
import {
  sampleCollection,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../support/samples.ts";
import { boardId, type Message, portOf, testApp } from "./test-app.ts";

const reading = (id = boardId) => ({ type: "reading" as const, data: sampleReading({ boardId: id }) });
const cursors = (messages: readonly Message[]) => messages.map(({ cursor }) => cursor);

test("hello, snapshot, then live events of every kind", async () => {
  const { accept, connect, boards, store } = await testApp();
  accept(reading());
  const client = await connect();
  const history = store.historyId();
  expect(await client.next()).toEqual({ type: "hello", version: 1, heapscope: "0.1.0", cursor: 1, history });
  client.send({ type: "subscribe", boards: ["*"] });
  expect(await client.next()).toEqual({ type: "snapshot", boards, alerts: [], cursor: 1 });
  accept(
    reading(),
    { type: "collection", data: sampleCollection() },
    { type: "missed", data: sampleMissed() },
    { type: "board", boardId, at: sampleTime, data: sampleSnapshot() },
  );
  expect(await client.take(4)).toEqual([
    { type: "reading", cursor: 2, data: { ...sampleReading(), id: 2 } },
    { type: "collection", cursor: 3, data: { ...sampleCollection(), id: 3 } },
    { type: "missed", cursor: 4, data: { ...sampleMissed(), id: 4 } },
    { type: "board", cursor: 5, data: sampleSnapshot() },
  ]);
});

test("what an older heapscope did not store of a board is null", async () => {
  const { accept, connect } = await testApp();
  const { readIntervalMs: _, ...older } = sampleSnapshot();
  accept({ type: "board", boardId, at: sampleTime, data: older });
  const client = await connect();
  const replayed = await client.subscribe({ after: 0 });
  expect(replayed).toEqual({ type: "board", cursor: 1, data: { ...older, readIntervalMs: null } });
});

test("every event is encoded once, however many clients listen, and not at all for nobody", async () => {
  const { accept, connect, feed } = await testApp();
  accept(reading());
  expect(feed.encodings).toBe(0);
  const clients = await Promise.all([connect(), connect(), connect()]);
  for (const client of clients) await client.subscribe();
  accept(reading(), reading());
  for (const client of clients) expect(cursors(await client.take(2))).toEqual([2, 3]);
  expect(feed.encodings).toBe(2);
  expect(feed.clientCount).toBe(3);
});

test("a subscription can name boards, by id or name, and kinds", async () => {
  const { accept, connect, boards } = await testApp();
  boards.push(sampleSnapshot({ id: "b", name: "b" }));
  const client = await connect();
  const snapshot = await client.subscribe({ boards: ["greenhouse"], types: ["missed"] });
  expect(snapshot).toMatchObject({ boards: [{ id: boardId }] });
  accept(reading(), { type: "missed", data: sampleMissed({ boardId: "b" }) });
  accept({ type: "missed", data: sampleMissed() });
  expect(await client.next()).toMatchObject({ type: "missed", cursor: 3 });
});

test("resuming by cursor replays what was missed, then goes on live, without a hole or a double", async () => {
  const { accept, connect } = await testApp({ limits: { replayPage: 3 } });
  for (let n = 0; n < 10; n++) accept(reading());
  const client = await connect();
  const first = client.subscribe({ after: 2 });
  expect(cursors([await first])).toEqual([3]);
  accept(reading());
  expect(cursors(await client.take(8))).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
});

test("events that arrive between the pages of a replay come once and in order", async () => {
  const { accept, connect } = await testApp({ limits: { replayPage: 2 } });
  for (let n = 0; n < 20; n++) accept(reading(), { type: "missed", data: sampleMissed() });
  const client = await connect();
  const seen = [await client.subscribe({ after: 0 })];
  while (seen.length < 100) {
    // One more event whenever something comes: some land in the replay, the rest are live.
    if (seen.length <= 60) accept(reading());
    seen.push(await client.next());
  }
  expect(cursors(seen)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
});

test("a replay keeps to the subscribed boards and kinds", async () => {
  const { accept, connect } = await testApp({ limits: { replayPage: 2 } });
  for (let n = 0; n < 4; n++) accept(reading(), reading("b"), { type: "missed", data: sampleMissed() });
  const client = await connect();
  const first = await client.subscribe({ after: 0, boards: ["b"], types: ["reading"] });
  expect(cursors([first, ...(await client.take(3))])).toEqual([2, 5, 8, 11]);
  accept(reading(), reading("b"));
  expect(await client.next()).toMatchObject({ cursor: 14 });
});

test("an event that is stored but not published yet is sent once, when it is published", async () => {
  const { store, feed, connect } = await testApp();
  const [stored] = store.append([reading()]);
  feed.publish(stored!);
  const [late] = store.append([reading()]);
  const client = await connect();
  expect(await client.subscribe({ after: 0 })).toMatchObject({ cursor: 1 });
  feed.publish(late!);
  expect(await client.next()).toMatchObject({ cursor: 2 });
});

test("a cursor that is up to date is answered by live events only", async () => {
  const { accept, connect } = await testApp();
  accept(reading());
  const client = await connect();
  const next = client.subscribe({ after: 1 });
  await client.opened;
  // The subscribe has been handled when the pong to a later ping is back.
  await new Promise<void>((resolve) => {
    client.socket.once("pong", () => resolve());
    setImmediate(() => client.socket.ping());
  });
  accept(reading());
  expect(await next).toMatchObject({ type: "reading", cursor: 2 });
});

test("a cursor older than history answers gap, then a snapshot, then live", async () => {
  const { accept, connect, boards, store } = await testApp();
  accept(reading(), reading(), reading());
  Object.assign(store, { oldestCursor: () => 2 });
  const client = await connect();
  expect(await client.subscribe({ after: 1 })).toEqual({ type: "gap", oldest: 2 });
  expect(await client.next()).toEqual({ type: "snapshot", boards, alerts: [], cursor: 3 });
  const upToDate = await connect();
  expect(await upToDate.subscribe({ after: 2 })).toMatchObject({ type: "reading", cursor: 3 });
});

test("a cursor of the future is an error, and the client may subscribe again", async () => {
  const { accept, connect } = await testApp();
  accept(reading());
  const client = await connect();
  expect(await client.subscribe({ after: 7 })).toMatchObject({ type: "error", code: "feed-cursor-ahead" });
  client.send({ type: "subscribe", boards: ["*"] });
  expect(await client.next()).toMatchObject({ type: "snapshot", cursor: 1 });
});

test("a cursor of another history is an error, of this one it is none", async () => {
  const { accept, connect, store } = await testApp();
  accept(reading(), reading());
  const client = await connect();
  const history = store.historyId();
  expect(await client.subscribe({ after: 1, history: "0123456789abcdef" })).toMatchObject({
    type: "error",
    code: "feed-cursor-foreign",
  });
  client.send({ type: "subscribe", boards: ["*"], after: 1, history });
  expect(await client.next()).toMatchObject({ type: "reading", cursor: 2 });
});

test("publishing out of order is refused", async () => {
  const { store, feed } = await testApp();
  const [first, second] = store.append([reading(), reading()]);
  feed.publish(second!);
  expect(() => feed.publish(first!)).toThrow(expect.objectContaining({ code: "internal" }));
});

test.each([
  ["malformed JSON", '{"type":', 1007, "not JSON"],
  ["an unknown type", '{"type":"unsubscribe"}', 1008, '"unsubscribe"'],
  ["no object", "[1]", 1008, '"type"'],
  ["no boards", '{"type":"subscribe"}', 1008, '"boards" is missing'],
  ["a wrong kind", '{"type":"subscribe","boards":["*"],"types":["alarm"]}', 1008, "types"],
  ["a wrong cursor", '{"type":"subscribe","boards":["*"],"after":-1}', 1008, "after"],
  ["an unknown key", '{"type":"subscribe","boards":["*"],"since":1}', 1008, '"since"'],
  ["a message too large", `{"type":"${"x".repeat(70_000)}"}`, 1009, "bytes"],
  ["a binary frame", Buffer.from([1, 2, 3]), 1003, "binary"],
])("%s is answered with an error and closed", async (_, frame, code, sentence) => {
  const { connect, feed } = await testApp();
  const client = await connect();
  await client.next();
  client.socket.send(frame);
  expect(await client.next()).toMatchObject({
    type: "error",
    code: "feed-message-invalid",
    message: expect.stringContaining(sentence),
  });
  expect(await client.closed).toMatchObject({ code });
  await expect.poll(() => feed.clientCount).toBe(0);
});

test("a message beyond the hard limit is closed with 1009", async () => {
  const { connect } = await testApp();
  const client = await connect();
  await client.next();
  client.socket.send("x".repeat(2 * 1024 * 1024));
  expect(await client.closed).toMatchObject({ code: 1009 });
});

test("a client that does not subscribe is told so and closed", async () => {
  const { connect, clock } = await testApp();
  const silent = await connect();
  const subscribed = await connect();
  await silent.next();
  await subscribed.subscribe();
  await clock.advance(10_000);
  expect(await silent.next()).toMatchObject({ type: "error", code: "feed-silent-client" });
  expect(await silent.closed).toMatchObject({ code: 1008 });
  expect(subscribed.socket.readyState).toBe(subscribed.socket.OPEN);
});

test("a client that answers pings stays, a dead one is cut off", async () => {
  const { connect, clock, feed } = await testApp();
  const alive = await connect();
  const dead = await connect({ autoPong: false });
  await alive.subscribe();
  await dead.subscribe();
  const pinged = [alive, dead].map(({ socket }) => new Promise((resolve) => socket.once("ping", resolve)));
  await clock.advance(30_000);
  await Promise.all(pinged);
  // One more exchange: the pong before it has reached the server.
  alive.send({ type: "subscribe", boards: ["*"] });
  await alive.next();
  await clock.advance(30_000);
  expect(await dead.closed).toMatchObject({ code: 1006 });
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  expect(feed.clientCount).toBe(1);
});

test("one client too many is refused before the upgrade", async () => {
  const { connect } = await testApp({ limits: { clients: 1 } });
  await connect();
  await expect(connect()).rejects.toThrow("503");
});

test("a web page of another origin, or by another name, gets no feed", async () => {
  const { connect, feed } = await testApp();
  await expect(connect({ headers: { origin: "http://evil.example" } })).rejects.toThrow("403");
  await expect(connect({ headers: { host: "evil.example" } })).rejects.toThrow("403");
  expect(feed.clientCount).toBe(0);
});

test("a client that stalls gets coalesced readings when it goes on: none unaccounted for, all in order", async () => {
  const { store, feed, connect } = await testApp({ limits: { bufferedBytes: 64 * 1024 } });
  const stalled = await connect();
  await stalled.subscribe();
  stalled.socket.pause();
  const total = 30_000;
  // More than the operating system buffers on a loopback connection.
  for (const event of store.append(Array.from({ length: total }, () => reading()))) feed.publish(event);
  stalled.socket.resume();
  let messages = 0;
  let accounted = 0;
  let cursor = 0;
  while (cursor < total) {
    const message = await stalled.next();
    messages++;
    expect(message.cursor).toBeGreaterThan(cursor);
    cursor = message.cursor ?? 0;
    accounted += 1 + (message.coalesced ?? 0);
  }
  expect(accounted).toBe(total);
  expect(messages).toBeLessThan(total);
  expect(feed.encodings).toBe(total);
});

test("a client that stalls while other events pile up is closed with 1013 and resumes by cursor", async () => {
  const { store, feed, connect } = await testApp({ limits: { bufferedBytes: 1024, waitingEvents: 10 } });
  const stalled = await connect();
  await stalled.subscribe();
  stalled.socket.pause();
  const total = 30_000;
  const missed = { type: "missed" as const, data: sampleMissed({ detail: "x".repeat(400) }) };
  for (const event of store.append(Array.from({ length: total }, () => missed))) feed.publish(event);
  const seen: unknown[] = [];
  stalled.socket.on("message", (data) => seen.push(JSON.parse(data.toString()).cursor));
  stalled.socket.resume();
  expect(await stalled.closed).toMatchObject({ code: 1013 });
  const resumed = await connect();
  const rest = [
    await resumed.subscribe({ after: seen.length }),
    ...(await resumed.take(total - seen.length - 1)),
  ];
  expect([...seen, ...cursors(rest)]).toEqual(Array.from({ length: total }, (_, n) => n + 1));
});

test("a refused upgrade holds no connection open", async () => {
  const { app } = await testApp();
  await app.listen({ port: 0, host: "127.0.0.1" });
  for (const [path, status] of [
    ["/api/v1/feed", "101"],
    ["/api/v1/nowhere", "404"],
    ["/api/v1/boards", "404"],
    ["/%zz", "400"],
  ] as const) {
    const socket = createConnection(portOf(app), "127.0.0.1");
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    const first = await new Promise<string>((resolve) =>
      socket.once("data", (data) => resolve(String(data))),
    );
    expect([path, first.slice(9, 12)]).toEqual([path, status]);
    if (status === "101") socket.destroy();
    else await new Promise((resolve) => socket.once("close", resolve).resume());
  }
});

test("an ordinary GET of the feed says that it is a WebSocket", async () => {
  const { app } = await testApp();
  const answer = await app.inject("/api/v1/feed");
  expect([answer.statusCode, answer.json().code]).toEqual([426, "upgrade-required"]);
});

test("closing the app says goodbye with 1001", async () => {
  const { app, connect, feed, clock } = await testApp();
  const client = await connect();
  await client.subscribe();
  await app.close();
  expect(await client.closed).toMatchObject({ code: 1001 });
  await expect.poll(() => feed.clientCount).toBe(0);
  expect(clock.pending).toBe(0);
});

test("closing cuts off a client that does not answer the goodbye", async () => {
  const { app, connect, clock } = await testApp();
  const client = await connect();
  await client.subscribe();
  client.socket.pause();
  const closed = app.close();
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(1000);
  await closed;
  client.socket.resume();
  await client.closed;
});

test("a history that fails in a replay is an error and 1011, not a crash", async () => {
  const { accept, connect, store } = await testApp();
  accept(reading());
  const client = await connect();
  await client.next();
  store.close();
  client.send({ type: "subscribe", boards: ["*"], after: 0 });
  expect(await client.next()).toMatchObject({ type: "error", code: "store-failed" });
  expect(await client.closed).toMatchObject({ code: 1011 });
});
