import { expect, test } from "vitest";
import { withTurns } from "../../src/python/endless-loops.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const turned = (text: string): string | null => withTurns(parseModule("m.py", text));

test("each endless loop begins its passes with a turn, in functions as well", () => {
  expect(
    turned(
      '"""Lamp."""\nimport time\nwhile True:\n    go()\ndef f():\n    while 1:\n        # wait\n        if x:\n            break\n    while (True): go()\n',
    ),
  ).toBe(
    '"""Lamp."""\nimport __heapscope; import time\nwhile True:\n    __heapscope.turn(); go()\ndef f():\n    while 1:\n        # wait\n        __heapscope.turn()\n        if x:\n            break\n    while (True): __heapscope.turn(); go()\n',
  );
});

test.each([
  ["no endless loop", "while x:\n    go()\nfor y in z:\n    go()\n"],
  [
    "a function with a decorator, which may be no Python",
    "@asm_thumb\ndef f():\n    while True:\n        nop()\n",
  ],
  ["a syntax error", "while True:\n    go(\n"],
  ["nothing", ""],
])("%s stays as it is", (_, text) => {
  expect(turned(text)).toBeNull();
});
