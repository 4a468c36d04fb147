import { importsOf } from "../../python/imports.ts";
import type { Problem } from "../finding.ts";
import { type Application, type ApplicationModule, sourcesOf } from "./application.ts";
import { importProblem, type LeftOut } from "./problem-texts.ts";
import { type Bench, type BoardFiles, importing, tryImports } from "./trial.ts";

/** What of an application can be measured, and what is wrong with the rest. */
export interface Usable {
  readonly modules: readonly ApplicationModule[];
  readonly problems: readonly Problem[];
}

/** Modules that the application imports and that are none of its own, each once. */
export function foreignModules(application: Application): readonly string[] {
  const own = new Set(application.files.map(({ path }) => path.replace(/^\/(lib\/)?/, "").split(/[./]/)[0]));
  const wanted = sourcesOf(application).flatMap(({ parsed }) =>
    importsOf(parsed).flatMap(({ module, level }) => (level === 0 && module !== "" ? [module] : [])),
  );
  return [...new Set(wanted)].filter((module) => !own.has(module.split(".")[0])).sort();
}

/** The most that anybody asks for: whether a module runs is not a question of the heap. */
const importHeapBytes = 8_388_608;

/** Imports each module by itself, with as much heap as it wants. `leftOut`: what is not there for them. */
export async function usableModules(
  bench: Bench,
  files: BoardFiles,
  modules: readonly ApplicationModule[],
  leftOut: LeftOut,
): Promise<Usable> {
  const roomy: Bench = { ...bench, heapBytes: importHeapBytes, repeats: 1 };
  const trials = await Promise.all(
    modules.map(async (module) => ({
      module,
      trial: await tryImports(roomy, files, importing([module.module])),
    })),
  );
  return {
    modules: trials.flatMap(({ module, trial }) => (trial.kind === "measured" ? [module] : [])),
    problems: trials.flatMap(({ module, trial }) =>
      trial.kind === "failed" ? [importProblem(module, trial, leftOut)] : [],
    ),
  };
}
