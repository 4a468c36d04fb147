import { expect, test } from "vitest";
import type { FeedState } from "../../../src/client/feed-state.ts";
import { freshnessOf } from "../../../src/dashboard/model/freshness.ts";
import { sampleReading, sampleSnapshot, sampleTime } from "../../support/samples.ts";

const readMs = Date.parse(sampleTime);
const live: FeedState = { kind: "live" };
const board = sampleSnapshot({ readIntervalMs: 10_000, lastReading: sampleReading({ id: 1 }) });

test("a reading is fresh for three intervals and a little, then late", () => {
  expect(freshnessOf(board, live, readMs + 30_000)).toEqual({ kind: "fresh", ageMs: 30_000 });
  expect(freshnessOf(board, live, readMs + 35_001)).toEqual({ kind: "late", ageMs: 35_001 });
});

test("where nobody reads the board, or nobody tells, it is old rather than late", () => {
  const lent = { ...board, state: { ...board.state, kind: "released" as const } };
  expect(freshnessOf(lent, live, readMs + 60_000).kind).toBe("old");
  const lost: FeedState = { kind: "waiting", reason: "The connection broke.", retryInMs: 1000 };
  expect(freshnessOf(board, lost, readMs + 6_000).kind).toBe("old");
});

test("a reading from the future, by a clock that is set, has no negative age", () => {
  expect(freshnessOf(board, live, readMs - 5_000)).toEqual({ kind: "fresh", ageMs: 0 });
});

test("without an interval a minute is meant; without a reading there is nothing", () => {
  const unknown = { ...board, readIntervalMs: null };
  expect(freshnessOf(unknown, live, readMs + 180_000).kind).toBe("fresh");
  expect(freshnessOf(unknown, live, readMs + 190_000).kind).toBe("late");
  expect(freshnessOf(sampleSnapshot(), live, readMs)).toEqual({ kind: "none" });
});

test("while it catches up nothing is called late: the newer readings are on their way", () => {
  const replaying: FeedState = { kind: "replaying", behind: 40 };
  expect(freshnessOf(board, replaying, readMs + 60_000).kind).toBe("old");
  expect(freshnessOf(board, replaying, readMs + 10_000).kind).toBe("fresh");
});
