import { expect, test } from "vitest";
import { offsetText, steadyOffset } from "../../../src/dashboard/shell/clock-words.ts";

test("a difference of clocks is rounded to the nearest, not down", () => {
  expect([-179_800, 45_400, 5 * 3_600_000 - 900, 3 * 86_400_000 - 1].map(offsetText)).toEqual([
    "3 min",
    "45 s",
    "5 h",
    "3 d",
  ]);
});

test("what is shown stays while it holds within a tenth, and is nothing below half a minute", () => {
  expect(steadyOffset(0, 29_000)).toBe(0);
  expect(steadyOffset(0, -31_000)).toBe(-31_000);
  expect(steadyOffset(180_000, 170_000)).toBe(180_000);
  expect(steadyOffset(180_000, 150_000)).toBe(150_000);
  expect(steadyOffset(180_000, -180_000)).toBe(-180_000);
  expect(steadyOffset(180_000, 1_000)).toBe(0);
});
