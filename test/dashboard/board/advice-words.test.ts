import { expect, test } from "vitest";
import {
  curveDrawing,
  curveHeight,
  curveText,
  curveWidth,
} from "../../../src/dashboard/board/advice-curve.ts";
import {
  comparedFigures,
  type FindingView,
  methodText,
  modulesOutcome,
  modulesText,
  nothingText,
  savingText,
  tipText,
} from "../../../src/dashboard/board/advice-words.ts";
import { adviceOn, findingOf } from "../../advice/board/histories.ts";

const report = adviceOn({ bytesPerSecond: 10_000, hours: 2 });
const period = findingOf(report, "collect-period");
const churn = findingOf(report, "churn");
const at = "2026-11-16T00:00:00.000Z";
const board = (collections: number) => ({
  kind: "board" as const,
  boardId: "b",
  from: "2026-11-09T00:00:00.000Z",
  to: at,
  readings: 1_200,
  collections,
  modules: null,
});

test("a finding says its tip, what it saves, and how it was measured", () => {
  expect(tipText(4)).toBe("Tip 4 · Garbage");
  expect(savingText(churn)).toBe("At least 9.8 KiB per second");
  const all = findingOf(adviceOn({ bytesPerSecond: 10_000, readSeconds: 2, hours: 2 }), "churn");
  expect(savingText(all)).toBe("Up to 9.8 KiB per second");
  expect(savingText(period)).toMatch(/^Up to [\d.]+ KiB for the largest free block$/);
  expect(savingText({ ...churn, saving: null })).toBeNull();
  expect(methodText(churn)).toBe(
    "Measured in 839 readings and 119 collections of 120 min; confidence medium.",
  );
  const interpreter: FindingView["method"] = {
    kind: "interpreter",
    interpreter: "MicroPython 1.27.0 (WebAssembly)",
    heapBytes: 65_536,
    repeats: 3,
    spreadBytes: 0,
  };
  expect(methodText({ ...churn, method: interpreter, confidence: "high" })).toBe(
    "Measured on MicroPython 1.27.0 (WebAssembly) with 64.0 KiB of heap, 3 times each; confidence high.",
  );
  expect(methodText({ ...churn, method: { ...interpreter, heapBytes: null } })).toContain(
    "with a heap that grows, 3",
  );
});

test("figures stand side by side, and those of no side are left out", () => {
  expect(comparedFigures(churn).map(({ name, after }) => [name, after])).toEqual([
    ["Allocated", null],
    ["Pause", null],
  ]);
  const figures = comparedFigures(period);
  expect(figures.map(({ name }) => name)).toEqual(["Largest free block", "Fragmentation", "Pause"]);
  expect(figures[0]).toMatchObject({ before: expect.stringMatching(/KiB/), after: "131.8 KiB" });
  expect(comparedFigures({ ...churn, before: null })).toEqual([]);
});

test("where there is nothing to advise, it says what was looked at, or what is missing", () => {
  expect(nothingText(board(300))).toContain(
    "Nothing to advise: in 1200 readings and 300 collections of 7 days, the board is read often enough",
  );
  expect(nothingText(board(9))).toContain("takes 10 collections to tell");
});

test("modules are counted by where they came from", () => {
  const module = { name: "m", file: null, sizeBytes: null };
  expect(modulesText(null)).toContain("has not been asked");
  expect(modulesText({ at, modules: null })).toContain("keeps no list");
  expect(modulesText({ at, modules: [] })).toBe("The board has loaded no modules.");
  const some = {
    at,
    modules: [
      { ...module, origin: "source" as const },
      { ...module, origin: "frozen" as const },
      { ...module, origin: "frozen" as const },
    ],
  };
  expect(modulesText(some)).toBe(
    "The board has loaded 3 modules: 1 compiled on the board from source, 2 frozen into the firmware.",
  );
  expect(modulesOutcome(some)).toBe("The board was asked: 3 modules loaded.");
  expect(modulesOutcome({ at, modules: null })).toContain("no list");
});

test("the curve is drawn inside its frame, over the logarithm of the period", () => {
  const drawing = curveDrawing(period.curve)!;
  expect(drawing.points).toHaveLength(period.curve.length);
  for (const { x, garbageY, pausesY } of drawing.points) {
    for (const y of [garbageY, pausesY]) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(curveHeight);
    }
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(curveWidth);
  }
  const xs = drawing.points.map(({ x }) => x);
  expect(xs).toEqual(xs.toSorted((one, other) => one - other));
  expect(curveText(period.curve)).toMatch(/every 3\.8 s: 36\.\d KiB, 0\.21 % of the time/);
  expect(curveDrawing([])).toBeNull();
  expect(curveDrawing(period.curve.slice(0, 1))).toBeNull();
});
