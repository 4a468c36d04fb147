import { describe, expect, test } from "vitest";
import { nothingMeasured } from "../../../src/advice/finding.ts";
import type { AdviceReport, Finding, Method } from "../../../src/app/advise/advice-report.ts";
import type { FixReport } from "../../../src/app/advise/advise-paths.ts";
import { adviceLines, fixLines } from "../../../src/cli/render/advice.ts";
import { type Canvas, widthOf } from "../../../src/cli/render/canvas.ts";

const plain: Canvas = { columns: 80, color: false };
const narrow: Canvas = { columns: 40, color: false };

const interpreter: Method = {
  kind: "interpreter",
  interpreter: "MicroPython 1.27 (WebAssembly)",
  heapBytes: 65_536,
  repeats: 3,
  spreadBytes: 0,
};

const precompile: Finding = {
  tip: 2,
  code: "precompile",
  title: "lib/display.py is compiled on the board, which takes 18.7 KiB of free heap for a moment.",
  place: { file: "lib/display.py", line: 1 },
  before: {
    ...nothingMeasured,
    label: ".py",
    usedBytes: 4200,
    largestFreeBytes: 43_000,
    fragmentation: 0.258,
    neededBytes: 19_149,
  },
  after: {
    ...nothingMeasured,
    label: ".mpy",
    usedBytes: 4300,
    largestFreeBytes: 55_808,
    fragmentation: 0.038,
    neededBytes: 6349,
  },
  others: [{ ...nothingMeasured, label: "frozen", usedBytes: 1741 }],
  saving: { bytes: 12_800, of: "peak", atMost: false },
  method: interpreter,
  change: "Compile it with mpy-cross and copy lib/display.mpy instead of lib/display.py.",
  confidence: "high",
  curve: [],
};

const loop: Finding = {
  ...precompile,
  tip: 4,
  code: "allocates-in-loop",
  title: "bytearray(64) makes a new buffer in each pass.",
  place: { file: "main.py", line: 12 },
  before: { ...nothingMeasured, label: "the statement", bytesPerPass: 80 },
  after: null,
  others: [],
  saving: { bytes: 80, of: "each-pass", atMost: true },
  method: { ...interpreter, heapBytes: null, repeats: 1 },
  confidence: "medium",
};

const watching: Finding = {
  ...precompile,
  tip: 1,
  code: "not-watched-while-running",
  title: "While main.py runs nobody can look at its heap.",
  place: { file: "main.py", line: 1 },
  before: { ...nothingMeasured, label: "as it is" },
  after: { ...nothingMeasured, label: "with the helper" },
  others: [],
  saving: null,
  method: {
    kind: "emulated-board",
    interpreter: "MicroPython 1.27 (WebAssembly)",
    heapBytes: 262_144,
    seconds: 7,
  },
};

const churn: Finding = {
  ...precompile,
  tip: 5,
  code: "collect-period",
  title: "A collection each 30 s would do.",
  place: null,
  before: { ...nothingMeasured, label: "as it is", bytesPerSecond: 300, pauseMs: 4.2 },
  after: null,
  others: [],
  saving: { bytes: 300, of: "each-second", atMost: false },
  method: {
    kind: "history",
    boardId: "greenhouse",
    from: "2026-01-01T10:00:00.000Z",
    to: "2026-01-02T10:00:00.000Z",
    readings: 1,
    collections: 20,
  },
};

function reportOf(more: Partial<AdviceReport> = {}): AdviceReport {
  return {
    subject: {
      kind: "files",
      paths: ["src"],
      measured: ["main.py", "lib/display.py"],
      interpreter: "MicroPython 1.27 (WebAssembly)",
      heapBytes: 65_536,
    },
    findings: [],
    notMeasured: [],
    problems: [],
    ...more,
  };
}

const full = reportOf({
  findings: [precompile, churn, loop, watching],
  notMeasured: [
    {
      tip: 4,
      code: "allocates-in-loop",
      place: { file: "lib/net.py", line: 7 },
      title: "sock.recv(512) makes new bytes in each pass.",
      reason: "Not measured: nothing that was run came to it.",
    },
  ],
  problems: [
    { file: "lib/broken.py", line: 3, text: "MicroPython 1.27 refuses it: SyntaxError: invalid syntax." },
    { file: "lib/other.py", line: null, text: "It is not UTF-8." },
  ],
});

const textOf = (report: AdviceReport, canvas = plain): string => adviceLines(report, canvas).join("\n");

test("a finding: place and saving, what is so, figures of each form, the change, how it was measured", () => {
  expect(adviceLines(reportOf({ findings: [precompile] }), plain)).toEqual([
    "src: 2 sources measured on MicroPython 1.27 (WebAssembly), heap 64.0 KiB",
    "",
    "lib/display.py:1  tip 2, precompile and freeze      12.5 KiB of heap at the peak",
    "   lib/display.py is compiled on the board, which takes 18.7 KiB of free heap",
    "   for a moment.",
    "             used  largest free    frag     needs",
    "   .py     4200 B      42.0 KiB  25.8 %  18.7 KiB",
    "   .mpy    4300 B      54.5 KiB   3.8 %   6.2 KiB",
    "   frozen  1741 B             –       –         –",
    "   → Compile it with mpy-cross and copy lib/display.mpy instead of",
    "   lib/display.py.",
    "   3 fresh interpreters each, spread 0 B; confidence high",
    "",
    "1 finding.",
  ]);
});

