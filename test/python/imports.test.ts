import { expect, test } from "vitest";
import { importsOf } from "../../src/python/imports.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const imports = (text: string) => importsOf(parseModule("a.py", text));

test("plain imports are told one by one, with what they bind", () => {
  expect(imports("import umqtt.simple, os as system\n").map(({ module, names }) => [module, names])).toEqual([
    ["umqtt.simple", { kind: "module", as: "umqtt" }],
    ["os", { kind: "module", as: "system" }],
  ]);
});

test("names, aliases and star are told", () => {
  expect(imports("from machine import (Pin, # which\n  I2C as Bus,)\n")[0]?.names).toEqual({
    kind: "names",
    names: [
      { name: "Pin", as: "Pin" },
      { name: "I2C", as: "Bus" },
    ],
  });
  expect(imports("from config import *")[0]?.names).toEqual({ kind: "star" });
});

test("relative imports have a level", () => {
  expect(
    imports("from . import a\nfrom ..b.c import d\n").map(({ module, level }) => [module, level]),
  ).toEqual([
    ["", 1],
    ["b.c", 2],
  ]);
});

test("where an import is done is told", () => {
  const text = [
    "import a; import b",
    "try:",
    "    import c",
    "except ImportError:",
    "    pass",
    "if x:",
    "    import d",
    "def f():",
    "    try:",
    "        import e",
    "    finally:",
    "        pass",
  ].join("\n");
  expect(imports(text).map(({ module, line, place, isInTry }) => [module, line, place, isInTry])).toEqual([
    ["a", 1, "top-level", false],
    ["b", 1, "top-level", false],
    ["c", 3, "conditional", true],
    ["d", 7, "conditional", false],
    ["e", 10, "function", true],
  ]);
});

test("offsets are those of the statement", () => {
  const text = "x = 1\nfrom a import b  # why\n";
  const [only] = imports(text);
  expect(text.slice(only!.from, only!.to)).toBe("from a import b");
});
