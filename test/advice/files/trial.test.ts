import { afterAll, expect, test } from "vitest";
import { importing, stepsOf, tryImports } from "../../../src/advice/files/trial.ts";
import { heapAt } from "../../../src/lab/heap-state.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

test.each([8192, 65_536])(
  "of a heap of %d all is the application's: the interpreter's own comes on top",
  async (heapBytes) => {
    const { bench, files } = await prepared(
      lab,
      { "main.py": "import machine, network, a\n", "a.py": "A = 1\n" },
      heapBytes,
    );
    const trial = await tryImports(bench, files, importing(["a"]));
    const whole = heapAt(
      await lab.perform({ firmware: "1.27", heapBytes, files: {}, steps: [{ kind: "measure" }] }),
      0,
    );
    if (trial.kind !== "measured" || whole === null) throw new Error("not measured");
    expect(trial.empty.freeBytes).toBeGreaterThanOrEqual(whole.totalBytes - 64);
    expect(trial.empty.freeBytes).toBeLessThanOrEqual(whole.totalBytes + 64);
    expect(trial.spreadBytes).toBe(0);
    expect(trial.usedBytes).toBe(trial.heap.usedBytes - trial.empty.usedBytes);
  },
);

test("imports in a row are one run, collections stand between runs", () => {
  const kinds = stepsOf([
    ...importing(["a", "b"]),
    { kind: "collect" },
    ...importing(["c"]),
    { kind: "collect" },
    { kind: "collect" },
  ]).map((step) => step.kind);
  expect(kinds).toEqual(["run", "collect", "run", "collect", "collect"]);
});

test.each([
  ["raises", "raise OSError(5)\n", { end: "raised", exception: "OSError", reason: "OSError: [Errno 5] EIO" }],
  ["leaves", "raise SystemExit\n", { end: "raised", exception: "SystemExit", reason: "SystemExit" }],
  ["does not fit", "x = bytearray(50_000)\n", { end: "raised", exception: "MemoryError" }],
])("a module that %s makes a trial fail with the exception", async (_, text, failure) => {
  const { bench, files } = await prepared(lab, { "good.py": "GOOD = 1\n" }, 32_768);
  expect(await tryImports(bench, { ...files, "/a.py": text }, importing(["good", "a"]))).toMatchObject({
    kind: "failed",
    ...failure,
  });
});
