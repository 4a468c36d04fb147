import fc from "fast-check";
import { expect, test } from "vitest";
import { compileMpy } from "../../src/lab/compile-mpy.ts";
import { findAllocations, rewritesTogether } from "../../src/python/allocations.ts";
import { applyEdits } from "../../src/python/edits.ts";
import { instrument } from "../../src/python/instrument.ts";
import { parseModule } from "../../src/python/parsed-module.ts";
import { type Python, python, releases } from "../firmware-helpers/python.ts";
import { program, standIns } from "./programs.ts";

const counter = `
calls = []
passes = {}
limit = 1000
def before(k):
    calls.append(k)
def after(k):
    calls.append(~k)
def enter(j):
    pass
def pass_(j):
    passes[j] = passes.get(j, 0) + 1
    if passes[j] > limit:
        raise SystemExit
`;

const texts = fc.sample(program, { numRuns: 150, seed: 3 });
const forms = texts.map((text) => {
  const module = parseModule("m.py", text);
  const sites = findAllocations(module);
  const edits = rewritesTogether(sites);
  return {
    text,
    sites,
    rewritten: applyEdits(text, edits),
    counted: instrument(module, sites),
    countedRewritten: instrument(module, sites, edits),
  };
});

/** An interpreter with all forms; no two at a time. */
async function withForms(release: string): Promise<Python> {
  const files: Record<string, string> = { "standins.py": standIns, "__heapscope.py": counter };
  forms.forEach(({ text, rewritten, counted, countedRewritten }, index) => {
    files[`a${index}.py`] = text;
    files[`b${index}.py`] = rewritten;
    files[`c${index}.py`] = counted.text;
    files[`d${index}.py`] = countedRewritten.text;
  });
  const interpreter = await python(release, files);
  interpreter.run(`
import gc, __heapscope
def trial(name):
    __heapscope.calls.clear()
    __heapscope.passes.clear()
    try:
        __import__(name).run()
        del sys.modules[name]
    except Exception as e:
        print(repr(e))
`);
  return interpreter;
}

test.each([releases[0], releases.at(-1)!])(
  "the changed forms do what the module did on %s",
  async (release) => {
    const interpreter = await withForms(release);
    for (const [index, form] of forms.entries()) {
      const [before, ...after] = ["a", "b", "c", "d"].map((name) =>
        interpreter.run(`trial("${name}${index}"); gc.collect()`),
      );
      expect(before).not.toMatch(/Error/);
      const all = [form.text, form.rewritten, form.counted.text, form.countedRewritten.text].join(
        "\n-----\n",
      );
      for (const output of after) expect(output, all).toBe(before);
    }
  },
);

test("the programs have sites and rewrites", () => {
  const sites = forms.flatMap((form) => form.sites);
  expect(new Set(sites.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(8);
  expect(sites.filter(({ rewrite }) => rewrite !== null).length).toBeGreaterThan(100);
});

test("each begin has its end, and passes are counted", async () => {
  const interpreter = await withForms(releases.at(-1)!);
  for (const [index, { counted }] of forms.entries()) {
    if (counted.loops.length === 0) continue;
    interpreter.run(`trial("c${index}"); gc.collect()`);
    const calls = JSON.parse(interpreter.value("__heapscope.calls")) as number[];
    for (let at = 0; at < calls.length; at += 2) expect(calls[at + 1]).toBe(~calls[at]!);
    const seen = new Set(calls.filter((call) => call >= 0));
    for (const { statement } of counted.sites) if (statement !== null) expect(seen).toContain(statement);
    const passes = interpreter.value("[__heapscope.passes[j] for j in sorted(__heapscope.passes)]");
    expect(JSON.parse(passes)).toHaveLength(counted.loops.length);
  }
});

test("a counter that raises ends a loop that would not end", async () => {
  const text = "def run():\n    n = 0\n    while True: n += 1; print(f'{n}')\n";
  const module = parseModule("m.py", text);
  const interpreter = await withForms(releases.at(-1)!);
  interpreter.bare.FS.writeFile("/endless.py", instrument(module, findAllocations(module)).text);
  expect(
    interpreter.run(`
__heapscope.passes.clear()
__heapscope.limit = 3
import endless
try:
    endless.run()
except SystemExit:
    print("ended")
__heapscope.limit = 1000
`),
  ).toMatch(/^1\r?\n2\r?\n3\r?\nended/);
});

test("changed forms of any program compile", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (text) => {
      const module = parseModule("m.py", text);
      const sites = findAllocations(module);
      const edits = rewritesTogether(sites);
      for (const form of [
        applyEdits(text, edits),
        instrument(module, sites).text,
        instrument(module, sites, edits).text,
      ]) {
        expect(parseModule("m.py", form).syntaxErrors).toEqual([]);
        await compileMpy("m.py", form);
      }
    }),
    { numRuns: 15 },
  );
});
