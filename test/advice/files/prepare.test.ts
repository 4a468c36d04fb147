import { afterAll, describe, expect, test } from "vitest";
import { foreignModules } from "../../../src/advice/files/usable.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { applicationFrom, type Files, prepared } from "./support.ts";

const lab = openLaboratory();
/** For what does not come back. */
const impatient = openLaboratory({ deadlineMs: 3000 });
afterAll(() => Promise.all([lab.close(), impatient.close()]));

/** `file:line text` of each problem, and the sources that are left. */
async function preparedFrom(files: Files, laboratory = lab) {
  const { application, problems } = await prepared(laboratory, files);
  const { main, modules } = application;
  return {
    left: [...(main === null ? [] : [main]), ...modules].map(({ name }) => name),
    problems: problems.map(({ file, line, text }) => `${file}:${line} ${text}`),
  };
}

test("foreign modules are those that are none of the application's own, each once", () => {
  const application = applicationFrom({
    "main.py": "import machine, a\nimport umqtt.simple\nfrom . import b\nimport lib_b.c\n",
    "a.py": "import machine, sys\ndef f():\n    import network\n",
    "lib/lib_b/c.py": "",
    "tool.mpy": "M",
    "boot.py": "import tool, esp\n",
  });
  expect(foreignModules(application)).toEqual(["esp", "machine", "network", "sys", "umqtt.simple"]);
});

test("an application that runs has no problems, with devices stood in for", async () => {
  const main =
    "import a\nfrom machine import Pin\ntry:\n    import not_there\nexcept ImportError:\n    pass\n";
  expect(await preparedFrom({ "main.py": main, "a.py": "import network, time\n" })).toEqual({
    left: ["main.py", "a.py"],
    problems: [],
  });
});

describe("what cannot run is left out with its reason", () => {
  test.each<[string, Files, string]>([
    ["a syntax error", { "a.py": "A = 1\ndef f(:\n" }, "a.py:2 MicroPython 1.27 refuses it: SyntaxError"],
    ["Python 2", { "a.py": "print 'hello'\n" }, "a.py:1 MicroPython 1.27 refuses it: SyntaxError"],
    [
      "a module that is not there",
      { "a.py": "A = 1\nimport nothere\n" },
      "a.py:2 It needs the module nothere, which is neither among the given files",
    ],
    ["CircuitPython", { "a.py": "import board\n" }, "(it belongs to CircuitPython)"],
    ["desktop Python", { "a.py": "import threading\n" }, "(it belongs to desktop Python)"],
    [
      "an exception",
      { "a.py": "1 / 0\n" },
      "a.py:null Importing it ends with ZeroDivisionError: divide by zero.",
    ],
    [
      "a reset",
      { "a.py": "import machine\nmachine.reset()\n" },
      "ends with SystemExit. Leaving or resetting belongs",
    ],
    [
      "sys.exit",
      { "a.py": "import sys\nsys.exit()\n" },
      "ends with SystemExit. Leaving or resetting belongs",
    ],
    [
      "a full heap",
      { "a.py": "x = []\nwhile True: x.append(bytearray(9999))\n" },
      "more than a heap of 8 MiB holds",
    ],
    [
      "recursion without end",
      { "a.py": "def f(n): return f(n) + 1\nf(0)\n" },
      "maximum recursion depth exceeded",
    ],
    [
      "recursion in C",
      { "a.py": "import re\nre.match('(a*)*b', 'a' * 100000)\n" },
      "does not work here: the interpreter broke",
    ],
    [
      "an interpreter that is ended",
      { "a.py": "import js\njs.process.exit(3)\n" },
      "the interpreter's process ended",
    ],
    [
      "a name that no import can say",
      { "my-lamp.py": "A = 1\n" },
      "my-lamp.py:null No import can name it: my-lamp",
    ],
    ["a keyword for a name", { "class.py": "A = 1\n" }, "class.py:null No import can name it: class"],
    ["Latin-1", { "a.py": Buffer.from("A = 1\n# caf\xe9\n", "latin1") }, "a.py:2 It is not UTF-8"],
    ["a byte order mark", { "a.py": "\uFEFFA = 1\n" }, "a.py:1 It begins with a byte order mark"],
    ["a byte of zero", { "a.py": "A = 1\n\0B = 2\n" }, "a.py:2 MicroPython 1.27 refuses it"],
  ])("%s", async (_, files, text) => {
    const { left, problems } = await preparedFrom({ ...files, "good.py": "GOOD = 1\n" });
    expect(left).toEqual(["good.py"]);
    expect(problems).toEqual([expect.stringContaining(text)]);
  });

  test("what never returns, after the laboratory's deadline", async () => {
    const { left, problems } = await preparedFrom(
      { "a.py": "while True: pass\n", "good.py": "GOOD = 1\n" },
      impatient,
    );
    expect(left).toEqual(["good.py"]);
    expect(problems).toEqual([
      "a.py:null Importing it does not come to an end. Code that runs for ever belongs into main.py or a function; this file is not measured.",
    ]);
  });
});

test("what needs something that is left out is told so, main.py as well", async () => {
  expect(
    await preparedFrom({
      "main.py": "import b\n",
      "boot.py": "import board\n",
      "a.py": "def (\n",
      "b.py": "import sys\nimport a\n",
    }),
  ).toEqual({
    left: [],
    problems: [
      expect.stringContaining("a.py:1 MicroPython 1.27 refuses it"),
      expect.stringContaining("boot.py:1 It needs the module board"),
      "main.py:1 It needs b.py, which is left out. It cannot run here, so it is not measured.",
      "b.py:2 It needs a.py, which is left out. It cannot run here, so it is not measured.",
    ],
  });
});

test("main.py that changes where imports look is taken as it is", async () => {
  const main = "import sys\nsys.path.append('/app')\nimport net\n";
  expect(await preparedFrom({ "main.py": main, "app/net.py": "NET = 1\n" })).toEqual({
    left: ["main.py", "app/net.py"],
    problems: [],
  });
});

test("what is left out stays a file of the application: the changed copy has it", async () => {
  const { application, files } = await prepared(lab, { "a.py": "def (\n", "b.py": "B = 1\n" });
  expect(application.files.map(({ name }) => name)).toEqual(["a.py", "b.py"]);
  expect(files["/a.py"]).toBeUndefined();
});

test("a module that removes every file it can, or prints much, harms no other one", async () => {
  const remover =
    "import os\nfor name in os.listdir('/'):\n    try: os.remove('/' + name)\n    except OSError: pass\n";
  const printer = "for _ in range(20000): print('x' * 50)\n";
  expect(await preparedFrom({ "a.py": remover, "b.py": printer, "c.py": "C = 1\n" })).toEqual({
    left: ["a.py", "b.py", "c.py"],
    problems: [],
  });
});

test("200 KB of source are prepared", async () => {
  const text = Array.from(
    { length: 3000 },
    (_, i) => `def f${i}(a, b):\n    return a + b * ${i} + len('text number ${i}')\n`,
  );
  expect((await preparedFrom({ "a.py": text.join("") })).problems).toEqual([]);
});