test("nothing to advise is one line, and no table of nothing", () => {
  expect(adviceLines(reportOf(), plain)).toEqual([
    "src: 2 sources measured on MicroPython 1.27 (WebAssembly), heap 64.0 KiB",
    "",
    "Nothing to advise.",
  ]);
  expect(textOf(reportOf({ findings: [watching] }))).not.toContain("as it is");
});

test("each method says how it was measured, and an upper bound says so", () => {
  const text = textOf(full);
  expect(text).toContain("7 s on an emulated board with a heap of 256.0 KiB; confidence high");
  expect(text).toContain("1 reading and 20 collections, 2026-01-01 10:00 UTC to 2026-01-02 10:00 UTC");
  expect(text).toContain("1 fresh interpreter each on a heap that grows; confidence medium");
  expect(text).toContain("up to 80 B less in each pass");
  expect(text).toMatch(/^tip 5, collect on purpose +300 B less in each second$/m);
});

test("what was not measured and what is left out stand apart, with places, and are counted", () => {
  const text = textOf(full);
  expect(text).toContain("Seen, but no finding\nlib/net.py:7\n   sock.recv(512) makes");
  expect(text).toContain("Problems\nlib/broken.py:3\n   MicroPython 1.27 refuses it");
  expect(text).toContain("lib/other.py\n   It is not UTF-8.");
  expect(text).toMatch(/\n\n4 findings, 1 more seen, 2 problems\.$/);
});

describe("on 40 columns", () => {
  const lines = adviceLines(full, narrow);

  test("no line is longer, and none of the figures is lost", () => {
    expect(lines.filter((line) => widthOf(line) > 40)).toEqual([]);
    for (const figure of ["4200 B", "42.0 KiB", "25.8 %", "18.7 KiB", "1741 B", "12.5 KiB"])
      expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain(figure);
  });

  test("what would be a table is a sentence", () => {
    expect(lines).toContain("   .py: used 4200 B, largest free 42.0");
  });
});

test("colour changes nothing but colour; without it there is no escape", () => {
  const colored = adviceLines(full, { columns: 80, color: true });
  expect(colored.join("\n")).toContain("\u001b[");
  expect(colored.map((line) => widthOf(line))).toEqual(adviceLines(full, plain).map((line) => widthOf(line)));
  expect(textOf(full)).not.toContain("\u001b");
});

test("control characters of names and source do not reach the terminal", () => {
  const evil = "a\u001b[2Jb\n.py";
  const text = textOf(
    reportOf({
      subject: {
        ...full.subject,
        kind: "files",
        paths: [evil],
        measured: [],
        interpreter: "x",
        heapBytes: 1,
      },
      findings: [{ ...loop, title: evil, change: evil, place: { file: evil, line: 1 } }],
      problems: [{ file: evil, line: null, text: evil }],
    }),
  );
  expect(text).not.toContain("\u001b");
  expect(text).toContain("a\\x1b[2Jb\\x0a.py:1");
});

describe("the changed copy", () => {
  const fix: FixReport = {
    folder: "changed",
    source: ["lib/display.py", "main.py"],
    board: ["lib/display.mpy", "main.py", "data.txt"],
    applied: [{ tip: 2, code: "precompile", place: { file: "lib/display.py", line: 1 } }],
    left: [{ tip: 4, code: "churn", place: null }],
    alsoCollects: false,
    total: {
      of: "imports",
      before: { ...nothingMeasured, label: "as it is", usedBytes: 9000, neededBytes: 30_000 },
      after: { ...nothingMeasured, label: "with all changes", usedBytes: 8000, neededBytes: 12_000 },
      method: interpreter,
      failure: null,
    },
  };

  test("both versions, where the copy is, and that nothing else was touched", () => {
    const text = fixLines(fix, plain).join("\n");
    expect(text).toMatch(/as it is +9000 B +29\.3 KiB/);
    expect(text).toMatch(/with all changes +8000 B +11\.7 KiB/);
    expect(text).toContain("changed/board: 3 files for the board; changed/source:");
    expect(text).toContain("Yours are as they");
    expect(text).toContain("   In the copy: lib/display.py:1 (tip 2).\n   Left to you: (tip 4).");
    expect(fixLines(fix, narrow).filter((line) => widthOf(line) > 40)).toEqual([]);
  });

  test("why one version has no figures", () => {
    const total = {
      ...fix.total,
      before: { ...nothingMeasured, label: "as it is" },
      failure: "as it is: MemoryError",
    };
    expect(fixLines({ ...fix, total }, plain).join("\n")).toContain(
      "Not measured whole: as it is: MemoryError.",
    );
  });

  test("nothing where none was asked for", () => {
    expect(fixLines(null, plain)).toEqual([]);
  });
});

test("a board without findings has the page's reason, and what was seen beside", () => {
  const subject = {
    kind: "board",
    boardId: "greenhouse",
    from: "2026-01-01T10:00:00.000Z",
    to: "2026-01-01T10:00:30.000Z",
    readings: 3,
    collections: 0,
    modules: null,
  } as const;
  const { notMeasured } = full;
  const text = textOf(reportOf({ subject, notMeasured })).replace(/\s+/g, " ");
  expect(text).toContain(
    "Nothing to advise so far: there are 3 readings and 0 collections of 30 s. How much garbage",
  );
  expect(text).toContain("10 collections to tell.");
  expect(text).toContain(`${notMeasured.length} more seen.`);
});

test("garbage that shows only in part is told as a lower bound", () => {
  const saving = { bytes: 300, of: "each-second-or-more", atMost: false } as const;
  const text = textOf(reportOf({ findings: [{ ...churn, saving }] }));
  expect(text).toContain("at least 300 B allocated in each second");
});
