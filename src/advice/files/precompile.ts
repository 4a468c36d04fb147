import { compileMpy } from "../../lab/compile-mpy.ts";
import { sizeText } from "../../shared/units-text.ts";
import { type Finding, type Measured, nothingMeasured, type Saving } from "../finding.ts";
import { type ApplicationModule, compiledPath } from "./application.ts";
import { type Compiled, withForm } from "./forms.ts";
import { frozenPart } from "./frozen-part.ts";
import { neededHeap } from "./needed-heap.ts";
import { hasMachineCode, portableText } from "./portable.ts";
import {
  type Bench,
  type BoardFiles,
  importing,
  measuredAs,
  methodOf,
  type Trial,
  tryImports,
} from "./trial.ts";

/** A peak that is less than this share of the heap higher passes unnoticed. */
export const leastPeakShare = 0.05;
const leastKeptBytes = 256;

/**
 * Tip 2: a module imported as .py, as .mpy, and what freezing it would leave. Null where compiling costs the board little,
 * or nothing could be measured. `files`: the application as it is.
 */
export async function advisePrecompiling(
  bench: Bench,
  files: BoardFiles,
  module: ApplicationModule,
  compiled: Compiled,
): Promise<Finding | null> {
  const bytes = compiled.get(module.path);
  if (bytes === undefined || module.isFrozen) return null;
  const asCompiled = withForm(files, module, { kind: "compiled", bytes });
  const [source, code] = await Promise.all([
    measureForm(bench, files, module, ".py"),
    measureForm(bench, asCompiled, module, ".mpy"),
  ]);
  if (code.trial.kind === "failed") return null;
  const saving = savingOf(source.measured, code.measured, bench.heapBytes);
  if (saving === null) return null;
  const [stripped, frozen] = await Promise.all([
    withoutLines(bench, files, module),
    frozenPart(bench, files, module),
  ]);
  const fails = source.trial.kind === "failed";
  return {
    tip: 2,
    code: module.shadows === null ? "precompile" : "shadowed-mpy",
    title: titleOf(module, source.measured, fails, bench.heapBytes),
    place: { file: module.name, line: 1 },
    before: source.measured,
    after: code.measured,
    others: [
      ...(stripped === null ? [] : [stripped]),
      ...(frozen === null ? [] : [{ ...nothingMeasured, label: "frozen", usedBytes: frozen }]),
    ],
    saving,
    method: methodOf(bench, Math.max(spreadOf(source.trial), spreadOf(code.trial))),
    change: changeOf(module, code.measured, frozen),
    confidence:
      (fails || spreadOf(source.trial) === 0) && !hasMachineCode(module.parsed.text) ? "high" : "medium",
    curve: [],
  };
}

async function measureForm(bench: Bench, files: BoardFiles, { module }: ApplicationModule, label: string) {
  const [trial, neededBytes] = await Promise.all([
    tryImports(bench, files, importing([module])),
    neededHeap(bench, files, importing([module])),
  ]);
  const measured: Measured = { ...measuredAs(label, trial), neededBytes };
  return { trial, measured };
}

/** Compiled without line numbers for tracebacks and without asserts, which takes less. */
async function withoutLines(
  bench: Bench,
  files: BoardFiles,
  module: ApplicationModule,
): Promise<Measured | null> {
  const bytes = await compileMpy(module.name, portableText(module.parsed.text), { optimization: 3 });
  const trial = await tryImports(
    bench,
    withForm(files, module, { kind: "compiled", bytes }),
    importing([module.module]),
  );
  return trial.kind === "failed" ? null : measuredAs(".mpy -O3", trial);
}

/** What is kept counts first where it is worth it: it is for good. */
function savingOf(before: Measured, after: Measured, heapBytes: number): Saving | null {
  const kept = (before.usedBytes ?? 0) - (after.usedBytes ?? 0);
  const peak = (before.neededBytes ?? 0) - (after.neededBytes ?? 0);
  if (before.usedBytes !== null && kept >= leastKeptBytes && kept > peak)
    return { bytes: kept, of: "heap", atMost: false };
  return peak >= leastPeakShare * heapBytes ? { bytes: peak, of: "peak", atMost: false } : null;
}

function titleOf(
  { name, shadows }: ApplicationModule,
  source: Measured,
  fails: boolean,
  heapBytes: number,
): string {
  const needed =
    source.neededBytes === null ? "more heap than there is" : `${sizeText(source.neededBytes)} of free heap`;
  if (fails)
    return `${name} cannot be imported on a heap of ${sizeText(heapBytes)}: compiling it takes ${needed}.`;
  if (shadows !== null)
    return `${shadows} is never used: ${name} beside it is imported, and compiling that takes ${needed}.`;
  return `${name} is compiled on the board, which takes ${needed} for a moment and leaves holes.`;
}

function changeOf(
  { name, shadows, parsed }: ApplicationModule,
  code: Measured,
  frozenBytes: number | null,
): string {
  const file = compiledPath(name);
  const what =
    shadows === null
      ? `Compile it with mpy-cross${march(parsed.text)} and copy ${file} instead of ${name}.`
      : `Remove ${name} from the board.`;
  if (frozenBytes === null || code.usedBytes === null) return what;
  return `${what} Frozen into the firmware it would keep ${sizeText(frozenBytes)} instead of ${sizeText(code.usedBytes)}.`;
}

/** Machine code is for one processor. */
const march = (text: string): string =>
  hasMachineCode(text)
    ? " (with -march= for your processor: its machine code was measured as bytecode, and is larger)"
    : "";

const spreadOf = (trial: Trial): number => (trial.kind === "measured" ? trial.spreadBytes : 0);
