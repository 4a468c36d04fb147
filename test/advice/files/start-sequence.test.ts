import { describe, expect, test } from "vitest";
import { startSequence } from "../../../src/advice/files/start-sequence.ts";
import { applicationFrom } from "./support.ts";

const own = { "a.py": "", "lib/b.py": "", "c/__init__.py": "", "c/d.py": "", "e.mpy": "M" };

const sequenceOf = (main: string) => startSequence(applicationFrom({ ...own, "main.py": main }));

/** `a * b`: imports a, collects, imports b. */
const stepsOf = (main: string): string | undefined =>
  sequenceOf(main)
    ?.steps.map((step) => (step.kind === "import" ? step.module : "*"))
    .join(" ");

test.each([
  ["import b\nimport a\n", "b a"],
  ["import gc\nimport a\ngc.collect()\nimport b\n", "a * b"],
  ["import a, b\n", "a b"],
  ["import sys, a as x\nfrom b import run\n", "a b"],
  ["import a; gc.collect(); import c.d\n", "a * c.d"],
  ["from c import d\nimport e\n", "c e"],
  ["import machine\nimport a\n", "a"],
  ["import a\nother.collect()\ncollect()\nimport b\n", "a b"],
])("%j runs %j", (main, steps) => {
  expect(stepsOf(main)).toBe(steps);
});

test("imports under a condition, in functions and in try are left out", () => {
  const main =
    "import a\nif a.ok:\n    import b\ntry:\n    import c\nexcept ImportError: pass\ndef f():\n    import e\n";
  expect(stepsOf(main)).toBe("a");
});

test("there is none without main.py, without own imports, or where it cannot be read", () => {
  expect(startSequence(applicationFrom(own))).toBeNull();
  expect(sequenceOf("import machine\nprint(1)\n")).toBeNull();
  expect(sequenceOf("import a\ndef (:\n")).toBeNull();
});

test("imports tell their lines", () => {
  expect(sequenceOf("# start\nimport a\n\nimport b\n")?.imports.map(({ line }) => line)).toEqual([2, 4]);
});

describe("imports may change places", () => {
  test.each([
    "import a\nimport b\n",
    "import a\nimport machine\ngc.collect()\nfrom b import f\n",
    "import a\nimport b\na.run(b)\n",
  ])("in %j", (main) => {
    expect(sequenceOf(main)?.isMovable).toBe(true);
  });
  test.each([
    ["what stands between may need one", "import a\na.setup()\nimport b\n"],
    ["two in one statement", "import a, b\n"],
    ["one comes twice", "import a\nfrom a import f\nimport b\n"],
    ["one takes all names", "from a import *\nimport b\n"],
  ])("not where %s", (_, main) => {
    expect(sequenceOf(main)?.isMovable).toBe(false);
  });
});
