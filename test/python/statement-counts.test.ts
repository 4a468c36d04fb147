import { expect, test } from "vitest";
import { parseModule } from "../../src/python/parsed-module.ts";
import { countStatements } from "../../src/python/statement-counts.ts";

const counted = (text: string) => countStatements(parseModule("a.py", text), { statement: 1, loop: 0 });

test("simple statements of functions and loops are counted on their lines, those at the top level are not", () => {
  const { text, statements, loops } = counted(
    'x = 1\ndef f(a):\n    "doc"\n    global n\n    n = [\n        a]\n    pass\nwhile True: f(x); x += 1\n',
  ) ?? { text: "" };
  expect(text).toBe(
    'import __heapscope; x = 1\ndef f(a):\n    "doc"\n    global n\n    __heapscope.down(1); n = [\n        a]; __heapscope.up(1)\n    pass\n' +
      "__heapscope.enter(0)\nwhile True: __heapscope.pass_(0); __heapscope.down(2); f(x); __heapscope.up(2); __heapscope.down(3); x += 1; __heapscope.up(3)\n",
  );
  expect(statements).toEqual([
    { line: 5, lastLine: 6 },
    { line: 8, lastLine: 8 },
    { line: 8, lastLine: 8 },
  ]);
  expect(loops).toEqual([8]);
});

test("what return and heads evaluate is counted around the expression", () => {
  expect(
    counted(
      "def f(a):\n  if g(a): return a, 1\n  elif h(): return\n  while a < 3: pass\n  for i in b[1:]: pass\n  for i in range(3): pass\n",
    )?.text,
  ).toBe(
    "import __heapscope\ndef f(a):\n  if __heapscope.up(1, __heapscope.down(1) or (g(a))): return __heapscope.up(3, __heapscope.down(3) or (a, 1))\n" +
      "  elif __heapscope.up(2, __heapscope.down(2) or (h())): return\n  while __heapscope.up(4, __heapscope.down(4) or (a < 3)): pass\n" +
      "  for i in __heapscope.up(5, __heapscope.down(5) or (b[1:])): pass\n  for i in range(3): pass\n",
  );
});

test("what waits, and what is for the assembler, is left alone", () => {
  const text =
    "async def f():\n    while True:\n        await g()\n@rp2.asm_pio()\ndef p():\n    jmp(x)\n@micropython.asm_thumb\ndef q():\n    while True:\n        nop()\nclass C:\n    a = [1]\n";
  expect(counted(text)?.text).toBe(`import __heapscope\n${text}`);
});

test("source that cannot be read has no copy", () => {
  expect(counted("def f(:\n")).toBeNull();
  expect(counted("")).toBeNull();
});
