import type { Firmware } from "../../lab/experiment.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import type { Problem } from "../finding.ts";
import type { Application, ApplicationModule, ApplicationSource } from "./application.ts";
import { compileAll } from "./compile-all.ts";
import { type Compiled, filesOf } from "./forms.ts";
import { portableLaboratory } from "./portable.ts";
import type { LeftOut } from "./problem-texts.ts";
import { startable } from "./startable.ts";
import { type Bench, type BoardFiles, foreignBytesOf } from "./trial.ts";
import { foreignModules, usableModules } from "./usable.ts";

export interface BenchOptions {
  readonly lab: Laboratory;
  readonly firmware: Firmware;
  /** With its tables, as the board's. */
  readonly heapBytes: number;
  /** Fresh interpreters per form. */
  readonly repeats: number;
  /** Modules that applications import and that are not measured, by path: devices that are stood in for, and helpers. */
  readonly standIns: BoardFiles;
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

/**
 * Compiles the application, imports each of its modules once, and looks what main.py and boot.py import. Throws "lab-failed",
 * and the laboratory's abort reason.
 */
export async function prepare(given: Application, asked: BenchOptions): Promise<Prepared> {
  const options = { ...asked, lab: portableLaboratory(asked.lab) };
  const { compiled, refused, problems } = await compileAll(given, options);
  const compilable = withoutSources(given, refused);
  const board = filesOf(
    { ...compilable, files: given.files.filter(({ path }) => !refused.has(path)) },
    compiled,
  );
  const files = { ...options.standIns, ...board };
  const empty = { ...options, foreignModules: foreignModules(compilable) };
  const bench: Bench = { ...empty, foreignBytes: await foreignBytesOf(empty, files) };
  const { modules, problems: unusable } = await usableModules(
    bench,
    files,
    compilable.modules,
    leftOutOf(given, compilable.modules),
  );
  const {
    main,
    boot,
    problems: notStarted,
  } = await startable(bench, files, compilable, leftOutOf(given, modules));
  return {
    application: { ...compilable, modules, main, boot },
    compiled,
    bench,
    files,
    problems: [...problems, ...notStarted, ...unusable],
  };
}

/** By module, the files that are not among `modules`. */
function leftOutOf(given: Application, modules: readonly ApplicationModule[]): LeftOut {
  const left = new Set(modules.map(({ path }) => path));
  return new Map(given.modules.flatMap(({ module, name, path }) => (left.has(path) ? [] : [[module, name]])));
}

/** Source that MicroPython refuses is not measured; it belongs to the application nevertheless. */
function withoutSources(application: Application, paths: ReadonlySet<string>): Application {
  const isLeft = ({ path }: ApplicationSource): boolean => !paths.has(path);
  const { modules, main, boot } = application;
  return {
    ...application,
    modules: modules.filter(isLeft),
    main: main !== null && isLeft(main) ? main : null,
    boot: boot !== null && isLeft(boot) ? boot : null,
  };
}
