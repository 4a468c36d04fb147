import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adviceOn, codesOf, findingOf, historyOf } from "./histories.ts";

describe("a healthy board with default settings", () => {
  test("gets no advice, and is told what was looked at", () => {
    const report = adviceOn();
    expect(report.findings).toEqual([]);
    expect(report.notMeasured).toEqual([]);
    expect(report.subject).toMatchObject({
      kind: "board",
      boardId: "bench",
      collections: 1_439,
      modules: null,
    });
  });

  test.each([
    ["a small heap", { totalBytes: 64_000, liveBytes: 20_000, bytesPerSecond: 50 }],
    ["a large heap with much churn", { totalBytes: 4_194_304, liveBytes: 1_000_000, bytesPerSecond: 5_000 }],
    ["nothing allocated", { bytesPerSecond: 0 }],
    ["a slow collector", { pauseMs: 400 }],
    ["unknown pauses", { pauseMs: null }],
    ["no collections", { collectSeconds: 0, bytesPerSecond: 50_000 }],
    ["a first minute", { hours: 1 / 60, bytesPerSecond: 50_000 }],
    ["a busy ring that is read seldom", { readSeconds: 60, collectSeconds: 300, bytesPerSecond: 300 }],
  ])("neither does one with %s", (_name, board) => {
    expect(codesOf(adviceOn(board))).toEqual([]);
  });
});

describe("an application that allocates much", () => {
  // 150 000 bytes are free: full of garbage every 15 s.
  const busy = { bytesPerSecond: 10_000, hours: 2 };

  test("is told its churn, seen between readings where collections come too seldom to tell", () => {
    const { title, before, saving, confidence } = findingOf(adviceOn(busy), "churn");
    expect(before?.bytesPerSecond).toBeCloseTo(10_000, -2);
    expect(saving).toEqual({ bytes: 10_000, of: "each-second-or-more", atMost: false });
    expect(title).toMatch(
      /^The application allocates at least 9\.8 KiB per second: the 146\.5 KiB that are free/,
    );
    expect(title).toContain(
      "are full of garbage every 15 s or oftener. What it allocates around collections",
    );
    expect(confidence).toBe("medium");
    // Of collections a minute apart alone it would be a lower bound.
    expect(historyOf(busy).analysis.churn?.bytesPerSecond).toBeLessThan(5_000);
  });

  test("of which all shows is told how much it is at most", () => {
    const { title, saving } = findingOf(adviceOn({ ...busy, readSeconds: 2 }), "churn");
    expect(saving).toEqual({ bytes: 10_000, of: "each-second", atMost: true });
    expect(title).toContain("allocates about 9.8 KiB per second");
    expect(title).toContain("every 15 s. The analysis reckons with");
    expect(title).toContain("pauses it for 8.0 ms: <0.1 % of its time.");
  });

  test("is not told where its heap lasts a minute", () => {
    expect(codesOf(adviceOn({ ...busy, bytesPerSecond: 2_400 }))).not.toContain("churn");
    expect(codesOf(adviceOn({ ...busy, bytesPerSecond: 2_600 }))).toContain("churn");
  });

  test("is read too rarely: half of the free heap or more between two readings", () => {
    const { title, change } = findingOf(adviceOn(busy), "read-too-rarely");
    expect(title).toMatch(
      /^Between two readings, 10 s apart, the application allocates at least 97\.\d KiB: 66\.\d %/,
    );
    expect(change).toContain("readIntervalSeconds: 5 for");
    expect(change).toContain("0.4 % of the board's time");
    expect(codesOf(adviceOn({ ...busy, readSeconds: 5 }))).not.toContain("read-too-rarely");
  });

  test("is not advised to be read so often that reading would take its time", () => {
    const hasty = {
      totalBytes: 60_000,
      bytesPerSecond: 40_000,
      readSeconds: 0.2,
      collectSeconds: 6,
      hours: 0.1,
    };
    const { change } = findingOf(adviceOn(hasty), "read-too-rarely");
    expect(change).toContain("a reading every 0.1 s, which is 18.0 % of the board's time");
    expect(change).toMatch(/helper/);
  });

  test("gets a threshold with the curve behind it", () => {
    const { title, change, before, after, saving, curve } = findingOf(adviceOn(busy), "collect-period");
    // A quarter of the free heap.
    expect(title).toContain(
      "the heap is full of garbage, and collected, every 15 s or oftener; every 3.8 s or oftener is when one is worth its pause",
    );
    const threshold = Number(/gc\.threshold\((\d+)\)/.exec(change)?.[1]);
    expect(threshold).toBeGreaterThan(36_000);
    expect(threshold).toBeLessThanOrEqual(37_500);
    expect(threshold % 16).toBe(0);
    expect(after?.largestFreeBytes).toBe(135_000);
    expect(before?.largestFreeBytes).toBeLessThan(135_000);
    expect(saving).toMatchObject({ of: "largest-free", atMost: true });
    expect(curve.map(({ everySeconds }) => everySeconds)).toEqual(
      curve.map(({ everySeconds }) => everySeconds).toSorted((one, other) => one - other),
    );
    const recommended = curve.find(({ everySeconds }) => Math.abs(everySeconds - 3.75) < 0.05);
    expect(recommended?.reclaimedBytes).toBeCloseTo(37_500, -2);
    expect(recommended?.pauseShare).toBeCloseTo(0.008 / 3.75, 4);
  });

  test("of which pauses are unknown gets a period without a curve", () => {
    expect(findingOf(adviceOn({ ...busy, pauseMs: null }), "collect-period").curve).toEqual([]);
  });

  test("has its findings sorted by bytes, and all say how they were measured", () => {
    const { findings } = adviceOn(busy);
    const bytes = findings.map(({ saving }) => saving?.bytes ?? -1);
    expect(bytes).toEqual(bytes.toSorted((one, other) => other - one));
    for (const { method } of findings)
      expect(method).toMatchObject({ kind: "history", boardId: "bench", collections: 119 });
  });
});

