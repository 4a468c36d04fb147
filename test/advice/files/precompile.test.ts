import { afterAll, expect, test } from "vitest";
import { neededHeap } from "../../../src/advice/files/needed-heap.ts";
import { advisePrecompiling } from "../../../src/advice/files/precompile.ts";
import type { Prepared } from "../../../src/advice/files/prepare.ts";
import { importing, prelude, stepsOf } from "../../../src/advice/files/trial.ts";
import { heapAt } from "../../../src/lab/heap-state.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { type Files, moduleIn, prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

/** A class with many methods: much to compile. */
const large = `class Menu:\n${Array.from(
  { length: 60 },
  (_, i) => `    def entry_${i}(self, value):\n        return value + ${i} * self.scale_${i}\n`,
).join("")}`;
const small = "A = 1\n";
const files: Files = { "large.py": large, "small.py": small };

const adviceOn = (from: Prepared, name: string) =>
  advisePrecompiling(from.bench, from.files, moduleIn(from.application, name), from.compiled);

test("a large module needs less as .mpy and keeps less when frozen, each time the same", async () => {
  const from = await prepared(lab, files);
  const [one, other] = await Promise.all([adviceOn(from, "large.py"), adviceOn(from, "large.py")]);
  expect(one).toEqual(other);
  if (one === null || one.before === null || one.after === null) throw new Error("nothing was advised");
  const { before, after, others, saving, method } = one;
  const frozen = others.find(({ label }) => label === "frozen");
  expect([before.label, after.label]).toEqual([".py", ".mpy"]);
  expect(Number(before.neededBytes)).toBeGreaterThan(2 * Number(after.neededBytes));
  expect(Number(before.neededBytes)).toBeLessThan(65_536);
  expect(Number(after.neededBytes)).toBeGreaterThanOrEqual(Number(after.usedBytes));
  expect(Number(frozen?.usedBytes)).toBeLessThan(Number(after.usedBytes));
  expect(Number(frozen?.usedBytes)).toBeGreaterThan(0);
  expect(saving).toEqual({
    bytes: Number(before.neededBytes) - Number(after.neededBytes),
    of: "peak",
    atMost: false,
  });
  expect(method).toMatchObject({ kind: "interpreter", repeats: 2, spreadBytes: 0, heapBytes: 65_536 });
});

test("a small module, and one that is frozen, is no finding", async () => {
  const from = await prepared(lab, { ...files, "manifest.py": 'module("large.py")\n' });
  expect(await adviceOn(from, "small.py")).toBeNull();
  expect(await adviceOn(from, "large.py")).toBeNull();
});

test("a module that does not fit as source, but as bytecode, is told so", async () => {
  const finding = await adviceOn(await prepared(lab, files, 12_288), "large.py");
  expect(finding?.title).toMatch(/^large\.py cannot be imported on a heap of 12\.0 KiB/);
  expect(finding?.before?.usedBytes).toBeNull();
  expect(Number(finding?.after?.usedBytes)).toBeLessThan(12_288);
});

test("bytecode beside the source that hides it is told", async () => {
  const finding = await adviceOn(await prepared(lab, { ...files, "large.mpy": "M" }), "large.py");
  expect(finding).toMatchObject({ code: "shadowed-mpy", change: expect.stringContaining("Remove large.py") });
});

/** Whether the imports succeed on a heap whose free bytes are filled up to `freeBytes` of whole blocks, behind the interpreter's own. */
async function succeedsWith({ bench, files: board }: Prepared, module: string, freeBytes: number) {
  const begin = prelude(bench);
  const { firmware } = bench;
  const at = async (heapBytes: number, more: boolean) => {
    const steps = [...begin, { kind: "measure" } as const, ...(more ? stepsOf(importing([module])) : [])];
    const outcome = await bench.lab.perform({ firmware, heapBytes, files: board, steps });
    return { isDone: outcome.kind === "done", heap: heapAt(outcome, begin.length) };
  };
  // No filling: a smaller heap, with the least that has so many free bytes.
  let heapBytes = 65_536;
  const { heap } = await at(heapBytes, false);
  if (heap === null) throw new Error("no dump");
  heapBytes -= heap.freeBytes - freeBytes;
  for (let tries = 0; tries < 40; tries++, heapBytes += 64) {
    const tried = await at(heapBytes, true);
    if (tried.heap !== null && tried.heap.freeBytes >= freeBytes) return tried.isDone;
  }
  throw new Error("no heap has so many free bytes");
}

test("what is said to be needed is enough, on a heap that small as well, and half of it is not", async () => {
  const from = await prepared(lab, files);
  const needed = await neededHeap(from.bench, from.files, importing(["large"]));
  if (needed === null) throw new Error("nothing is enough");
  expect(await succeedsWith(from, "large", needed + 64)).toBe(true);
  expect(await succeedsWith(from, "large", needed / 2)).toBe(false);
});

test("what fails for another reason than the heap has no need", async () => {
  const from = await prepared(lab, { "a.py": "A = 1\n" });
  expect(await neededHeap(from.bench, from.files, importing(["nothere"]))).toBeNull();
});
