import { expect, test } from "vitest";
import { changedMain } from "../../../src/advice/files/changed-main.ts";
import { startSequence } from "../../../src/advice/files/start-sequence.ts";
import { applicationFrom } from "./support.ts";

function changed(main: string, advice: { order?: readonly string[]; collects?: boolean }): string {
  const sequence = startSequence(applicationFrom({ "a.py": "", "b.py": "", "c.py": "", "main.py": main }));
  if (sequence === null) throw new Error("nothing is imported");
  return changedMain(sequence, { order: advice.order ?? null, collects: advice.collects ?? false });
}

test("nothing advised changes nothing", () => {
  const main = "import a  # first\r\n\r\nimport b\r\n";
  expect(changed(main, {})).toBe(main);
});

test("statements change places as they are, what stands between stays", () => {
  expect(
    changed("import a as x\nimport machine\nfrom b import f, g\nimport c\n\nf(x)\n", {
      order: ["c", "b", "a"],
    }),
  ).toBe("import c\nimport machine\nfrom b import f, g\nimport a as x\n\nf(x)\n");
});

test("where an import is needed in between, the order stays", () => {
  const main = "import a\na.setup()\nimport b\n";
  expect(changed(main, { order: ["b", "a"] })).toBe(main);
  const twice = "import a\nfrom a import f\nimport b\n";
  expect(changed(twice, { order: ["b", "a", "a"] })).toBe(twice);
});

test("each import of an own module is collected behind, once, and gc is imported before", () => {
  expect(changed("import machine\nimport a\nimport b\nb.run()\n", { collects: true })).toBe(
    "import gc\nimport machine\nimport a\ngc.collect()\nimport b\ngc.collect()\nb.run()\n",
  );
});

test("what is collected already is not collected twice", () => {
  const main = "import gc\nimport a\ngc.collect()\nimport b  # large\n# then:\ngc.collect()\n";
  expect(changed(main, { collects: true })).toBe(main);
  expect(changed("import gc\nimport a; gc.collect(); import b\n", { collects: true })).toBe(
    "import gc\nimport a; gc.collect(); import b\ngc.collect()\n",
  );
});

test("gc comes before the first collection, also where it is imported too late or under another name", () => {
  expect(changed("import a\nimport gc\n", { collects: true })).toBe(
    "import gc\nimport a\ngc.collect()\nimport gc\n",
  );
  expect(changed("import gc as g\nimport a\n", { collects: true })).toBe(
    "import gc\nimport gc as g\nimport a\ngc.collect()\n",
  );
  expect(changed("import sys, gc\nimport a\n", { collects: true })).toBe(
    "import sys, gc\nimport a\ngc.collect()\n",
  );
});

test("several in one statement or line", () => {
  expect(changed("import gc\nimport a, b\n", { collects: true })).toBe(
    "import gc\nimport a, b\ngc.collect()\n",
  );
  expect(changed("import gc\nimport a; import b\n", { collects: true })).toBe(
    "import gc\nimport a\ngc.collect(); import b\ngc.collect()\n",
  );
});

test("comments stay with their imports, line ends are the file's", () => {
  expect(changed("import a  # of the display\r\nimport b\r\n", { collects: true })).toBe(
    "import gc\r\nimport a  # of the display\r\ngc.collect()\r\nimport b\r\ngc.collect()\r\n",
  );
});

test("an import at the very end, without a line end", () => {
  expect(changed('"""The lamp."""\nimport gc\nimport a', { collects: true })).toBe(
    '"""The lamp."""\nimport gc\nimport a\ngc.collect()',
  );
});

test("order and collections together", () => {
  expect(changed("import a\nimport b\n", { order: ["b", "a"], collects: true })).toBe(
    "import gc\nimport b\ngc.collect()\nimport a\ngc.collect()\n",
  );
});
