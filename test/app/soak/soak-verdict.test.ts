import { expect, test } from "vitest";
import { type CheckName, judge, type SoakLimits } from "../../../src/app/soak/soak-verdict.ts";
import { observedRun, startMs, strict } from "./observed.ts";

const steady = observedRun((_, random) => 20_000 + 200 * random());
/** 32 bytes every 10 s: 11 520 an hour. */
const leaking = observedRun((index, random) => 20_000 + 32 * index + 60 * random());

function check(observed: typeof steady, name: CheckName, limits: Partial<SoakLimits> = {}) {
  return judge(observed, { ...strict, ...limits }).checks.find((one) => one.name === name);
}

test("a steady application meets its limits, and the report says what would not have shown", () => {
  const { verdict, checks } = judge(steady, strict);
  expect(verdict).toBe("met");
  expect(checks.map(({ name }) => name)).toEqual(["application", "growth", "restarts", "missed-readings"]);
  expect(checks[1]?.sentence).toMatch(
    /^Live memory shows no growth beyond its ups and downs over 60 collections .* less than about [\d.]+ KiB per hour need not show\.$/,
  );
});

test("an application that died fails, whatever else is well", () => {
  const at = (atMs: number) => ({ ...steady, errors: [{ atMs, text: "ValueError: dead" }] });
  expect(judge(at(startMs + 5_000), strict).verdict).toBe("not-met");
  expect(check(at(startMs + 5_000), "application")).toMatchObject({
    state: "failed",
    sentence: expect.stringContaining("5.0 s after the start: ValueError: dead."),
  });
  expect(check(at(startMs - 1), "application")?.sentence).toContain("before the first reading: ValueError");
});

test("where readings start main.py anew, growth cannot be told", () => {
  const anew = { ...steady, startedAnew: "it is started anew." };
  expect(judge(anew, strict).verdict).toBe("unmeasured");
  expect(check(anew, "growth")).toMatchObject({
    state: "unknown",
    sentence: expect.stringContaining("cannot be told: it is started anew."),
  });
});

test("a leak fails, with its rate and interval", () => {
  const { verdict, figures } = judge(leaking, strict);
  expect(verdict).toBe("not-met");
  expect(figures.growth?.bytesPerHour).toBeCloseTo(11_520, -3);
  expect(check(leaking, "growth")).toMatchObject({
    state: "failed",
    sentence: expect.stringMatching(
      /grows by 11\.\d KiB per hour \(95 %: .*\) over 60 collections .*; none is allowed/,
    ),
  });
});

test("growth below the limit passes; where it may be above it, that is said", () => {
  expect(check(leaking, "growth", { maxGrowthBytesPerHour: 20_000 })?.state).toBe("passed");
  expect(check(leaking, "growth", { maxGrowthBytesPerHour: 10_000 })?.state).toBe("failed");
  const rate = judge(leaking, strict).figures.growth;
  const between = ((rate?.lowBytesPerHour ?? 0) + (rate?.bytesPerHour ?? 0)) / 2;
  expect(check(leaking, "growth", { maxGrowthBytesPerHour: between })).toMatchObject({
    state: "passed",
    sentence: expect.stringContaining("not certain: a longer run tells"),
  });
});

test.each([
  ["warms up and stays", (index: number) => 20_000 + 3_000 * (1 - Math.exp(-index / 5))],
  ["loads something once", (index: number) => (index > 25 ? 24_000 : 20_000)],
  ["fills a cache and empties it twice in the run", (index: number) => 20_000 + (index % 25) * 64],
])("an application that %s does not leak", (_, used) => {
  expect(check(observedRun(used), "growth")?.state).toBe("passed");
});

test("a leak on a busy machine fails, though its steps are uneven", () => {
  // As an emulated board showed them that shared two cores with nine other processes.
  const live = [
    8752, 8864, 9072, 8928, 9504, 9600, 9728, 9888, 9888, 10016, 10240, 10368, 10560, 11424, 11584, 11808,
    12048, 12112, 12368, 12512, 12672, 12816, 12960, 13072, 13232, 13344, 13616, 13776, 14080, 14128, 14352,
    14448, 14784,
  ];
  const run = observedRun((index) => live[index] ?? 0, { collections: live.length });
  expect(check(run, "growth")).toMatchObject({
    state: "failed",
    sentence: expect.stringMatching(/^Live memory grows by 6\d\.\d KiB per hour/),
  });
});

test("too few collections give no verdict on growth, and a failed check beats an unknown one", () => {
  const short = observedRun((index) => 20_000 + 100 * index, { collections: 19 });
  expect(check(short, "growth")).toMatchObject({
    state: "unknown",
    sentence: expect.stringContaining("takes 20 collections, and there were 19"),
  });
  expect(judge(short, strict).verdict).toBe("unmeasured");
  expect(judge(short, { ...strict, minLargestFreeBytes: 60_000 }).verdict).toBe("not-met");
});

test("the largest free run counts after every collection, and says when", () => {
  const dip = observedRun((index) => (index === 30 ? 40_000 : 20_000));
  expect(check(dip, "largest-free", { minLargestFreeBytes: 20_000 })?.state).toBe("passed");
  expect(check(dip, "largest-free", { minLargestFreeBytes: 20_001 })).toMatchObject({
    state: "failed",
    sentence: expect.stringContaining("5 min after the start"),
  });
  const untold = { ...dip, points: dip.points.map((point) => ({ ...point, largestFreeBytes: null })) };
  expect(check(untold, "largest-free", { minLargestFreeBytes: 1 })?.state).toBe("unknown");
});

test("a restart fails unless allowed, and growth is looked at after it", () => {
  const restarted = observedRun((index) => 20_000 + (index < 30 ? 100 * index : 0), {
    restartsMs: [startMs + 299_000],
  });
  expect(check(restarted, "restarts")).toMatchObject({
    state: "failed",
    sentence: expect.stringContaining("restarted once, first 5 min after the start"),
  });
  expect(judge(restarted, { ...strict, allowedRestarts: 1 }).verdict).toBe("met");
  const late = { ...restarted, restartsMs: [startMs + 550_000] };
  expect(check(late, "growth")?.sentence).toContain("20 collections since the last restart");
});

test("missed readings fail unless allowed; those that only overlapped do not", () => {
  const missed = [{ atMs: startMs + 60_000, cause: "no-prompt", detail: "Its program held the prompt." }];
  const run = { ...steady, missed, overlapped: 2 };
  expect(check(run, "missed-readings")).toMatchObject({
    state: "failed",
    sentence: expect.stringMatching(
      /^1 of 181 readings did not come.*60 s after the start: Its program held.*2 more fell due/,
    ),
  });
  expect(judge(run, { ...strict, allowedMissed: 1 }).verdict).toBe("met");
});

test("a baseline catches what got worse, within its tolerance", () => {
  const compared = (liveBytes: number, leastLargestFreeBytes: number | null) =>
    judge(steady, {
      ...strict,
      baseline: { liveBytes, leastLargestFreeBytes, at: "2026-11-01T00:00:00.000Z", tolerance: 0.05 },
    });
  expect(compared(20_000, 40_000).verdict).toBe("met");
  const states = (liveBytes: number, free: number | null) =>
    compared(liveBytes, free)
      .checks.slice(4)
      .map(({ state }) => state);
  expect(states(19_000, 40_000)).toEqual(["failed", "passed"]);
  expect(states(20_000, 43_000)).toEqual(["passed", "failed"]);
  expect(states(20_000, null)).toEqual(["passed"]);
  expect(compared(30_000, 40_000).checks[4]?.sentence).toContain("--update-baseline keeps it");
});