describe("a heap that fills oftener than it is read", () => {
  /** Fills 7 times between two readings; which moment of a filling a reading meets is left to chance. */
  const unseen = (seed: number) => ({ bytesPerSecond: 105_000, phaseSeed: seed, hours: 1 });

  test("is told as read too rarely, and its figures as lower bounds, whatever chance shows", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const report = adviceOn(unseen(seed));
        expect(findingOf(report, "read-too-rarely").title).toContain(
          "used memory goes down between readings about as often as up: it is collected about once between two readings, or oftener.",
        );
        const { before, saving, title } = findingOf(report, "churn");
        expect(saving).toMatchObject({ of: "each-second-or-more", atMost: false });
        expect(title).toContain("allocates at least");
        expect(before?.bytesPerSecond).toBeGreaterThan(3_000);
        expect(before?.bytesPerSecond).toBeLessThan(105_000);
        expect(findingOf(report, "collect-period").change).toMatch(/gc\.threshold\(\d+\).* or oftener/);
      }),
      { numRuns: 100 },
    );
  });

  test("is not taken for one that fills every fourth reading, with ups and downs of a tenth", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const report = adviceOn({ bytesPerSecond: 3_700, phaseSeed: seed, phaseShare: 0.1, hours: 1 });
        expect(codesOf(report)).not.toContain("read-too-rarely");
        expect(findingOf(report, "churn").saving?.of).toBe("each-second");
      }),
      { numRuns: 100 },
    );
  });
});

test("a board whose collections take more than 1 % of its time is told to collect less often", () => {
  const report = adviceOn({
    collectSeconds: 10,
    readSeconds: 10,
    pauseMs: 400,
    bytesPerSecond: 500,
    hours: 2,
  });
  const { change, saving } = findingOf(report, "collect-period");
  expect(change).toMatch(/collectIntervalSeconds: 7\d\./);
  expect(saving).toBeNull();
});

test("a board whose helper reports is told what to change in its application", () => {
  const rarely = adviceOn({ isHelper: true, bytesPerSecond: 10_000, hours: 2 });
  expect(findingOf(rarely, "read-too-rarely").change).toContain("heapscope.start(interval=5)");
  const often = { collectSeconds: 10, readSeconds: 10, pauseMs: 400, bytesPerSecond: 500, hours: 2 };
  expect(findingOf(adviceOn({ ...often, isHelper: true }), "collect-period").change).toContain(
    "collect_every",
  );
});

test("modules that were compiled on the board are listed apart, with what to do", () => {
  const { notMeasured, findings } = adviceOn({
    modules: {
      at: "2026-11-16T12:00:00.000Z",
      modules: [
        { name: "__main__", file: "main.py", origin: "source", sizeBytes: 900 },
        { name: "asyncio", file: "asyncio/__init__.py", origin: "frozen", sizeBytes: null },
        { name: "sensor", file: "/lib/sensor.py", origin: "source", sizeBytes: 4_300 },
        { name: "util", file: "util.mpy", origin: "compiled", sizeBytes: 500 },
      ],
    },
  });
  expect(findings).toEqual([]);
  expect(notMeasured.map(({ place }) => place?.file)).toEqual(["main.py", "/lib/sensor.py"]);
  expect(notMeasured[0]?.reason).toContain("always runs from source");
  expect(notMeasured[1]?.title).toBe(
    "The board compiled module sensor itself, from /lib/sensor.py (4.2 KiB of source).",
  );
  expect(notMeasured[1]?.reason).toContain("heapscope advise PATH");
});
