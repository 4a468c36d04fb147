import { expect, test } from "vitest";
import type { TrendView } from "../../../src/client/views.ts";
import { leakOf } from "../../../src/dashboard/model/leak.ts";

const at = "2026-11-22T16:00:00.000Z";
const nowMs = Date.parse(at) + 60_000;
const trend = (hours: number | null, leakBytesPerHour: number | null = 1331): TrendView => ({
  boardId: "b",
  at,
  leakBytesPerHour,
  timeToExhaustionSeconds: hours === null ? null : hours * 3600,
});

test("a heap that will be full soon is trouble by the limits of the default rules, without waiting", () => {
  const levels = [5.9, 6, 7, 71, 72, 24 * 364].map((hours) => leakOf(trend(hours), nowMs)?.level);
  expect(levels).toEqual(["critical", "warning", "warning", "warning", "info", "info"]);
  expect(leakOf(trend(7), nowMs)).toMatchObject({ what: "full in 7 h" });
  expect(leakOf(trend(7), nowMs)?.why).toMatch(
    /^Its live memory grows by 1\.3 KiB per hour: full in about 7 h at this rate; .*MemoryError\. Compare two/,
  );
  expect(leakOf(trend(0), nowMs)).toMatchObject({ level: "critical", what: "full" });
});

test("a leak whose end is not in sight is worth a note, one of more than a year none", () => {
  expect(leakOf(trend(null), nowMs)).toMatchObject({ level: "info", what: "leaking" });
  expect(leakOf(trend(24 * 400), nowMs)).toBeNull();
});

test("no growth, no trend or an old one says nothing", () => {
  expect(leakOf(undefined, nowMs)).toBeNull();
  expect(leakOf(trend(7, 0), nowMs)).toBeNull();
  expect(leakOf(trend(7, null), nowMs)).toBeNull();
  expect(leakOf({ ...trend(7), at: null }, nowMs)).toBeNull();
  expect(leakOf(trend(7), nowMs + 20 * 60_000)).toBeNull();
});
