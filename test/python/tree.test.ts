import { expect, test } from "vitest";
import { parseModule } from "../../src/python/parsed-module.ts";
import { argumentsOf, literalText, nodesOf, statementsOf, textOf } from "../../src/python/tree.ts";

const call = (text: string) => {
  const module = parseModule("a.py", text);
  const [node] = nodesOf(module.tree.topNode, ["CallExpression"]);
  return argumentsOf(module, node!).map(({ keyword, isSpread, value }) => [
    keyword,
    isSpread,
    textOf(module, value),
  ]);
};

test("arguments are told with keyword and stars", () => {
  expect(call("f(a, k=b + 1, *c, **d, # why\n  )")).toEqual([
    [null, false, "a"],
    ["k", false, "b + 1"],
    [null, true, "c"],
    [null, true, "d"],
  ]);
  expect(call("f()")).toEqual([]);
  expect(call("f(a for a in b)")).toEqual([]);
});

test("joined statements are told singly", () => {
  const module = parseModule("a.py", "a; b = 1 # c\nif a:\n    c\n");
  expect(statementsOf(module.tree.topNode).map(({ name }) => name)).toEqual([
    "ExpressionStatement",
    "AssignStatement",
    "IfStatement",
  ]);
});

test("a literal's text is what stands between its quotes", () => {
  for (const [text, inner] of [
    ["'a'", "a"],
    ['b"""x"y"""', 'x"y'],
    ["r'\\d'", "\\d"],
    ["''", ""],
  ]) {
    const module = parseModule("a.py", text!);
    const [node] = nodesOf(module.tree.topNode, ["String"]);
    expect(literalText(module, node!)).toBe(inner);
  }
});
