import type { Finding } from "../finding.ts";
import type { AdvisedChanges } from "./advise-files.ts";
import { compiledPath } from "./application.ts";
import { type FixedCopy, fixedCopy } from "./fixed-copy.ts";
import type { MainChanges } from "./imports-in-turn.ts";
import { startSequence } from "./start-sequence.ts";
import { tryCopy } from "./total.ts";

/** The changed copy that was chosen, and what of the advice is in it. */
export interface ChosenCopy {
  readonly copy: FixedCopy;
  readonly applied: readonly Finding[];
  /** What it takes a person to do, or what did not pay together with the rest. */
  readonly left: readonly Finding[];
  /** main.py collects after each import though no finding says so: it pays together with the rest. */
  readonly alsoCollects: boolean;
}

/**
 * Follows the advice. Each change was measured by itself, and together they may serve each other or not: so main.py's imports are tried
 * in the forms that are in question, and the one stays that leaves the largest free block.
 */
export async function bestCopy(changes: AdvisedChanges, findings: readonly Finding[]): Promise<ChosenCopy> {
  const none: MainChanges = { order: null, collects: false };
  const advised = changes.turns ?? none;
  const { order } = advised;
  const once = { ...changes, bench: { ...changes.bench, repeats: 1 } };
  const hasImports = startSequence(changes.application) !== null;
  const forms = [advised, { order, collects: true }, { order: null, collects: true }, none];
  const tried = await Promise.all(
    (hasImports ? uniqueOf(forms) : [none]).map(async (main) => {
      const copy = await fixedCopy(changes, main);
      const trial = await tryCopy(once, copy);
      return { main, copy, bytes: trial.kind === "measured" ? trial.heap.largestFreeBytes : -1 };
    }),
  );
  const best = tried.reduce((most, each) => (each.bytes > most.bytes ? each : most));
  const isIn = (finding: Finding): boolean => isApplied(finding, best.copy, best.main);
  return {
    copy: best.copy,
    applied: findings.filter(isIn),
    left: findings.filter((finding) => !isIn(finding)),
    alsoCollects: best.main.collects && !advised.collects,
  };
}

function isApplied(
  { code, place, saving }: Finding,
  { sources, board }: FixedCopy,
  main: MainChanges,
): boolean {
  const file = place?.file ?? "";
  if (code === "precompile" || code === "shadowed-mpy")
    return board.has(compiledPath(file)) && !board.has(file);
  if (code === "collect-after-imports") return main.collects;
  if (code === "import-order") return main.order !== null;
  return (
    (code === "const" || (code === "allocates-in-loop" && saving?.atMost === false)) && sources.has(file)
  );
}

function uniqueOf(forms: readonly MainChanges[]): readonly MainChanges[] {
  return [...new Map(forms.map((form) => [`${form.order?.join()} ${form.collects}`, form])).values()];
}
