import { medianOf } from "../../analysis/order-statistics.ts";
import { sizeText } from "../../shared/units-text.ts";
import { type Finding, nothingMeasured } from "../finding.ts";
import type { Application } from "./application.ts";
import { type CountedLoop, type PassRun, type PlacedStatement, runPasses } from "./pass-run.ts";
import { type Bench, type BoardFiles, methodOnGrowingHeap } from "./trial.ts";

/** Fewer passes say little about the next. */
const leastPasses = 3;
/** Two blocks: a single float may be what a loop is for. */
const leastUnexplainedBytes = 32;
/** One block. */
const leastLineBytes = 16;
const mostLines = 5;

/**
 * Tip 4, a whole pass: what a pass of an endless loop allocates, in the loop and in all that it calls, line by line, as far as no
 * other finding of tip 4 (`found`) has named the line. Loops that wait (`await`) are left out: others run in their passes.
 */
export async function advisePasses(
  bench: Bench,
  files: BoardFiles,
  application: Application,
  found: readonly Finding[],
): Promise<readonly Finding[]> {
  const run = await runPasses(bench, files, application);
  return run === null ? [] : passFindings(bench, run, found);
}

/** The findings of a run. A loop within a pass of another one comes first: what it names the other one need not name. */
export function passFindings(bench: Bench, run: PassRun, found: readonly Finding[]): readonly Finding[] {
  const named = new Set<string>();
  const isNamed = (statement: PlacedStatement): boolean =>
    named.has(lineName(statement)) || found.some((finding) => isAbout(finding, statement));
  const inner = run.loops.toSorted((one, other) => usual(one.passes) - usual(other.passes));
  return inner.flatMap((loop) => {
    const finding = passFinding(bench, run, loop, isNamed);
    if (finding === null) return [];
    for (const { label } of finding.others) named.add(label);
    return [finding];
  });
}

function passFinding(
  bench: Bench,
  { statements }: PassRun,
  loop: CountedLoop,
  isNamed: (statement: PlacedStatement) => boolean,
): Finding | null {
  if (loop.passes.length < leastPasses) return null;
  const whole = usual(loop.passes);
  const open = new Map<string, readonly number[]>();
  const explained = loop.passes.map(() => 0);
  for (const [number, bytes] of loop.statements) {
    const statement = statements[number];
    if (statement === undefined) continue;
    if (isNamed(statement))
      for (const [at, each] of bytes.entries()) explained[at] = (explained[at] ?? 0) + each;
    else {
      const name = lineName(statement);
      open.set(name, open.get(name)?.map((each, at) => each + (bytes[at] ?? 0)) ?? bytes);
    }
  }
  const left = usual(loop.passes.map((bytes, at) => bytes - (explained[at] ?? 0)));
  if (left < leastUnexplainedBytes) return null;
  const lines = [...open]
    .map(([label, each]) => ({ ...nothingMeasured, label, bytesPerPass: usual(each) }))
    .filter(({ bytesPerPass }) => bytesPerPass >= leastLineBytes)
    .sort((one, other) => other.bytesPerPass - one.bytesPerPass)
    .slice(0, mostLines);
  const parts = lines.map(({ label, bytesPerPass }) => `${sizeText(bytesPerPass)} in ${label}`);
  const rest = left < whole ? `, ${sizeText(left)} of it where no other finding is` : "";
  return {
    tip: 4,
    code: "pass-allocates",
    title: `Each pass of this loop allocates ${sizeText(whole)}${rest}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`,
    place: { file: loop.file, line: loop.line },
    before: { ...nothingMeasured, label: "a whole pass", bytesPerPass: whole },
    after: null,
    others: lines,
    saving: { bytes: left, of: "each-pass", atMost: true },
    method: methodOnGrowingHeap({ ...bench, repeats: 1 }, 0),
    change: changeOf(lines.map(({ label }) => label)),
    confidence: "medium",
    curve: [],
  };
}

function changeOf(lines: readonly string[]): string {
  if (lines.length === 0)
    return "No line could be found for it: look at with statements, generators, and modules that are there as .mpy only.";
  return `Look at ${lines.length === 1 ? "this line" : "these lines"}: ${lines.join(", ")}. Make once, before the loop, what is made anew in each pass, and use it again. A float or an integer of 2³⁰ or more takes 16 B each time it is computed; whole numbers in smaller units take none.`;
}

const lineName = ({ file, line }: PlacedStatement): string => `${file}:${line}`;

const isAbout = ({ tip, place }: Finding, { file, line, lastLine }: PlacedStatement): boolean =>
  tip === 4 && place !== null && place.file === file && place.line >= line && place.line <= lastLine;

/** The median: what a pass now and then does more does not count. */
const usual = (bytes: readonly number[]): number => Math.round(medianOf(bytes) ?? 0);
