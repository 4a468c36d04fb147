import type { Firmware } from "../../lab/experiment.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import { compiledStandIns } from "../../lab/stand-ins/compiled.ts";
import type { Problem } from "../finding.ts";
import type { Application } from "./application.ts";
import { compileAll } from "./compile-all.ts";
import { type Compiled, filesOf } from "./forms.ts";
import { type Bench, type BoardFiles, foreignBytesOf } from "./trial.ts";
import { foreignModules, usableModules } from "./usable.ts";

export interface BenchOptions {
  readonly lab: Laboratory;
  readonly firmware: Firmware;
  /** With its tables, as the board's. */
  readonly heapBytes: number;
  /** Fresh interpreters per form. */
  readonly repeats: number;
}

/** An application of which everything runs, and what it runs on. */
export interface Prepared {
  /** What can be measured; the rest is in `problems`. */
  readonly application: Application;
  readonly compiled: Compiled;
  readonly bench: Bench;
  /** Stand-ins and the application as it is. */
  readonly files: BoardFiles;
  readonly problems: readonly Problem[];
}

/** Compiles the application and imports each of its modules once. Throws "lab-failed", and the laboratory's abort reason. */
export async function prepare(given: Application, options: BenchOptions): Promise<Prepared> {
  const { compiled, refused, problems } = await compileAll(given, options);
  const compilable = withoutFiles(given, refused);
  const files = { ...(await compiledStandIns()), ...filesOf(compilable, compiled) };
  const empty = { ...options, foreignModules: foreignModules(compilable) };
  const bench: Bench = { ...empty, foreignBytes: await foreignBytesOf(empty, files) };
  const { modules, problems: unusable } = await usableModules(bench, files, compilable.modules);
  return {
    application: { ...compilable, modules },
    compiled,
    bench,
    files,
    problems: [...problems, ...unusable],
  };
}

/** Without the files that MicroPython refuses: importing them would only say so again. */
function withoutFiles(application: Application, paths: ReadonlySet<string>): Application {
  const isLeft = ({ path }: { readonly path: string }): boolean => !paths.has(path);
  const { files, modules, main, boot } = application;
  return {
    files: files.filter(isLeft),
    modules: modules.filter(isLeft),
    main: main !== null && isLeft(main) ? main : null,
    boot: boot !== null && isLeft(boot) ? boot : null,
  };
}
