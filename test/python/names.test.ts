import { expect, test } from "vitest";
import { namesIn } from "../../src/python/names.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const roles = (text: string) => namesIn(parseModule("a.py", text)).map(({ name, role }) => `${name} ${role}`);

test.each([
  ["a = b = c", "a bound,b bound,c read"],
  ["a, b = b, a", "a bound,b bound,b read,a read"],
  ["(a, [b]), *c = d", "a bound,b bound,c bound,d read"],
  ["a.b[c] = d", "a read,c read,d read"],
  ["a += b", "a bound,b read"],
  ["a: b = c", "a bound,b read,c read"],
  ["for a, (b, c) in d: e", "a bound,b bound,c bound,d read,e read"],
  ["[a for b, c in d if e]", "a read,b bound,c bound,d read,e read"],
  ["f(a for a in b)", "f read,a read,a bound,b read"],
  ["with a as b, c as d: pass", "a read,b bound,c read,d bound"],
  ["try: pass\nexcept (A, B) as e: pass", "A read,B read,e bound"],
  ["def f(a, b=c, *d, e: g = 1): pass", "f bound,a bound,b bound,c read,d bound,e bound,g read"],
  ["class A(B, k=C): pass", "A bound,B read,k keyword,C read"],
  ["lambda a, b=c: a", "a bound,b bound,c read,a read"],
  ["f(a, k=b, *c, **d)", "f read,a read,k keyword,b read,c read,d read"],
  ["f(a := b)", "f read,a bound,b read"],
  ["if (a := b): pass", "a bound,b read"],
  ["import a.b, c as d", "a bound,b foreign,c foreign,d bound"],
  ["from a.b import c, d as e", "a foreign,b foreign,c bound,d foreign,e bound"],
  ["from . import (a)", "a bound"],
  ["@a.b\ndef f(): pass", "a read,b foreign,f bound"],
  ["del a, b.c", "a bound,b read"],
  ["def f():\n    global a\n    return a", "f bound,a bound,a read"],
  ["f'{a} {b:{c}}'", "a read,b read,c read"],
])("%s", (text, expected) => {
  expect(roles(`${text}\n`).join(",")).toBe(expected);
});
