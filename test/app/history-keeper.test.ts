import { pino } from "pino";
import { expect, test } from "vitest";
import { keepHistory, retentionPolicy } from "../../src/app/history-keeper.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import type { Tidied } from "../../src/store/store-types.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleTime } from "../support/samples.ts";

const hourMs = 3_600_000;
const policy = retentionPolicy({ eventDays: 90, minuteDays: 400, hourDays: 3650, maxMegabytes: 0 });

const record = { id: "b", name: "b", port: null, emulated: false, facts: null, firstSeenAt: sampleTime };

/** A keeper over a store that answers from `answers`, then that it is done. */
function keeper(...answers: (Tidied | "fails")[]) {
  return keeperOf([], answers);
}

/** The same; the boards of its store were last seen at these times. */
function keeperOf(lastSeen: readonly string[], answers: (Tidied | "fails")[] = []) {
  const manual = new ManualClock();
  const shift = { ms: 0 };
  const clock = {
    nowMs: () => manual.nowMs() + shift.ms,
    monotonicMs: () => manual.monotonicMs(),
    after: (delayMs: number, fire: () => void) => manual.after(delayMs, fire),
  };
  const calls: number[] = [];
  const tidy = (_policy: unknown, nowMs: number): Tidied => {
    calls.push(nowMs);
    const answer = answers.shift() ?? { removedRows: 0, thinnedMaps: 0, done: true };
    if (answer === "fails")
      throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
    return answer;
  };
  const boards = () => lastSeen.map((at) => ({ ...record, lastSeenAt: at }));
  const stop = keepHistory({ tidy, boards }, policy, clock, pino({ level: "silent" }));
  return { manual, shift, calls, stop };
}

test("slices follow each other until all is done, then again after ten minutes", async () => {
  const more = { removedRows: 2000, thinnedMaps: 0, done: false };
  const { manual, calls, stop } = keeper(more, more);
  await manual.advance(1000);
  expect(calls).toHaveLength(3);
  await manual.advance(600_000);
  expect(calls).toHaveLength(4);
  stop();
  expect(manual.pending).toBe(0);
});

test("a failing history is tidied next time", async () => {
  const { manual, calls, stop } = keeper("fails");
  await manual.advance(601_000);
  expect(calls).toHaveLength(2);
  stop();
});

test("after a jump of the clock, forward or back, nothing is removed for a day", async () => {
  for (const jumpMs of [10 * 365 * 24 * hourMs, -2 * hourMs]) {
    const { manual, shift, calls, stop } = keeper();
    await manual.advance(1000);
    shift.ms = jumpMs;
    await manual.advance(23 * hourMs);
    expect(calls).toHaveLength(1);
    await manual.advance(2 * hourMs);
    expect(calls.length).toBeGreaterThan(1);
    stop();
  }
});

test("a night's sleep of the machine, in which only the wall clock goes on, is no jump", async () => {
  const { manual, shift, calls, stop } = keeper();
  await manual.advance(1000);
  shift.ms = 10 * hourMs;
  await manual.advance(hourMs);
  expect(calls.length).toBeGreaterThan(5);
  stop();
});

test.each([
  ["ten years before", "2016-11-22T17:00:00.000Z"],
  ["a day later", "2026-11-23T17:00:00.000Z"],
])("a start with the last event %s removes nothing for an hour", async (_, lastSeenAt) => {
  const { manual, calls, stop } = keeperOf(["2015-01-01T00:00:00.000Z", lastSeenAt]);
  await manual.advance(hourMs - 1);
  expect(calls).toEqual([]);
  await manual.advance(hourMs);
  expect(calls.length).toBeGreaterThan(1);
  stop();
});

test("a start after a weekend tidies at once", async () => {
  const { manual, calls, stop } = keeperOf(["2026-11-20T17:00:00.000Z"]);
  await manual.advance(1000);
  expect(calls).toHaveLength(1);
  stop();
});

test("a clock that is set by minutes changes nothing", async () => {
  const { manual, shift, calls, stop } = keeper();
  await manual.advance(1000);
  shift.ms = 600_000;
  await manual.advance(hourMs);
  expect(calls.length).toBeGreaterThan(5);
  stop();
});

test("no limit of size is none", () => {
  expect(policy.maxBytes).toBe(Number.POSITIVE_INFINITY);
  expect(retentionPolicy({ eventDays: 1, minuteDays: 1, hourDays: 1, maxMegabytes: 2 }).maxBytes).toBe(
    2_000_000,
  );
});
