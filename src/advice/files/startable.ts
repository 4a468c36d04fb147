import { importsOf } from "../../python/imports.ts";
import type { Problem } from "../finding.ts";
import type { Application, ApplicationSource } from "./application.ts";
import { type LeftOut, missingProblem } from "./problem-texts.ts";
import { type Bench, type BoardFiles, prelude } from "./trial.ts";

/** What of main.py and boot.py can run, and what is wrong with the rest. */
export interface Startable {
  readonly main: ApplicationSource | null;
  readonly boot: ApplicationSource | null;
  readonly problems: readonly Problem[];
}

/** Looks whether all that main.py and boot.py import at their top level, other than in `try`, is there. They are not run. */
export async function startable(
  bench: Bench,
  files: BoardFiles,
  { main, boot }: Application,
  leftOut: LeftOut,
): Promise<Startable> {
  const foreign = await missingOf(bench, files);
  const problemOf = (source: ApplicationSource | null): Problem | null => {
    const missing = source === null ? undefined : wantedBy(source).find(isMissing);
    return source === null || missing === undefined ? null : missingProblem(source, missing, leftOut);
  };
  const isMissing = (module: string): boolean => foreign.has(module) || leftOut.has(module);
  const [ofMain, ofBoot] = [problemOf(main), problemOf(boot)];
  return {
    main: ofMain === null ? main : null,
    boot: ofBoot === null ? boot : null,
    problems: [ofBoot, ofMain].filter((problem) => problem !== null),
  };
}

/** Nothing of a source that changes where imports look: they may find more than here. */
function wantedBy({ parsed }: ApplicationSource): readonly string[] {
  if (/\bsys\s*\.\s*path\b/.test(parsed.text)) return [];
  return importsOf(parsed).flatMap(({ module, level, place, isInTry }) =>
    level === 0 && place === "top-level" && !isInTry ? [module] : [],
  );
}

/** The foreign modules that are not there. */
async function missingOf(bench: Bench, files: BoardFiles): Promise<ReadonlySet<string>> {
  const { lab, firmware, foreignModules } = bench;
  const code = foreignModules
    .map((module) => `try:\n import ${module}\nexcept ImportError: print(${JSON.stringify(module)})\n`)
    .join("");
  const steps = [...prelude({ ...bench, foreignModules: [] }), { kind: "run", code } as const];
  const outcome = await lab.perform({ firmware, heapBytes: null, files, steps });
  return new Set(
    outcome.results
      .at(-1)
      ?.output.split("\n")
      .filter((line) => foreignModules.includes(line)),
  );
}
