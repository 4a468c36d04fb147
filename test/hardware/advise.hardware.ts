import {
  cpSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/advice/finding.ts";
import { advisePaths, type PathsReport } from "../../src/app/advise/advise-paths.ts";
import { startBoards } from "../../src/app/emulate.ts";
import type { Firmware } from "../../src/lab/experiment.ts";

const applications = join(import.meta.dirname, "../fixtures/applications");
const folder = mkdtempSync(join(tmpdir(), "heapscope-advise-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const advise = (path: string, firmware: Firmware, fixFolder: string | null = null): Promise<PathsReport> =>
  advisePaths({
    paths: [path],
    firmware,
    heapBytes: 98_304,
    fixFolder,
    signal: new AbortController().signal,
    progress: () => {},
    unwritten: (error) => {
      throw error;
    },
  });

const fixed = join(folder, "fixed");
let newest: PathsReport;
let oldest: PathsReport;

beforeAll(async () => {
  newest = await advise(join(applications, "planted"), "1.27", fixed);
  oldest = await advise(join(applications, "planted"), "1.23");
}, 120_000);

const keyOf = ({ tip, code, place }: Finding): string => `${tip} ${code} ${place?.file}:${place?.line}`;

/** The line of a text in one of the planted application's files. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(join(applications, "planted", file), "utf8").split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

test("each planted problem is found where it was planted, and nothing else", () => {
  expect(newest.problems).toEqual([]);
  // One constant that nobody would miss on the heap.
  expect(newest.notMeasured).toMatchObject([{ tip: 3, place: { file: "protocol.py" } }]);
  expect(new Set(newest.findings.map(keyOf))).toEqual(
    new Set([
      "1 not-watched-while-running main.py:1",
      "2 precompile display.py:1",
      `2 import-order main.py:${lineOf("main.py", "import settings")}`,
      `3 const settings.py:${lineOf("settings.py", "VENT_OPEN_ABOVE")}`,
      `3 const sensors.py:${lineOf("sensors.py", "SOIL_ADDRESS")}`,
      `3 const display.py:${lineOf("display.py", "UNKNOWN = ")}`,
      `4 allocates-in-loop main.py:${lineOf("main.py", "raw = i2c.readfrom_mem")}`,
      `4 allocates-in-loop main.py:${lineOf("main.py", "frame = struct.pack")}`,
      `4 allocates-in-loop main.py:${lineOf("main.py", "print(f")}`,
      `5 collect-after-imports main.py:${lineOf("main.py", "import settings")}`,
    ]),
  );
  expect(new Set(newest.findings.map(({ tip }) => tip))).toEqual(new Set([1, 2, 3, 4, 5]));
});

test("findings come by bytes saved, and repeats agree", () => {
  const bytes = newest.findings.map(({ saving }) => saving?.bytes ?? -1);
  expect(bytes).toEqual(bytes.toSorted((one, other) => other - one));
  for (const { method } of newest.findings) {
    if (method.kind === "interpreter") expect(method.spreadBytes).toBe(0);
  }
});

test("the oldest and the newest interpreter differ by measured figures only", () => {
  const wording = (report: PathsReport) =>
    report.findings
      .map((finding) =>
        [keyOf(finding), finding.title.replace(/[\d.]+ (B|KiB)/g, "N"), finding.confidence].join(" "),
      )
      .sort();
  expect(wording(oldest)).toEqual(wording(newest));
  expect(oldest.findings).not.toEqual(newest.findings);
});

test("an application without the problems has no finding", async () => {
  for (const firmware of ["1.27", "1.23"] as const) {
    const { findings, notMeasured, problems, subject } = await advise(join(applications, "clean"), firmware);
    expect({ findings, notMeasured, problems }).toEqual({ findings: [], notMeasured: [], problems: [] });
    expect(subject.kind === "files" && subject.measured).toContain("main.py");
  }
}, 120_000);

test("the fixed copy, run, saves what was promised", async () => {
  const { fix } = newest;
  if (fix === null) throw new Error("no copy");
  const { before, after, failure } = fix.total;
  expect(failure).toBeNull();
  expect(after.largestFreeBytes).toBeGreaterThan((before.largestFreeBytes ?? 0) + 10_000);
  expect(after.fragmentation).toBeLessThan(before.fragmentation ?? 0);
  expect(after.neededBytes).toBeLessThan((before.neededBytes ?? 0) - 5_000);

  expect(readdirSync(join(fixed, "board"))).toContain("display.mpy");
  expect(existsSync(join(fixed, "board/display.py"))).toBe(false);
  expect(readFileSync(join(fixed, "source/main.py"), "utf8")).toContain("import gc");

  // The changed sources in place of the old ones: what was promised for each is what each now is.
  const changed = join(folder, "changed");
  cpSync(join(applications, "planted"), changed, { recursive: true });
  cpSync(join(fixed, "source"), changed, { recursive: true });
  const again = await advise(changed, "1.27");
  const left = again.findings.map(keyOf);
  expect(left).not.toContainEqual(expect.stringMatching(/^[35] /));
  expect(left.filter((key) => key.startsWith("4 "))).toHaveLength(2);
  expect(again.problems).toEqual([]);
}, 120_000);

test("the fixed copy runs on the emulated board, and prints what the application prints", async () => {
  const printed = (app: string) => printedBy(app, (text) => text.split("\n").length > 4);
  const [before, after] = await Promise.all([
    printed(join(applications, "planted/main.py")),
    printed(join(fixed, "board/main.py")),
  ]);
  const firstLines = (text: string) =>
    text
      .split(/\r?\n/)
      .filter((line) => line !== "")
      .slice(0, 2);
  expect(after).not.toContain("Traceback");
  expect(firstLines(after)).toEqual(firstLines(before));
}, 30_000);

/** What an application prints on an emulated board until there is enough of it. */
async function printedBy(app: string, isEnough: (text: string) => boolean): Promise<string> {
  const boards = await startBoards({ count: 1, app, heapBytes: 98_304 }, new AbortController().signal);
  const stream = createReadStream(boards.boards[0]?.path ?? "");
  try {
    let text = "";
    for await (const chunk of stream) {
      text += String(chunk);
      if (isEnough(text)) break;
    }
    return text;
  } finally {
    stream.destroy();
    await boards.stop();
  }
}

test("the measured application is not touched", () => {
  expect(readdirSync(join(applications, "planted"))).not.toContain("display.mpy");
  expect(readFileSync(join(applications, "planted/main.py"), "utf8")).not.toContain("gc.collect");
});
