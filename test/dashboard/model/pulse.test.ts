import { expect, test } from "vitest";
import { Pulse } from "../../../src/dashboard/model/pulse.ts";
import { ManualClock } from "../../support/manual-clock.ts";

test("the first beat is told at once, those within its rest together at its end", async () => {
  const clock = new ManualClock();
  const pulse = new Pulse(250, clock);
  let told = 0;
  pulse.listen(() => told++);
  pulse.beat();
  expect(told).toBe(1);
  for (let beat = 0; beat < 100; beat++) pulse.beat();
  expect(told).toBe(1);
  await clock.advance(250);
  expect(told).toBe(2);
  await clock.advance(1000);
  expect(told).toBe(2);
  expect(clock.pending).toBe(0);
});

test("what cannot wait is told within the rest, once, and the rest begins anew", async () => {
  const clock = new ManualClock();
  const pulse = new Pulse(250, clock);
  let told = 0;
  pulse.listen(() => told++);
  pulse.beat();
  await clock.advance(100);
  pulse.beat();
  pulse.beatNow();
  expect(told).toBe(2);
  await clock.advance(249);
  pulse.beat();
  expect(told).toBe(2);
  await clock.advance(1);
  expect(told).toBe(3);
});

test("without a rest every beat is told", () => {
  const pulse = new Pulse(0, new ManualClock());
  let told = 0;
  pulse.listen(() => told++);
  pulse.beat();
  pulse.beat();
  expect(told).toBe(2);
});

test("who listens no more hears no more, and a stopped pulse leaves no timer", () => {
  const clock = new ManualClock();
  const pulse = new Pulse(250, clock);
  let told = 0;
  const leave = pulse.listen(() => told++);
  leave();
  pulse.beat();
  expect(told).toBe(0);
  pulse.stop();
  expect(clock.pending).toBe(0);
});
