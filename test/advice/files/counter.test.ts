import { expect, test } from "vitest";
import { keptPasses, parseCounts } from "../../../src/advice/files/counter.ts";

const record = (...passes: readonly number[]): number[] => [
  ...passes,
  ...Array<number>(keptPasses - passes.length).fill(0),
];

const report = (more: object = {}): string =>
  JSON.stringify({ sites: [], begun: [], passes: [], record: [], ended: null, ...more });

test("sites with bytes and times, loops with the passes that were recorded", () => {
  const text = report({
    sites: [
      [64, 2],
      [0, 0],
    ],
    begun: [3, 0, 1, 700],
    passes: [2, 0, 0, keptPasses],
    record: [...record(16, 32), ...record(), ...record(), ...Array<number>(keptPasses).fill(1)],
  });
  expect(parseCounts(`\n${text}\n`)).toEqual({
    sites: [
      { bytes: 64, times: 2 },
      { bytes: 0, times: 0 },
    ],
    loops: [
      { begun: 3, passes: [16, 32] },
      { begun: 0, passes: [] },
      { begun: 1, passes: [] },
      { begun: 700, passes: Array<number>(keptPasses).fill(1) },
    ],
    exception: null,
  });
});

test("what the application printed before does not count", () => {
  expect(parseCounts(`{"sites": 1}\nraised: no\n${report({ ended: "OSError: 5\n 6" })}\n`)).toMatchObject({
    exception: "OSError: 5 6",
  });
});

test.each(["", "\n", "hello", '{"sites": [', '{"x": 1}', "null", "[1]"])("%j is no report", (text) => {
  expect(parseCounts(text)).toBeNull();
});
