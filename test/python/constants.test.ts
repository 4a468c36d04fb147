import { expect, test } from "vitest";
import { applyConstants } from "../../src/python/apply-constants.ts";
import { findConstants } from "../../src/python/constants.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const find = (text: string, ...others: readonly string[]) =>
  findConstants(
    parseModule("config.py", text),
    others.map((other, index) => parseModule(`other${index}.py`, other)),
  );
const names = (text: string, ...others: readonly string[]) => find(text, ...others).map(({ name }) => name);
const apply = (text: string, ...others: readonly string[]) => {
  const module = parseModule("config.py", text);
  return applyConstants(module, find(text, ...others));
};
const use = (name: string) => `def use():\n    return ${name}\n`;

test("values that const() takes are found with their kind", () => {
  const text = [
    "A = 1 << 4 | ~3",
    "B = 'x' 'y'",
    "C = b'z'",
    "D = (1, ('a', None))",
    "E = 1, 2",
    "F = -A + 2",
    "G = True",
    "H = 1.5",
    "def use(): return A, B, C, D, E, F, G, H",
  ].join("\n");
  expect(find(text).map(({ name, kind, line, needs }) => [name, kind, line, needs])).toEqual([
    ["A", "int", 1, []],
    ["B", "str", 2, []],
    ["C", "bytes", 3, []],
    ["D", "tuple", 4, []],
    ["E", "tuple", 5, []],
    ["F", "int", 6, ["A"]],
    ["G", "bool", 7, []],
    ["H", "float", 8, []],
  ]);
});

test.each([
  "X = [1]",
  "X = {}",
  "X = (1, [2])",
  "X = f()",
  "X = f'{a}'",
  "X = 'a' + 'b'",
  "X = 1 / 2",
  "X = 1 // 0",
  "X = 1 << -1",
  "X = -1.5",
  "X = unknown + 1",
  "X: int = 1",
  "X = Y = 1",
  "X, Y = 1, 2",
  "if a:\n    X = 1",
  "class C:\n    X = 1",
])("no constant: %s", (text) => {
  expect(names(`${text}\n${use("X")}`)).not.toContain("X");
});

test.each([
  "X = 2",
  "X += 1",
  "del X",
  "for X in a: pass",
  "with a as X: pass",
  "import X",
  "from a import b as X",
  "from a import *",
  "def X(): pass",
  "class X: pass",
  "def f(X): pass",
  "def f(*X): pass",
  "def f():\n    X = 1",
  "def f():\n    global X",
  "f(X=1)",
  "a = lambda X: X",
  "a = [X for X in b]",
  "a = {k: 1 for k, X in b}",
  "f(X := 1)",
  "try: pass\nexcept E as X: pass",
  "class A:\n    X = 1",
  "globals()['X'] = 1",
  "exec('X = 1')",
  "def g():\n    if X:\n        yield 1",
])("a name that is also bound elsewhere is none: %s", (text) => {
  expect(names(`X = 5\n${text}\n${use("X")}`)).toEqual([]);
});

test.each([
  "config.X = 1",
  "config.X += 1",
  "a, config.X = 1, 2",
  "setattr(config, 'X', 1)",
  "exec('config.X = 1')",
])("a name that another module assigns is none: %s", (other) => {
  expect(names(`X = 5\n${use("X")}`, `import config\n${other}\n`)).toEqual([]);
});

test("a name that nobody else asks for may be private", () => {
  expect(find(`X = 5\n${use("X")}`, "import config\nconfig.use()\n")).toMatchObject([
    { name: "X", isConst: false, mayBePrivate: true, reads: 1, isDead: false },
  ]);
});

