import type { Measured, Method } from "../finding.ts";
import { type Application, applicationOf, moduleName } from "./application.ts";
import type { FixedCopy } from "./fixed-copy.ts";
import { filesOf } from "./forms.ts";
import { tryMain } from "./loop-run.ts";
import { neededHeap } from "./needed-heap.ts";
import { mainPeak } from "./precompile-main.ts";
import type { Prepared } from "./prepare.ts";
import { startSequence } from "./start-sequence.ts";
import {
  type Bench,
  type BoardFiles,
  importing,
  measuredAs,
  methodOf,
  type Trial,
  tryImports,
  usedOnly,
} from "./trial.ts";

/** What an application's start leaves, as it is and changed. */
export interface Total {
  /** `imports`: those of main.py, or of every module where main.py has none. `main`: main.py itself, where there are no modules. */
  readonly of: "imports" | "main";
  readonly before: Measured;
  readonly after: Measured;
  readonly method: Method;
  /** Why there are no figures for a version; null: both ran. */
  readonly failure: string | null;
}

/** Runs both versions. */
export async function totalOf(prepared: Prepared, copy: FixedCopy): Promise<Total> {
  const { application, bench, files } = prepared;
  const changed = filesOfCopy(prepared, copy);
  const peak = (of: Application, on: BoardFiles): Promise<number | null> => {
    const steps = stepsOfStart(of, importable(application));
    if (steps.length > 0) return neededHeap(bench, on, steps);
    return of.main === null ? Promise.resolve(null) : mainPeak(bench, on, of.main);
  };
  const form = async (label: string, trial: Promise<Trial>, needed: Promise<number | null>) => {
    const [tried, neededBytes] = await Promise.all([trial, needed]);
    const measured = { ...measuredAs(label, tried), neededBytes };
    return { trial: tried, measured: isMainAlone(application) ? usedOnly(measured) : measured };
  };
  const [before, after] = await Promise.all([
    form("as it is", tryStart(bench, files, application, application), peak(application, files)),
    form("with all changes", tryCopy(prepared, copy), peak(changed.application, changed.files)),
  ]);
  const failed = [before, after].find(({ trial }) => trial.kind === "failed");
  return {
    of: isMainAlone(application) ? "main" : "imports",
    before: before.measured,
    after: after.measured,
    method: methodOf(bench, Math.max(spreadOf(before.trial), spreadOf(after.trial))),
    failure: failed?.trial.kind === "failed" ? `${failed.measured.label}: ${failed.trial.reason}` : null,
  };
}

/** What the start of a changed copy leaves. */
export function tryCopy(prepared: Prepared, copy: FixedCopy): Promise<Trial> {
  const { application, files } = filesOfCopy(prepared, copy);
  return tryStart(prepared.bench, files, application, prepared.application);
}

/** `given`: the application as it was, whose modules are imported where no main.py says which. */
function tryStart(bench: Bench, files: BoardFiles, of: Application, given: Application): Promise<Trial> {
  if (of.main !== null && isMainAlone(given)) return tryMain(bench, files, of.main);
  return tryImports(bench, files, stepsOfStart(of, importable(given)));
}

function filesOfCopy({ bench, compiled }: Prepared, { board }: FixedCopy) {
  const files = [...board].map(([name, content]) => ({
    name,
    path: `/${name}`,
    bytes: Buffer.from(content),
  }));
  const application = applicationOf(files);
  return { application, files: { ...bench.standIns, ...filesOf(application, compiled) } };
}

const isMainAlone = (of: Application): boolean => of.main !== null && importable(of).length === 0;

const stepsOfStart = (of: Application, modules: readonly string[]) =>
  startSequence(of)?.steps ?? importing(modules);

/** What can be imported, source or bytecode. */
function importable({ files, modules }: Application): readonly string[] {
  const compiled = files.filter(({ path }) => path.endsWith(".mpy")).map(({ path }) => moduleName(path));
  return [...new Set([...modules.map(({ module }) => module), ...compiled])].sort();
}

const spreadOf = (trial: Trial): number => (trial.kind === "measured" ? trial.spreadBytes : 0);
