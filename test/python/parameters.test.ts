import { expect, test } from "vitest";
import { callableNamed } from "../../src/python/parameters.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const required = (parameters: string): readonly string[] | undefined =>
  callableNamed(parseModule("m.py", `def f(${parameters}):\n    pass\n`), "f")?.required;

test.each([
  ["", []],
  ["a, b", ["a", "b"]],
  ["a, b=1, c=x", ["a"]],
  ["a: int, b: str = 'x', c: int = 3", ["a"]],
  ["a, *args, **more", ["a"]],
  ["a, *args, key=1", ["a"]],
  ["a, *, key=None", ["a"]],
  ["a, b=(1, 2), c={'x': y}", ["a"]],
])("def f(%s) wants %j", (parameters, names) => {
  expect(required(parameters)).toEqual(names);
});

test.each(["*, key", "a, *args, key", "a, *, key: int"])(
  "def f(%s) cannot be called by position",
  (parameters) => {
    expect(required(parameters)).toBeUndefined();
  },
);

test("a method leaves self out and tells what its class takes", () => {
  const module = parseModule(
    "m.py",
    "class A:\n    def __init__(self, pin, rate=1): pass\n    async def run(self, n): pass\n",
  );
  expect(callableNamed(module, "A.run")).toEqual({
    required: ["n"],
    isAsync: true,
    owner: { name: "A", required: ["pin"] },
  });
  expect(callableNamed(module, "A")).toBeNull();
});
