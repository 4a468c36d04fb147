import { expect, test } from "vitest";
import { parseExposition } from "./exposition.ts";

const gauge = "# HELP a_bytes What.\n# TYPE a_bytes gauge\n";

test("samples belong to their family, with labels unescaped", () => {
  const families = parseExposition(`${gauge}a_bytes{b="x\\"y\\\\z\\n",c=""} 1.5e-7\na_bytes 2\n`);
  expect(families.get("a_bytes")?.samples).toEqual([
    { name: "a_bytes", labels: { b: 'x"y\\z\n', c: "" }, value: 1.5e-7 },
    { name: "a_bytes", labels: {}, value: 2 },
  ]);
});

test.each([
  ["a sample without TYPE", "a_bytes 1\n"],
  ["TYPE without HELP", "# TYPE a_bytes gauge\na_bytes 1\n"],
  ["a series twice", `${gauge}a_bytes{b="1",c="2"} 1\na_bytes{c="2",b="1"} 1\n`],
  ["a family twice", `${gauge}a_bytes 1\n${gauge}`],
  ["a sample of another family", `${gauge}b_bytes 1\n`],
  ["a counter without _total", "# HELP a What.\n# TYPE a counter\na 1\n"],
  ["a gauge with _total", "# HELP a_total What.\n# TYPE a_total gauge\na_total 1\n"],
  ["a label that is not escaped", `${gauge}a_bytes{b="x"y"} 1\n`],
  ["a value that is no number", `${gauge}a_bytes undefined\n`],
  ["an end in the middle of a line", `${gauge}a_bytes 1`],
  [
    "a histogram whose buckets fall",
    '# HELP h What.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
  ],
])("%s is refused", (_what, text) => {
  expect(() => parseExposition(text)).toThrow();
});
