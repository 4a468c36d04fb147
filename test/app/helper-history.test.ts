import { expect, test } from "vitest";
import { helperIntervalOf } from "../../src/app/helper-history.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { sampleReading } from "../support/samples.ts";

function reported(sequence: number, second: number, change: Parameters<typeof sampleReading>[0] = {}) {
  const at = new Date(Date.UTC(2026, 10, 22, 16, 0, second)).toISOString();
  const helper = {
    run: "3f2a",
    sequence,
    ticksMs: 0,
    mark: null,
    gcThreshold: null,
    peakBytes: null,
    idfHeap: null,
  };
  return sampleReading({ at, source: "helper", helper, ...change });
}

const intervalOf = (readings: readonly ReturnType<typeof reported>[]) =>
  helperIntervalOf({ readings: () => readings }, "bench");

test("a helper's interval is the time between its periodic reports", () => {
  expect(intervalOf([reported(1, 0), reported(2, 5), reported(3, 6, { phase: "on-demand" })])).toBe(5_000);
});

test("where two in a row are not stored it is the usual one", () => {
  expect(intervalOf([reported(4, 0), reported(9, 40)])).toBe(10_000);
});

test("a board that was asked last has no helper, as far as is known; nor has one whose history fails", () => {
  expect(intervalOf([reported(1, 0), sampleReading()])).toBeNull();
  expect(intervalOf([])).toBeNull();
  const readings = () => {
    throw heapscopeError("store-failed", { file: "x", reason: "full" });
  };
  expect(helperIntervalOf({ readings }, "bench")).toBeNull();
});
