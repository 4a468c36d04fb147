import { afterAll, expect, test } from "vitest";
import { adviseTurns } from "../../../src/advice/files/imports-in-turn.ts";
import { startSequence } from "../../../src/advice/files/start-sequence.ts";
import { tryImports } from "../../../src/advice/files/trial.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { type Files, prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

const large = (name: string): string =>
  `class ${name}:\n${Array.from({ length: 40 }, (_, i) => `    def ${name}_${i}(self, x):\n        return x + ${i}\n`).join("")}`;
const modules: Files = { "a.py": large("A"), "b.py": large("B"), "c.py": "C = 1\n" };

async function turnsOf(files: Files, heapBytes = 65_536) {
  const from = await prepared(lab, files, heapBytes);
  const sequence = startSequence(from.application);
  if (sequence === null) throw new Error("nothing is imported");
  return { from, sequence, turns: await adviseTurns(from.bench, from.files, sequence) };
}

test("collecting after imports that leave garbage gains what it says", async () => {
  const { from, sequence, turns } = await turnsOf({ ...modules, "main.py": "import a\nimport b\n" });
  expect(turns.collects).toBe(true);
  const finding = turns.findings.find(({ code }) => code === "collect-after-imports");
  if (finding?.after === null || finding === undefined) throw new Error("not advised");
  const collected = await tryImports(
    from.bench,
    from.files,
    sequence.steps.flatMap((step) => [step, { kind: "collect" } as const]),
  );
  if (collected.kind !== "measured") throw new Error("not measured");
  expect(finding.after.largestFreeBytes).toBe(collected.heap.largestFreeBytes);
  expect(finding.saving).toEqual({
    bytes: Number(finding.after.largestFreeBytes) - Number(finding.before?.largestFreeBytes),
    of: "largest-free",
    atMost: false,
  });
  expect(finding.place).toEqual({ file: "main.py", line: 1 });
});

test("what collects already is not told to collect", async () => {
  const main = "import gc\nimport a\ngc.collect()\nimport b\ngc.collect()\n";
  expect((await turnsOf({ ...modules, "main.py": main })).turns).toMatchObject({ collects: false });
});

test("where something between needs an import, no other order is advised", async () => {
  const { turns } = await turnsOf({ ...modules, "main.py": "import a\na.A()\nimport b\nimport c\n" });
  expect(turns.order).toBeNull();
  expect(turns.findings.map(({ code }) => code)).not.toContain("import-order");
});

test("imports that do not fit together are told as not measured", async () => {
  const { turns } = await turnsOf({ ...modules, "main.py": "import a\nimport b\n" }, 12_288);
  expect(turns).toMatchObject({ findings: [], order: null, collects: false });
  expect(turns.notMeasured).toHaveLength(1);
  expect(turns.notMeasured[0]?.reason).toContain("They do not fit into this heap together");
});
