import { afterAll, expect, test } from "vitest";
import { advisePrecompilingMain } from "../../../src/advice/files/precompile-main.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { mainIn, prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

const functions = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `def f${i}(a, b):\n    c = a * ${i}\n\n    return [c, b, """x\ny"""]\n`,
  ).join("");

async function adviceOn(main: string) {
  const { bench, files, application } = await prepared(lab, { "main.py": main });
  return advisePrecompilingMain(bench, files, mainIn(application));
}

test("a large main.py is compiled at each start: its peak as source and as bytecode, without running any of it", async () => {
  const advice = await adviceOn(`${functions(60)}raise SystemExit\nwhile True: pass\n`);
  expect(advice).toMatchObject({
    tip: 2,
    code: "precompile",
    place: { file: "main.py", line: 1 },
    before: { label: ".py", usedBytes: null },
    after: { label: ".mpy" },
    saving: { of: "peak", atMost: false },
  });
  const [before, after] = [advice?.before?.neededBytes ?? 0, advice?.after?.neededBytes ?? 0];
  expect(after).toBeGreaterThan(1000);
  expect(before).toBeGreaterThan(2 * after);
  expect(advice?.saving?.bytes).toBe(before - after);
});

test("a small one is compiled in passing, and what cannot stand in a function is not measured", async () => {
  expect(await adviceOn(functions(3))).toBeNull();
  expect(await adviceOn(`from math import *\n${functions(60)}`)).toBeNull();
});
