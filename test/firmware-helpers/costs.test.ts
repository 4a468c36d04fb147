import { expect, test } from "vitest";
import { compileMpy } from "../../src/lab/compile-mpy.ts";
import { helperSource, python, releases } from "./python.ts";

/** Bytes of heap that importing `name` keeps, where what it imports is there already. */
async function keptBytes(name: string, mpy: boolean): Promise<number> {
  const source = helperSource(name);
  const content = mpy ? await compileMpy(`${name}.py`, source, { optimization: 3 }) : source;
  const py = await python(releases[4], { [`${name}.${mpy ? "mpy" : "py"}`]: content });
  const timer = { init: () => {}, deinit: () => {} };
  py.bare.registerJsModule("machine", { Timer: () => timer });
  py.run("import gc, machine, micropython, os, time\nmachine.Timer\nbefore = kept = 0\ngc.collect()");
  py.run("gc.collect()");
  py.run("before = gc.mem_alloc()");
  py.run(`import ${name}\ngc.collect()`);
  py.run("kept = gc.mem_alloc()");
  return Number(py.value("kept - before"));
}

// The figures of firmware-helpers/README.md, with some room: who makes the helper larger changes both.
test.each([
  ["heapscope", true, 3_300],
  ["heapscope", false, 3_500],
  ["heapscope_tiny", true, 1_650],
  ["heapscope_tiny", false, 1_650],
] as const)("%s keeps little heap (as .mpy: %s)", async (name, mpy, mostBytes) => {
  const bytes = await keptBytes(name, mpy);
  expect(bytes).toBeGreaterThan(500);
  expect(bytes).toBeLessThanOrEqual(mostBytes);
});
