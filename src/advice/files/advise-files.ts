import type { Firmware } from "../../lab/experiment.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import { type AdviceReport, type Finding, inOrder, type NotMeasured } from "../finding.ts";
import { type Application, sourcesOf } from "./application.ts";
import { changedSource } from "./changed-source.ts";
import { adviseConstants } from "./constants.ts";
import { type Compiled, filesOf } from "./forms.ts";
import { adviseTurns, type TurnAdvice } from "./imports-in-turn.ts";
import { adviseLoops } from "./loops.ts";
import { advisePrecompiling } from "./precompile.ts";
import { startSequence } from "./start-sequence.ts";
import { type Bench, type BoardFiles, interpreterName } from "./trial.ts";
import { compileAll, foreignModules, usableModules } from "./usable.ts";

export interface AdviceOptions {
  readonly lab: Laboratory;
  readonly firmware: Firmware;
  /** With its tables, as the board's. */
  readonly heapBytes: number;
  /** Fresh interpreters per form. */
  readonly repeats: number;
  /** Python that stands in for what only boards have, by path on the board. */
  readonly standIns: BoardFiles;
  /** What is being measured, for people who wait. */
  readonly progress: (text: string) => void;
}

/** The advice on an application's files, and what its changes are. */
export interface FilesAdvice {
  readonly report: AdviceReport;
  readonly changes: AdvisedChanges;
}

/** What following the findings comes to. */
export interface AdvisedChanges {
  /** What can be measured of the application; the rest stays as it is. */
  readonly application: Application;
  readonly compiled: Compiled;
  readonly bench: Bench;
  /** Stand-ins and the application as it is. */
  readonly files: BoardFiles;
  /** Paths of modules to compile. */
  readonly toCompile: ReadonlySet<string>;
  /** New source by path, with constants and buffers. */
  readonly changedSources: ReadonlyMap<string, string>;
  readonly turns: TurnAdvice | null;
}

/**
 * Measures an application on real interpreters: tips 2, 3, 4 and 5. What cannot run is a problem of the report. Throws "lab-failed" where there
 * is no interpreter, and the laboratory's abort reason.
 */
export async function adviseFiles(
  given: Application,
  paths: readonly string[],
  options: AdviceOptions,
): Promise<FilesAdvice> {
  const { lab, firmware, heapBytes, repeats, progress } = options;
  progress("compiling");
  const { compiled, problems: refused } = await compileAll(given);
  const compilable = withoutFiles(
    given,
    new Set(sourcesOf(given).flatMap(({ path }) => (compiled.has(path) ? [] : [path]))),
  );
  const bench: Bench = { lab, firmware, heapBytes, repeats, foreignModules: foreignModules(compilable) };
  const files = { ...options.standIns, ...filesOf(compilable, compiled) };
  progress("importing each module by itself");
  const { modules, problems: unusable } = await usableModules(bench, files, compilable.modules);
  const application: Application = { ...compilable, modules };

  const findings: Finding[] = [];
  const notMeasured: NotMeasured[] = [];
  const toCompile = new Set<string>();
  const withConstants = new Map<string, string>();
  const changedSources = new Map<string, string>();
  for (const [at, module] of modules.entries()) {
    progress(`${module.name}, ${at + 1} of ${modules.length}`);
    const [precompiling, constants] = await Promise.all([
      advisePrecompiling(bench, files, module, compiled),
      adviseConstants(bench, files, application, module),
    ]);
    if (precompiling !== null) {
      findings.push(precompiling);
      toCompile.add(module.path);
    }
    if (constants !== null) {
      findings.push(constants.finding);
      withConstants.set(module.path, constants.text);
    }
  }
  for (const source of sourcesOf(application)) {
    progress(`loops of ${source.name}`);
    const loops = await adviseLoops(bench, files, application, source);
    findings.push(...loops.findings);
    notMeasured.push(...loops.notMeasured);
    const text = changedSource(source, withConstants.get(source.path) ?? null, loops.rewritten);
    if (text !== null) changedSources.set(source.path, text);
  }
  const sequence = startSequence(application);
  progress("the order of imports");
  const turns = sequence === null ? null : await adviseTurns(bench, files, sequence);
  findings.push(...(turns?.findings ?? []));
  return {
    report: {
      subject: { kind: "files", paths, interpreter: interpreterName(firmware), heapBytes },
      findings: inOrder(findings),
      notMeasured,
      problems: [...refused, ...unusable],
    },
    changes: { application, compiled, bench, files, toCompile, changedSources, turns },
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
