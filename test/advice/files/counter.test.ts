import { expect, test } from "vitest";
import { keptPasses, parseCounts } from "../../../src/advice/files/counter.ts";

const record = (...passes: readonly number[]): number[] => [
  ...passes,
  ...Array<number>(keptPasses - passes.length).fill(0),
];

const nowhere = () => null;

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
  expect(parseCounts(`\n${text}\n`, nowhere)).toEqual({
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
  expect(
    parseCounts(`{"sites": 1}\nraised: no\n${report({ ended: "OSError: 5\n 6" })}\n`, nowhere),
  ).toMatchObject({
    exception: { text: "OSError: 5 6", place: null },
  });
});

test.each(["", "\n", "hello", '{"sites": [', '{"x": 1}', "null", "[1]"])("%j is no report", (text) => {
  expect(parseCounts(text, nowhere)).toBeNull();
});

test("the place of an exception is the innermost line that is the application's", () => {
  const trace = `Traceback (most recent call last):
  File "<stdin>", line 2, in <module>
  File "/main.py", line 7, in <module>
  File "sensors.py", line 3, in read
  File "machine.py", line 90, in readfrom
OSError: File "/main.py", line 1
`;
  const own = (file: string, line: number) =>
    file === "machine.py" || file === "<stdin>" ? null : { file, line };
  expect(parseCounts(report({ ended: "OSError: x", trace }), own)?.exception).toEqual({
    text: "OSError: x",
    place: { file: "sensors.py", line: 3 },
  });
});
