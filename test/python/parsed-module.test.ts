import { expect, test } from "vitest";
import { parseModule } from "../../src/python/parsed-module.ts";

test("an offset's line is counted from 1, whatever ends the lines", () => {
  const module = parseModule("a.py", "x = 1\r\ny = 2\n\nz = 3");
  expect([0, 5, 7, 12, 13, 14, 19].map((offset) => module.lineOf(offset))).toEqual([1, 1, 2, 2, 3, 4, 4]);
  expect(module.lines).toEqual(["x = 1", "y = 2", "", "z = 3"]);
});

test("a byte order mark is no part of the first name", () => {
  const module = parseModule("a.py", "\uFEFFx = 1\n");
  expect(module.syntaxErrors).toEqual([]);
  const first = module.tree.topNode.firstChild?.firstChild;
  expect(module.text.slice(first!.from, first!.to)).toBe("x");
});

test("places that cannot be read are told with their line", () => {
  const { syntaxErrors } = parseModule("app/a.py", "x = 1\nx = = 1\ny = 2\n");
  expect(syntaxErrors).toEqual([
    { file: "app/a.py", line: 2, text: "This line cannot be read as Python 3: x = = 1" },
  ]);
});

test("of many unreadable places the first three are told", () => {
  const { syntaxErrors } = parseModule("a.py", "x = = 1\n".repeat(9));
  expect(syntaxErrors.map(({ line }) => line)).toEqual([1, 2, 3]);
});

test("an empty module and one of comments have no errors", () => {
  for (const text of ["", "\n", "# só", "\uFEFF", "   \r\n"]) {
    expect(parseModule("a.py", text).syntaxErrors).toEqual([]);
  }
});

test.each([
  "def f():\n    yield\n    x = yield  # wait\n    f((yield), 1)\n",
  "T = 20.\nx = T + 1.\n",
  "\f\ndef f():\n    pass\n\f\n",
  "with open(a) as self.file:\n    pass\n",
])("valid Python that is rare can be read: %j", (text) => {
  expect(parseModule("a.py", text).syntaxErrors).toEqual([]);
});
