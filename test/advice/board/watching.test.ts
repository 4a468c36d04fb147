import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AbsentRule } from "../../../src/advice/board/board-history.ts";
import { unreadTime } from "../../../src/advice/board/unread-time.ts";
import { startMs } from "../../analysis/simulate.ts";
import { adviceOn, codesOf, findingOf, historyOf, hole, hour, minute } from "./histories.ts";

const endMs = startMs + 24 * hour;
const timeOf = (watching: Parameters<typeof historyOf>[0]) => unreadTime(historyOf(watching).watching, endMs);

describe("time without readings", () => {
  test("belongs to the program that held the prompt", () => {
    const report = adviceOn({ watching: hole(2, 6, { state: "busy", cause: "no-prompt" }) });
    const { title, change, confidence } = findingOf(report, "not-watched-while-running");
    expect(title).toContain("for 6 h of the 24 h that it was watched (25.0 %), in one stretch");
    expect(change).toContain("heapscope helper install");
    expect(confidence).toBe("high");
    expect(codesOf(report)).toEqual(["not-watched-while-running"]);
  });

  test("is told by cause where the board did not answer or was away", () => {
    const failing = adviceOn({ watching: hole(2, 3, { state: "unresponsive", cause: "answer-silent" }) });
    expect(findingOf(failing, "holes-in-history").title).toMatch(
      /for 180 min of the 24 h.*it did not answer, or not whole \(answer-silent \d+ times\)|for 3 h of the 24 h/,
    );
    const away = adviceOn({ watching: hole(2, 3, { state: "disconnected" }) });
    expect(findingOf(away, "holes-in-history").title).toContain("its port was gone");
    expect(findingOf(away, "holes-in-history").change).toContain("cable");
  });

  test("does not count while the port was lent, or heapscope did not run", () => {
    for (const known of [{ state: "released" }, { state: "console" }, {}]) {
      const board = { watching: hole(2, 12, known) };
      expect(codesOf(adviceOn(board))).toEqual([]);
      expect(timeOf(board)?.watchedMs).toBe(12 * hour);
    }
  });

  test("ends, for a busy board, when nobody tried any more", () => {
    // Held for an hour, then the daemon was stopped for eleven; the state stays the last that was told.
    const { missed = [], ...rest } = hole(2, 12, { state: "busy", cause: "no-prompt" });
    const time = timeOf({
      watching: { ...rest, missed: missed.filter(({ atMs }) => atMs < startMs + 3 * hour) },
    });
    expect((time?.unread.held.totalMs ?? 0) / minute).toBeGreaterThan(60);
    expect((time?.unread.held.totalMs ?? 0) / minute).toBeLessThan(72);
  });

  test("is a matter from 5 % and five minutes on", () => {
    const held = (hours: number) =>
      codesOf(adviceOn({ watching: hole(2, hours, { state: "busy", cause: "no-prompt" }) }));
    expect(held(1.1)).toEqual([]);
    expect(held(1.3)).toEqual(["not-watched-while-running"]);
  });

  test("of a board that was busy all the time, and of what never was MicroPython", () => {
    const never = {
      firstReadingMs: null,
      lastReadingMs: null,
      ...hole(0, 24, { state: "busy", cause: "no-prompt" }),
      gaps: [],
    };
    expect(codesOf(adviceOn({ watching: never }))).toEqual(["not-watched-while-running"]);
    const unknown = adviceOn({ watching: { ...never, isIdentified: false } });
    expect(unknown.findings).toMatchObject([{ code: "not-watched-while-running", confidence: "low" }]);
    expect(unknown.findings[0]?.title).toContain("or it is no MicroPython board");
    const away = { ...hole(2, 3, { state: "disconnected" }), isIdentified: false };
    expect(codesOf(adviceOn({ watching: away }))).toEqual([]);
    const nothing = { firstReadingMs: null, lastReadingMs: null, states: [] };
    expect(timeOf({ watching: nothing })).toBeNull();
  });

  test("never comes to more than the time there was", () => {
    const base = historyOf({ hours: 1 }).watching;
    const ms = fc.integer({ min: startMs, max: endMs - 1 });
    const states = fc.constantFrom("ready", "busy", "disconnected", "released", "unresponsive", null);
    const causes = fc.constantFrom("no-prompt", "answer-silent", "port-vanished", "overlap");
    fc.assert(
      fc.property(
        fc.array(ms, { minLength: 2, maxLength: 12 }),
        fc.array(fc.record({ atMs: ms, state: states }), { maxLength: 10 }),
        fc.array(fc.record({ atMs: ms, cause: causes }), { maxLength: 30 }),
        (times, marks, missed) => {
          const sorted = times.toSorted((one, other) => one - other);
          const gaps = sorted
            .slice(1)
            .flatMap((toMs, at) => (at % 2 === 0 ? [{ fromMs: sorted[at]!, toMs }] : []));
          const watching = {
            ...base,
            firstReadingMs: sorted[0]!,
            lastReadingMs: sorted.at(-1)!,
            gaps,
            states: marks.toSorted((one, other) => one.atMs - other.atMs),
            missed: missed.toSorted((one, other) => one.atMs - other.atMs),
          };
          const time = unreadTime(watching, endMs)!;
          const { held, away, failing } = time.unread;
          expect(held.totalMs + away.totalMs + failing.totalMs).toBeLessThanOrEqual(time.watchedMs + 0.001);
          expect(time.watchedMs).toBeLessThanOrEqual(24 * hour);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a rule that is missing", () => {
  const figure = (
    name: string,
    metric: "utilization" | "largestFreeBytes" | "fragmentation",
    operator: ">" | "<",
    threshold: number,
    whileUsedShare: number | null = null,
  ): AbsentRule => ({
    name,
    when: "…",
    watches: { kind: "figure", metric, operator, threshold, whileUsedShare },
  });
  const littleRoom = figure("little-room", "utilization", ">", 0.9);
  const noRoom = figure("no-room", "utilization", ">", 0.97);
  const noLargeBlock = figure("no-large-block", "largestFreeBytes", "<", 1_024);
  const fragmented = figure("fragmented", "fragmentation", ">", 0.85, 0.5);
  const leak: AbsentRule = { name: "leak", when: "…", watches: { kind: "leak", bytesPerHour: 1_024 } };
  const exhaustion: AbsentRule = {
    name: "exhaustion",
    when: "…",
    watches: { kind: "exhaustion", seconds: 259_200 },
  };
  const noReadings: AbsentRule = {
    name: "no-readings",
    when: "…",
    watches: { kind: "no-readings", seconds: 900 },
  };
  const unreachable: AbsentRule = {
    name: "unreachable",
    when: "…",
    watches: { kind: "state", state: "unreachable", seconds: 120 },
  };
  const all = [littleRoom, noRoom, noLargeBlock, fragmented, leak, exhaustion, noReadings, unreachable];

  test("is no matter while nothing of its kind was seen", () => {
    expect(codesOf(adviceOn({ absentRules: all }))).toEqual([]);
  });

  test("is told with what it would have told", () => {
    const full = adviceOn({ absentRules: all, liveBytes: 185_000, hours: 2, bytesPerSecond: 10 });
    expect(full.findings.map(({ code, title }) => [code, title.slice(0, 58)])).toEqual([
      ["alert-missing", "The heap in use after a collection came to 92.5 % (119 of "],
    ]);
    expect(full.findings[0]?.change).toContain("little-room");
  });

  test("of several for one figure, only the severest that was met", () => {
    const report = adviceOn({ absentRules: [littleRoom, noRoom], liveBytes: 196_000, bytesPerSecond: 2 });
    expect(report.findings.map(({ change }) => /rule (\S+)/.exec(change)?.[1])).toEqual(["no-room"]);
  });

  test("tells the least largest block and fragmentation, the latter only where memory is scarce", () => {
    const scattered = { absentRules: [noLargeBlock, fragmented], largestShare: 0.005, bytesPerSecond: 0 };
    const least = adviceOn(scattered);
    expect(least.findings).toMatchObject([{ before: { label: "at its worst", largestFreeBytes: 750 } }]);
    const scarce = adviceOn({ ...scattered, liveBytes: 120_000 });
    expect(scarce.findings.map(({ before }) => before?.fragmentation ?? null)).toContain(0.995);
  });

  test("tells a leak, and when memory runs out", () => {
    const { findings } = adviceOn({
      absentRules: [leak, exhaustion],
      leakBytesPerHour: 3_000,
      liveBytes: 20_000,
    });
    expect(findings.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Used memory after collections grows by 2\.9 KiB per hour, and no alert rule/),
      expect.stringMatching(/^At its present trend memory runs out in 3\d h/),
    ]);
  });

  test("tells times without readings and out of reach", () => {
    const watching = hole(2, 0.5, { state: "disconnected" });
    const { findings } = adviceOn({ absentRules: [noReadings, unreachable], watching });
    expect(findings.map(({ title }) => title)).toEqual([
      expect.stringContaining("No reading came for 30 min at the longest"),
      expect.stringContaining("The board could not be reached for 30 min"),
    ]);
  });
});
