import { importsOf } from "../../python/imports.ts";
import type { Problem } from "../finding.ts";
import { type Application, type ApplicationModule, sourcesOf } from "./application.ts";
import { type Bench, type BoardFiles, type Failed, importing, roomyHeapBytes, tryImports } from "./trial.ts";

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

/** Imports each module by itself, with as much heap as it wants. */
export async function usableModules(
  bench: Bench,
  files: BoardFiles,
  modules: readonly ApplicationModule[],
): Promise<Usable> {
  const roomy: Bench = { ...bench, heapBytes: roomyHeapBytes, repeats: 1 };
  const trials = await Promise.all(
    modules.map(async (module) => ({
      module,
      trial: await tryImports(roomy, files, importing([module.module])),
    })),
  );
  return {
    modules: trials.flatMap(({ module, trial }) => (trial.kind === "measured" ? [module] : [])),
    problems: trials.flatMap(({ module, trial }) =>
      trial.kind === "failed" ? [problemOf(module, trial)] : [],
    ),
  };
}

function problemOf({ name, parsed }: ApplicationModule, failed: Failed): Problem {
  const missing = /no module named '([^']+)'/.exec(failed.reason)?.[1];
  if (missing === undefined) return { file: name, line: null, text: textOf(failed) };
  const line = importsOf(parsed).find(({ module }) => module === missing)?.line ?? null;
  return {
    file: name,
    line,
    text: `It needs the module ${missing}, which is neither among the given files nor one that heapscope has a stand-in for${hint(missing)}. It cannot run here, so it is not measured.`,
  };
}

function textOf({ exception, reason }: Failed): string {
  if (exception === null)
    return `Importing it: ${reason}. Code that runs for ever belongs into main.py or a function; this file is not measured.`;
  return `Importing it ends with ${reason}. Devices are only stood in for here; it is not measured.`;
}

const circuitPython = new Set([
  "board",
  "digitalio",
  "analogio",
  "busio",
  "microcontroller",
  "supervisor",
  "displayio",
]);
const cPython = new Set(["numpy", "threading", "subprocess", "typing", "dataclasses", "pathlib"]);

function hint(module: string): string {
  const first = module.split(".")[0] ?? "";
  if (circuitPython.has(first) || first.startsWith("adafruit_")) return " (it belongs to CircuitPython)";
  return cPython.has(first) ? " (it belongs to desktop Python)" : "";
}
