import type { Measured, Method } from "../finding.ts";
import type { AdvisedChanges } from "./advise-files.ts";
import { type Application, applicationOf, moduleName } from "./application.ts";
import type { FixedCopy } from "./fixed-copy.ts";
import { filesOf } from "./forms.ts";
import { neededHeap } from "./needed-heap.ts";
import { startSequence } from "./start-sequence.ts";
import {
  type Bench,
  type BoardFiles,
  importing,
  measuredAs,
  methodOf,
  type StartStep,
  tryImports,
} from "./trial.ts";

/** All changes together: what the application's start leaves, as it is and changed. */
export interface Total {
  readonly before: Measured;
  readonly after: Measured;
  readonly method: Method;
  /** Why there are no figures for a version; null: both ran. */
  readonly failure: string | null;
}

/** Runs the imports of main.py, or of every module where no main.py has any, in both versions. */
export async function totalOf(changes: AdvisedChanges, fixed: FixedCopy): Promise<Total> {
  const { application, bench, files, compiled } = changes;
  const board = [...fixed.board].map(([name, content]) => ({
    name,
    path: `/${name}`,
    bytes: Buffer.from(content),
  }));
  const changed = applicationOf(board);
  const modules = importable(application);
  const [before, after] = await Promise.all([
    startOf(bench, files, stepsOfStart(application, modules), "as it is"),
    startOf(
      bench,
      { ...bench.standIns, ...filesOf(changed, compiled) },
      stepsOfStart(changed, modules),
      "with all changes",
    ),
  ]);
  const spreadBytes = Math.max(
    ...[before, after].map(({ trial }) => (trial.kind === "measured" ? trial.spreadBytes : 0)),
  );
  const failed = [before, after].find(({ trial }) => trial.kind === "failed");
  return {
    before: before.measured,
    after: after.measured,
    method: methodOf(bench, spreadBytes),
    failure: failed?.trial.kind === "failed" ? `${failed.measured.label}: ${failed.trial.reason}` : null,
  };
}

async function startOf(bench: Bench, files: BoardFiles, steps: readonly StartStep[], label: string) {
  const [trial, neededBytes] = await Promise.all([
    tryImports(bench, files, steps),
    neededHeap(bench, files, steps),
  ]);
  return { trial, measured: { ...measuredAs(label, trial), neededBytes } };
}

function stepsOfStart(of: Application, modules: readonly string[]): readonly StartStep[] {
  return startSequence(of)?.steps ?? importing(modules);
}

/** What can be imported, source or bytecode. */
function importable({ files, modules }: Application): readonly string[] {
  const compiled = files.filter(({ path }) => path.endsWith(".mpy")).map(({ path }) => moduleName(path));
  return [...new Set([...modules.map(({ module }) => module), ...compiled])].sort();
}
