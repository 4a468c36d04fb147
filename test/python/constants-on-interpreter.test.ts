import fc from "fast-check";
import { expect, test } from "vitest";
import { compileMpy } from "../../src/lab/compile-mpy.ts";
import { applyConstants } from "../../src/python/apply-constants.ts";
import { findConstants } from "../../src/python/constants.ts";
import { parseModule } from "../../src/python/parsed-module.ts";
import { python, releases } from "../firmware-helpers/python.ts";

const name = fc.constantFrom("A", "B", "C", "_D", "E", "F", "_A");
const literal = fc.constantFrom(
  ...[
    "0",
    "7",
    "-3",
    "0xff",
    "1_000",
    "1.5",
    "'text'",
    "b'ab'",
    "True",
    "None",
    "(1, 'a')",
    "()",
    "1, 2",
    "[1]",
  ],
  ...["'a' 'b'", "const(4)", "const('x')", "2 ** 3", "9 // 2", "1 << 40", "'''two\nlines'''", "f()"],
);
const built = fc
  .tuple(name, fc.constantFrom("+", "-", "*", "//", "%", "<<", ">>", "&", "|", "^"), name)
  .map(([one, operator, other]) => `${one} ${operator} (${other} | 1)`);
const value = fc.oneof({ weight: 3, arbitrary: literal }, built);
const assignment = fc.tuple(name, value).map(([target, of]) => `${target} = ${of}`);
const other = fc.oneof(
  name.map((of) => `print(repr(${of}))`),
  name.map((of) => `def f(a=1):\n    return ${of}`),
  name.map((of) => `def f(${of}=2):\n    return ${of}`),
  name.map((of) => `def f(a=1):\n    ${of} = a\n    return ${of}`),
  name.map((of) => `class K:\n    x = ${of}\n    ${of} = 3\nprint(K.x)`),
  name.map((of) => `class K:\n    x = ${of}\nprint(K.x)`),
  name.map((of) => `print([${of} for _ in (1, 2)], f"{${of}} {${of}!r}")`),
  name.map((of) => `print((lambda a: a if ${of} else ${of})(5))`),
  name.map((of) => `for ${of} in (1, 2): pass`),
  name.map((of) => `if ${of}:\n    print("yes")\nelse:\n    print("no")`),
  name.map((of) => `def g():\n    if ${of}:\n        yield 1\nprint(type(g()))`),
  fc.constant("from micropython import const"),
  fc.constant("try:\n    from micropython import const\nexcept ImportError:\n    pass"),
  fc.constant("print(f())"),
  fc.constant("'''text'''"),
);
const moduleText = fc
  .tuple(
    fc.array(fc.oneof({ weight: 2, arbitrary: assignment }, other), { minLength: 1, maxLength: 12 }),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(([lines, end, hasEnd]) => `${lines.join("\n")}${hasEnd ? "\n" : ""}`.replaceAll("\n", end));

const applied = (text: string): string => {
  const module = parseModule("m.py", text);
  return applyConstants(module, findConstants(module, []));
};

test("what is changed can be read, and only by const() and underscores", () => {
  fc.assert(
    fc.property(moduleText, (text) => {
      const result = applied(text);
      expect(parseModule("m.py", result).syntaxErrors).toEqual([]);
      const bare = (of: string) =>
        of.replace(/from micropython import const\r?\n/g, "").replace(/const|[_()\s]/g, "");
      expect(bare(result)).toBe(bare(text));
    }),
    { numRuns: 300 },
  );
});

test("changed modules compile", async () => {
  const texts = fc.sample(moduleText, { numRuns: 60, seed: 7 });
  let changed = 0;
  for (const text of texts) {
    const result = applied(text);
    const compiles = await compileMpy("m.py", text).then(
      () => true,
      () => false,
    );
    if (result === text || !compiles) continue;
    changed++;
    await expect(compileMpy("m.py", result), result).resolves.toBeDefined();
  }
  expect(changed).toBeGreaterThan(8);
});

test.each([releases[0], releases.at(-1)!])("changed modules do the same on %s", async (release) => {
  const texts = fc.sample(moduleText, { numRuns: 400, seed: 11 });
  const files: Record<string, string> = {};
  texts.forEach((text, index) => {
    files[`before${index}.py`] = text;
    files[`after${index}.py`] = applied(text);
  });
  const interpreter = await python(release, files);
  interpreter.run(`
import gc
def trial(name):
    try:
        m = __import__(name)
        print("done", m.f() if hasattr(m, "f") else None)
        del sys.modules[name]
    except Exception as e:
        print(type(e).__name__)
`);
  let changed = 0;
  for (const index of texts.keys()) {
    const [before, after] = ["before", "after"].map((form) =>
      interpreter.run(`trial("${form}${index}"); gc.collect()`),
    );
    expect(after, `${files[`before${index}.py`]}\n--- became\n${files[`after${index}.py`]}`).toBe(before);
    if (files[`before${index}.py`] !== files[`after${index}.py`]) changed++;
  }
  expect(changed).toBeGreaterThan(80);
});

const asking = fc.oneof(
  name.map((of) => `print(m.${of})`),
  name.map((of) => `from m import ${of}\nprint(${of})`),
  name.map((of) => `from m import *\nprint(${of})`),
  name.map((of) => `print(getattr(m, "${of}", None))`),
  name.map((of) => `m.${of} = 5\nprint(m.f())`),
  name.map((of) => `setattr(m, "${of}", 6)\nprint(m.f())`),
  name.map((of) => `exec("print(m.${of})")`),
  name.map((of) => `n = m\nprint(hasattr(n, "${of}"))`),
  fc.constant("print(m.f())"),
);

test("other modules find what they ask for, before and after", async () => {
  const pairs = fc.sample(fc.tuple(moduleText, fc.array(asking, { minLength: 1, maxLength: 2 })), {
    numRuns: 200,
    seed: 5,
  });
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  let changed = 0;
  pairs.forEach(([text, asked], index) => {
    const user = `import m${index} as m\n${asked.join("\n").replaceAll("from m ", `from m${index} `)}\n`;
    const module = parseModule(`m${index}.py`, text);
    const other = parseModule(`u${index}.py`, user);
    Object.assign(before, { [module.file]: text, [other.file]: user });
    after[module.file] = applyConstants(module, findConstants(module, [other]));
    after[other.file] = applyConstants(other, findConstants(other, [module]));
    if (after[module.file] !== text) changed++;
  });
  const outputs: string[][] = [];
  for (const files of [before, after]) {
    const interpreter = await python(releases.at(-1)!, files);
    interpreter.run(`
import gc
def trial(index):
    try:
        __import__("u%d" % index)
    except Exception as e:
        print(type(e).__name__)
    for name in list(sys.modules):
        del sys.modules[name]
`);
    outputs.push(pairs.map((_, index) => interpreter.run(`trial(${index}); gc.collect()`)));
  }
  pairs.forEach(([text, asked], index) => {
    expect(outputs[1]?.[index], `${text}\n---\n${asked.join("\n")}\n---\n${after[`m${index}.py`]}`).toBe(
      outputs[0]?.[index],
    );
  });
  expect(changed).toBeGreaterThan(40);
});
