import { expect, test } from "vitest";
import { ClientOutbox } from "../../src/api/client-outbox.ts";
import { type EncodedEvent, encodeEvent, encodeUnstored } from "../../src/api/feed-events.ts";
import { textFrame } from "../../src/api/websocket-frame.ts";
import type { StoredEvent } from "../../src/store/store-types.ts";
import { sampleAlert, sampleMissed, sampleReading, sampleTime } from "../support/samples.ts";
import { textsOfFrames } from "../support/text-frames.ts";

/** Takes frames until it is full; `drain` is the network taking some. */
class FakeSocket {
  bufferedAmount = 0;
  readonly sent: Record<string, unknown>[] = [];
  cutOff = 0;
  #callbacks: (() => void)[] = [];

  write(frames: Buffer, taken: () => void): void {
    this.bufferedAmount += frames.length;
    for (const text of textsOfFrames(frames)) this.sent.push(JSON.parse(text));
    this.#callbacks.push(taken);
  }

  /** Everything so far has reached the operating system. */
  drain(): void {
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    this.bufferedAmount = 0;
    for (const taken of callbacks) taken();
  }

  /** Cursor and coalesced count of what was sent. */
  get story(): unknown[] {
    return this.sent.map(({ cursor, coalesced }) =>
      coalesced === undefined ? cursor : `${cursor} for ${coalesced}`,
    );
  }
}

const reading = (cursor: number, boardId = "a") =>
  encodeEvent({
    type: "reading",
    cursor,
    boardId,
    at: sampleTime,
    data: sampleReading({ id: cursor, boardId }),
  });
const missed = (cursor: number, boardId = "a") =>
  encodeEvent({
    type: "missed",
    cursor,
    boardId,
    at: sampleTime,
    data: sampleMissed({ id: cursor, boardId }),
  });

/** The events of one turn. */
const turn = (...events: EncodedEvent[]) => ({
  events,
  frames: Buffer.concat(events.map(({ frame }) => frame)),
});

/** Full after any one frame. */
function slowClient(waitingEvents = 3) {
  const socket = new FakeSocket();
  const outbox = new ClientOutbox(socket, { bufferedBytes: 0, waitingEvents }, () => socket.cutOff++);
  return { socket, outbox };
}

test("a client that keeps up gets every event as it is encoded", () => {
  const socket = new FakeSocket();
  const outbox = new ClientOutbox(socket, { bufferedBytes: 1_000_000, waitingEvents: 1 }, () => {});
  for (let cursor = 1; cursor <= 5; cursor++) outbox.push(turn(reading(cursor)));
  expect(socket.story).toEqual([1, 2, 3, 4, 5]);
  expect(socket.sent[0]).toEqual({
    type: "reading",
    cursor: 1,
    data: sampleReading({ id: 1, boardId: "a" }),
  });
  expect(outbox.waiting).toBe(0);
});

test("a slow client gets the newest reading per board, with how many it stands for", () => {
  const { socket, outbox } = slowClient();
  for (const event of [reading(1), reading(2), reading(3, "b"), reading(4), reading(5)])
    outbox.push(turn(event));
  expect(socket.story).toEqual([1]);
  expect(outbox.waiting).toBe(2);
  socket.drain();
  expect(socket.story).toEqual([1, 3]);
  socket.drain();
  expect(socket.story).toEqual([1, 3, "5 for 2"]);
  expect(socket.sent[2]).toEqual({
    type: "reading",
    coalesced: 2,
    cursor: 5,
    data: sampleReading({ id: 5, boardId: "a" }),
  });
});

test("other events all wait, in order of cursor among the readings", () => {
  const { socket, outbox } = slowClient();
  for (const event of [reading(1), missed(2), reading(3), missed(4), reading(5)]) outbox.push(turn(event));
  for (let time = 0; time < 5; time++) socket.drain();
  expect(socket.story).toEqual([1, 2, 4, "5 for 1"]);
});

test("once it has caught up, events go directly again", () => {
  const { socket, outbox } = slowClient();
  for (const event of [reading(1), reading(2)]) outbox.push(turn(event));
  socket.drain();
  socket.drain();
  outbox.push(turn(reading(3)));
  expect(socket.story).toEqual([1, 2, 3]);
});

test("nothing overtakes what waits, even when there is room again", () => {
  const { socket, outbox } = slowClient();
  for (const event of [reading(1), missed(2)]) outbox.push(turn(event));
  socket.bufferedAmount = 0;
  outbox.push(turn(reading(3)));
  expect(socket.story).toEqual([1]);
  socket.drain();
  socket.drain();
  expect(socket.story).toEqual([1, 2, 3]);
});

