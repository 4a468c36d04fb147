import { expect, test } from "vitest";
import { Backoff } from "../../src/shared/backoff.ts";
import { sleep } from "../../src/shared/clock.ts";
import { ManualClock } from "../support/manual-clock.ts";

test("sleep ends when its time has come", async () => {
  const clock = new ManualClock();
  let done = false;
  const sleeping = sleep(clock, 1_000).then(() => {
    done = true;
  });
  await clock.advance(999);
  expect(done).toBe(false);
  await clock.advance(1);
  await sleeping;
  expect(done).toBe(true);
});

test("an aborted sleep rejects with the reason and leaves no timer", async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const sleeping = expect(sleep(clock, 1_000, controller.signal)).rejects.toThrow("stop");
  controller.abort(new Error("stop"));
  await sleeping;
  expect(clock.pending).toBe(0);
});

test("back-off doubles up to its limit and starts over", () => {
  const backoff = new Backoff(1_000, 5_000);
  expect([1, 2, 3, 4].map(() => backoff.next())).toEqual([1_000, 2_000, 4_000, 5_000]);
  backoff.reset();
  expect(backoff.next()).toBe(1_000);
});
