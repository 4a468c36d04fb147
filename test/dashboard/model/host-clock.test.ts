import { expect, test } from "vitest";
import { HostClock } from "../../../src/dashboard/model/host-clock.ts";

const start = Date.UTC(2026, 10, 27, 12);
/** As an HTTP server says it: whole seconds, rounded down. */
const dateHeader = (hostMs: number): string => new Date(hostMs).toUTCString();

interface Viewer {
  nowMs: number;
  readonly clock: HostClock;
}

function viewer(): Viewer {
  const it: Viewer = { nowMs: start, clock: new HostClock(() => it.nowMs) };
  return it;
}

test("clocks that agree need no correction, whatever the second's fraction", () => {
  const it = viewer();
  for (let round = 0; round < 20; round++) {
    const sentMs = it.nowMs;
    it.nowMs += 30;
    it.clock.note(dateHeader(it.nowMs - 10), sentMs);
    it.nowMs += 777;
    expect(it.clock.offsetMs).toBe(0);
  }
});

test("a difference is known within a second after one answer, and better after many", () => {
  const hostAheadMs = 180_000;
  const it = viewer();
  it.clock.note(dateHeader(it.nowMs + hostAheadMs), it.nowMs);
  expect(Math.abs(it.clock.offsetMs - hostAheadMs)).toBeLessThanOrEqual(1000);
  for (let round = 0; round < 60; round++) {
    it.nowMs += 1_130;
    it.clock.note(dateHeader(it.nowMs + hostAheadMs), it.nowMs);
  }
  expect(Math.abs(it.clock.offsetMs - hostAheadMs)).toBeLessThanOrEqual(60);
  expect(it.clock.nowMs()).toBe(it.nowMs + it.clock.offsetMs);
});

test("a clock that is set is followed", () => {
  const it = viewer();
  it.clock.note(dateHeader(it.nowMs), it.nowMs);
  it.clock.note(dateHeader(it.nowMs - 3_600_000), it.nowMs);
  expect(Math.abs(it.clock.offsetMs + 3_600_000)).toBeLessThanOrEqual(1000);
});

test("no header, or none that is a date, says nothing", () => {
  const it = viewer();
  it.clock.note(null, it.nowMs);
  it.clock.note("soon", it.nowMs);
  expect(it.clock.offsetMs).toBe(0);
});