test("a client with too many events waiting is cut off once, and gets nothing more", () => {
  const { socket, outbox } = slowClient(3);
  outbox.push(turn(reading(1)));
  for (let cursor = 2; cursor <= 4; cursor++) outbox.push(turn(missed(cursor)));
  expect(socket.cutOff).toBe(0);
  outbox.push(turn(missed(5)));
  expect(socket.cutOff).toBe(1);
  outbox.push(turn(missed(6)));
  socket.drain();
  expect(socket.story).toEqual([1]);
  expect(outbox.waiting).toBe(0);
  expect(socket.cutOff).toBe(1);
});

test("what waits is bounded, however long a client stalls", () => {
  const { socket, outbox } = slowClient(10);
  for (let cursor = 1; cursor <= 10_000; cursor++) outbox.push(turn(reading(cursor, `board ${cursor % 8}`)));
  expect(outbox.waiting).toBe(8);
  expect(socket.cutOff).toBe(0);
});

test("the cap counts what waits now, not what ever waited", () => {
  const { socket, outbox } = slowClient(2);
  outbox.push(turn(missed(1)));
  for (let cursor = 2; cursor < 50; cursor++) {
    outbox.push(turn(missed(cursor)));
    socket.drain();
  }
  expect(socket.cutOff).toBe(0);
  expect(socket.story).toHaveLength(49);
});

test("text beyond ASCII survives coalescing", () => {
  const event: StoredEvent = {
    type: "reading",
    cursor: 3,
    boardId: "Gewächshaus",
    at: sampleTime,
    data: sampleReading({ boardId: "Gewächshaus" }),
  };
  const { socket, outbox } = slowClient();
  outbox.push(turn(reading(1)));
  outbox.push(turn(encodeEvent({ ...event, cursor: 2 })));
  outbox.push(turn(encodeEvent(event)));
  socket.drain();
  expect(socket.sent[1]).toMatchObject({ coalesced: 1, data: { boardId: "Gewächshaus" } });
});

test("the events of one turn are one write, and wait one by one", () => {
  const { socket, outbox } = slowClient();
  outbox.push(turn(reading(1), missed(2), reading(3)));
  expect(socket.story).toEqual([1, 2, 3]);
  outbox.push(turn(reading(4), missed(5), reading(6)));
  expect(outbox.waiting).toBe(2);
  for (let time = 0; time < 3; time++) socket.drain();
  expect(socket.story).toEqual([1, 2, 3, 5, "6 for 1"]);
});

test("events that history cannot take never cut a client off: the newest of each kind, board and rule waits", () => {
  const { socket, outbox } = slowClient(1);
  outbox.push(turn(reading(1)));
  for (let count = 0; count < 1000; count++) {
    outbox.push(
      turn(
        encodeUnstored({ type: "reading", data: sampleReading({ durationMs: count }) }),
        encodeUnstored({ type: "missed", data: sampleMissed({ detail: `${count}` }) }),
        encodeUnstored({ type: "alert", data: sampleAlert({ rule: "full" }) }),
        encodeUnstored({ type: "alert", data: sampleAlert({ rule: "leak" }) }),
      ),
    );
  }
  expect([outbox.waiting, socket.cutOff]).toEqual([4, 0]);
  for (let time = 0; time < 4; time++) socket.drain();
  expect(socket.sent.slice(1)).toMatchObject([
    { type: "unstored", event: "reading", coalesced: 999, data: { durationMs: 999 } },
    { type: "unstored", event: "missed", coalesced: 999, data: { detail: "999" } },
    { type: "unstored", event: "alert", coalesced: 999, data: { rule: "full" } },
    { type: "unstored", event: "alert", coalesced: 999, data: { rule: "leak" } },
  ]);
});

test("events that had to wait behind a snapshot follow as soon as it has left", () => {
  const { socket, outbox } = slowClient();
  outbox.write(textFrame(Buffer.from(JSON.stringify({ cursor: "snapshot" }))));
  outbox.push(turn(missed(1)));
  expect(socket.story).toEqual(["snapshot"]);
  socket.drain();
  expect(socket.story).toEqual(["snapshot", 1]);
});

test("an answer waits for room, and a newer one takes its place", () => {
  const { socket, outbox } = slowClient();
  const answers: string[] = [];
  outbox.whenRoom(() => answers.push("at once"));
  outbox.write(textFrame(Buffer.from("{}")));
  outbox.whenRoom(() => answers.push("replaced"));
  outbox.whenRoom(() => answers.push("later"));
  expect([answers, outbox.isIdle]).toEqual([["at once"], false]);
  socket.drain();
  expect([answers, outbox.isIdle]).toEqual([["at once", "later"], true]);
});
