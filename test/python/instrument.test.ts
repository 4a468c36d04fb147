import { expect, test } from "vitest";
import { findAllocations, rewritesTogether } from "../../src/python/allocations.ts";
import { instrument, originalLine } from "../../src/python/instrument.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const counted = (text: string, withRewrites = false) => {
  const module = parseModule("a.py", text);
  const sites = findAllocations(module);
  return instrument(module, sites, withRewrites ? rewritesTogether(sites) : []);
};

test("calls stand around the statement, before the loop, at the head of its body, and behind docstring and comments", () => {
  expect(counted('#!x\n"""doc"""\nimport a\nwhile True:\n    go()\n    print(f"{x}")  # why\n').text).toBe(
    '#!x\n"""doc"""\nimport __heapscope; import a\n__heapscope.enter(0)\nwhile True:\n    __heapscope.pass_(0); go()\n' +
      '    __heapscope.before(0); print(f"{x}"); __heapscope.after(0)  # why\n',
  );
});

test("bodies of one line, joined statements and continued lines are counted where they are", () => {
  expect(counted("x = 1\nwhile True: go(); print(f'{x}'); go()").text).toBe(
    "import __heapscope; x = 1\n__heapscope.enter(0)\n" +
      "while True: __heapscope.pass_(0); go(); __heapscope.before(0); print(f'{x}'); __heapscope.after(0); go()",
  );
  expect(counted("x = 1\r\nwhile True:\r\n\tprint( \\\r\n\tf'{x}')\r\n").text).toBe(
    "import __heapscope; x = 1\r\n__heapscope.enter(0)\r\nwhile True:\r\n\t__heapscope.pass_(0); __heapscope.before(0); print( \\\r\n\tf'{x}'); __heapscope.after(0)\r\n",
  );
});

test("before a compound statement, calls have a line of their own", () => {
  expect(counted("while True:\r\n  if x:\r\n    print(f'{x}')\r\n").text).toBe(
    "import __heapscope\r\n__heapscope.enter(0)\r\nwhile True:\r\n  __heapscope.pass_(0)\r\n  if x:\r\n    __heapscope.before(0); print(f'{x}'); __heapscope.after(0)\r\n",
  );
});

test("in a head no calls can stand; the passes are counted", () => {
  const { text, sites, loops } = counted("while x:\n    if y in [1, 2]:\n        go()\n");
  expect(sites).toMatchObject([
    { statement: null, reason: "it is in the head of a compound statement", loop: 0 },
  ]);
  expect(loops).toMatchObject([{ line: 1, kind: "while" }]);
  expect(text).toContain("    __heapscope.pass_(0)\n    if y in [1, 2]:");
});

test("sites of one statement share a number, loops are numbered by their first site", () => {
  const { sites } = counted(
    "while True:\n    a = spi.read(1)[0] + spi.read(2)[0]\n    for x in y:\n        uart.write(spi.read(3))\n",
  );
  expect(sites.map(({ statement, loop }) => [statement, loop])).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
});

test("a statement that waits is not measured", () => {
  const text = "async def f():\n    while True:\n        await go(f'{x}')\n";
  expect(counted(text).sites).toMatchObject([
    { statement: null, reason: "other code may run while its statement waits", loop: 0 },
  ]);
});

test("assembler is left alone", () => {
  const text = "@micropython.asm_thumb\ndef f():\n    while True:\n        print(f'{x}')\n";
  expect(counted(text)).toMatchObject({ sites: [{ statement: null, loop: null }], loops: [] });
});

test("the rewritten form is counted with the same numbers", () => {
  const text =
    "def f():\n    while True:\n        b = bytearray(2)\n        spi.readinto(b)\n        v = spi.read(1)[0]\n";
  const [plain, rewritten] = [counted(text), counted(text, true)];
  expect(plain.sites.map(({ statement }) => statement)).toEqual([0, 1]);
  expect(rewritten.sites.map(({ statement }) => statement)).toEqual([null, 1]);
  expect(rewritten.text).toBe(
    "import __heapscope\ndef f():\n    __heapscope.enter(0)\n    b = bytearray(2)\n    buf = bytearray(1)\n    while True:\n" +
      "        __heapscope.pass_(0); spi.readinto(b)\n" +
      "        __heapscope.before(1); spi.readinto(buf)\n        v = buf[0]; __heapscope.after(1)\n",
  );
});

test("without sites nothing is changed", () => {
  expect(counted("x = 1\n")).toEqual({ text: "x = 1\n", sites: [], loops: [] });
});

test("lines of a copy are told as lines of the module", () => {
  const text = "import a\nwhile True:\n    if x:\n        print(f'{x}')\n    y\n";
  const lines = counted(text).text.split("\n");
  for (const [at, line] of text.split("\n").slice(0, -1).entries()) {
    const copied = lines.findIndex((each) => each.includes(line.trim())) + 1;
    expect(originalLine(lines.join("\n"), copied)).toBe(at + 1);
  }
});
