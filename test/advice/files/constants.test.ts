import { afterAll, expect, test } from "vitest";
import { adviseConstants } from "../../../src/advice/files/constants.ts";
import { importing, tryImports } from "../../../src/advice/files/trial.ts";
import { compileMpy } from "../../../src/lab/compile-mpy.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { type Files, moduleIn, prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

const names = Array.from({ length: 12 }, (_, i) => `REGISTER_${i}`);
const text = `${names.map((name, i) => `${name} = ${0x1000 + i}\n`).join("")}
def total():
    return ${names.join(" + ")}
`;

async function adviceOn(files: Files, name = "chip.py") {
  const from = await prepared(lab, files);
  const module = moduleIn(from.application, name);
  const given = await adviseConstants(from.bench, from.files, from.application, module);
  return { from, given, advice: given?.kind === "saves" ? given : null };
}

test("what const() saves is what the changed module keeps less, and it computes the same", async () => {
  const { from, advice } = await adviceOn({ "chip.py": text });
  if (advice === null) throw new Error("nothing was advised");
  const { finding } = advice;
  expect(finding).toMatchObject({
    tip: 3,
    place: { file: "chip.py", line: 1 },
    saving: { of: "heap", atMost: false },
  });
  expect(advice.text).toContain("_REGISTER_0 = const(4096)");
  const [before, after] = await Promise.all(
    [text, advice.text].map((source) =>
      tryImports(from.bench, { ...from.files, "/chip.py": source }, importing(["chip"])),
    ),
  );
  if (before?.kind !== "measured" || after?.kind !== "measured") throw new Error("not measured");
  expect(finding.saving?.bytes).toBe(before.usedBytes - after.usedBytes);
  // Twelve names leave the module's dict, eight bytes each at least.
  expect(finding.saving?.bytes).toBeGreaterThanOrEqual(96);
  const outcome = await lab.perform({
    firmware: "1.27",
    heapBytes: null,
    files: { "/old.py": text, "/new.py": advice.text },
    steps: [{ kind: "run", code: "import old, new\nprint(old.total() == new.total())" }],
  });
  expect(outcome.results[0]?.output).toBe("True\n");
});

test("names that other modules import keep their names, and those still find them", async () => {
  const user = "from chip import REGISTER_0\nimport chip\nprint(REGISTER_0 + chip.REGISTER_1)\n";
  const { advice } = await adviceOn({ "chip.py": text, "user.py": user });
  if (advice === null) throw new Error("nothing was advised");
  expect(advice.text).toContain("\nREGISTER_1 = const(4097)");
  expect(advice.text).toContain("_REGISTER_2 = const(4098)");
  const outcome = await lab.perform({
    firmware: "1.27",
    heapBytes: null,
    files: { "/chip.py": advice.text, "/user.py": user },
    steps: [{ kind: "run", code: "import user" }],
  });
  expect(outcome.results[0]?.output).toBe("8193\n");
});

test.each([
  ["no constants", "def f():\n    return 1\n"],
  [
    "constants already",
    "from micropython import const\n_A = const(1)\n_B = const(2)\ndef f():\n    return _A + _B\n",
  ],
])("%s: nothing is advised", async (_, source) => {
  expect((await adviceOn({ "chip.py": source })).advice).toBeNull();
});

test("a name that a module which cannot run, or bytecode without its source, may ask for stays public", async () => {
  const user = "import chip\nimport adafruit_io\nprint(chip.REGISTER_1)\n";
  const { advice: seen } = await adviceOn({ "chip.py": text, "user.py": user });
  expect(seen?.text).toContain("\nREGISTER_1 = const(4097)");
  expect(seen?.text).toContain("_REGISTER_2 = const(4098)");
  const bytecode = await compileMpy("other.py", "import chip\nprint(chip.REGISTER_1)\n");
  const { advice: unseen } = await adviceOn({ "chip.py": text, "other.mpy": bytecode });
  expect(unseen?.text ?? "").not.toContain("_REGISTER");
});
