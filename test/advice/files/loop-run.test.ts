import { afterAll, expect, test } from "vitest";
import { adviseFiles } from "../../../src/advice/files/advise-files.ts";
import { tryMain } from "../../../src/advice/files/loop-run.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { type Files, mainIn, prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

async function failureOf(files: Files) {
  const { application, bench, files: board } = await prepared(lab, files);
  const trial = await tryMain({ ...bench, repeats: 1 }, board, mainIn(application));
  return trial.kind === "failed" ? { place: trial.place, reason: trial.reason } : null;
}

test("an exception is told with its line in main.py, also behind counted loops", async () => {
  const main =
    "import a\nn = 0\nwhile True:\n    if n > 3:\n        while n:\n            x = 1 / 0\n    n += 1\n";
  expect(await failureOf({ "main.py": main, "a.py": "" })).toEqual({
    place: { file: "main.py", line: 6 },
    reason: "it ended with ZeroDivisionError: divide by zero",
  });
  expect((await failureOf({ "main.py": "import a\nx\n", "a.py": "" }))?.place).toEqual({
    file: "main.py",
    line: 2,
  });
});

test("one in a module is told with its line there, one in a stand-in where the application called it", async () => {
  const files = {
    "main.py": "import lib_a\nlib_a.go()\n",
    "lib/lib_a.py":
      "import machine\ndef idle():\n    while True:\n        if x: pass\ndef go():\n    machine.Pin(1, nonsense=2)\n",
  };
  expect((await failureOf(files))?.place).toEqual({ file: "lib/lib_a.py", line: 6 });
});

test("the problem names file and line", async () => {
  const from = await prepared(lab, { "main.py": "import a\na.go()\n", "a.py": "def go():\n    return y\n" });
  const { report } = await adviseFiles(from, ["."], () => {});
  expect(report.problems).toEqual([
    {
      file: "a.py",
      line: 2,
      text: "When main.py is run with devices stood in for, it ended with NameError: name 'y' isn't defined. Its loops are measured as far as it came.",
    },
  ]);
});