test.each([
  "from config import X",
  "from config import *",
  "import config\nprint(config.X)",
  "import config\nprint(getattr(config, 'X'))",
  "import config\nshow(config)",
  "from . import config as c\nc.X",
  "import app.config\nshow(app.config)",
  "show(__import__('config'))",
  "import sys\nshow(sys.modules['config'])",
  "x = = 1",
])("a name that another module may ask for stays public: %s", (other) => {
  expect(find(`X = 5\n${use("X")}`, other)).toMatchObject([{ name: "X", mayBePrivate: false }]);
});

test.each([
  `__all__ = ("X",)\nX = 5\n${use("X")}`,
  `${use("X")}X = 5\n`,
  `X = 5\n_X = f()\n${use("X")}`,
  `X = 5\nprint(f"{X=}")\n`,
])("a name stays public: %j", (text) => {
  expect(find(text).find(({ name }) => name === "X")).toMatchObject({ mayBePrivate: false });
});

test("a hidden name needs only const(), and none where another module asks for it", () => {
  expect(apply("_X = 5\nprint(_X)\n")).toBe("from micropython import const\n_X = const(5)\nprint(_X)\n");
  expect(names("_X = 5\nprint(_X)\n", "from config import _X")).toEqual([]);
});

test("a constant in const() needs only the underscore", () => {
  const text = "from micropython import const\nX = const(5)\nprint(X)\n";
  expect(find(text)).toMatchObject([{ name: "X", isConst: true, mayBePrivate: true }]);
  expect(apply(text)).toBe("from micropython import const\n_X = const(5)\nprint(_X)\n");
  expect(names(text, "import config\nconfig.X")).toEqual([]);
  expect(names("from micropython import const\n_X = const(5)\nprint(_X)\n")).toEqual([]);
});

test("a name that is read nowhere is dead and is left as it is", () => {
  expect(find("X = 5\n")).toMatchObject([{ name: "X", isDead: true, mayBePrivate: false }]);
  expect(apply("X = 5\n")).toBe("X = 5\n");
  expect(names("X = 5\n", "from config import X")).toEqual([]);
});

test("a name that only others read gains nothing", () => {
  expect(names("X = 5\n__version__ = '1'\n", "import config\nprint(config.X)")).toEqual([]);
});

test("the import goes behind docstring, comments and __future__, with the text's own line ends", () => {
  expect(apply('\uFEFF#!/x\r\n"""doc"""\r\n# note\r\nX = 5\r\nprint(X)')).toBe(
    '\uFEFF#!/x\r\n"""doc"""\r\n# note\r\nfrom micropython import const\r\n_X = const(5)\r\nprint(_X)',
  );
  expect(apply("from __future__ import annotations\nX = 5\nprint(X)\n")).toBe(
    "from __future__ import annotations\nfrom micropython import const\n_X = const(5)\nprint(_X)\n",
  );
});

test("an import of micropython that is there is extended", () => {
  expect(apply("from micropython import (\n    schedule,\n)\nX = 1, 2\nprint(X)\n")).toBe(
    "from micropython import (\n    schedule, const,\n)\n_X = const((1, 2))\nprint(_X)\n",
  );
});

test("a const that comes by try is used", () => {
  const head = "try:\n    from micropython import const\nexcept ImportError:\n    const = lambda x: x\n";
  expect(apply(`${head}X = 5\nprint(X)\n`)).toBe(`${head}_X = const(5)\nprint(_X)\n`);
});

test("uses in f-strings, defaults and other constants are renamed, attributes and texts are not", () => {
  expect(apply("X = 5\nY = X + 1\ndef f(a=X):\n    self.X = f'X {X}'  # X\nprint(Y)\n")).toBe(
    "from micropython import const\n_X = const(5)\n_Y = const(_X + 1)\ndef f(a=_X):\n    self.X = f'X {_X}'  # X\nprint(_Y)\n",
  );
});

test("without the constant that it is built on, a value is left as it is", () => {
  const module = parseModule("config.py", "X = 5\nY = X + 1\nprint(X, Y)\n");
  const [, second] = findConstants(module, []);
  expect(applyConstants(module, [second!])).toBe(module.text);
});
