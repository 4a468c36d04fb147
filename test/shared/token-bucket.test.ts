import { expect, test } from "vitest";
import { TokenBucket } from "../../src/shared/token-bucket.ts";
import { ManualClock } from "../support/manual-clock.ts";

test("so many at once, then as fast as it fills, and never more than a burst", async () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket(clock, { burst: 3, perSecond: 2 });
  const takes = (count: number) => Array.from({ length: count }, () => bucket.take());
  expect(takes(5)).toEqual([true, true, true, false, false]);
  await clock.advance(400);
  expect(takes(1)).toEqual([false]);
  await clock.advance(100);
  expect(takes(2)).toEqual([true, false]);
  await clock.advance(3_600_000);
  expect(takes(5)).toEqual([true, true, true, false, false]);
});
