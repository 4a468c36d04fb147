import { nothingMore } from "../../lab/stand-ins/nothing-more.ts";
import { type AdviceReport, type Finding, inOrder, type NotMeasured, type Problem } from "../finding.ts";
import { type ApplicationModule, type ApplicationSource, sourcesOf } from "./application.ts";
import { changedSource } from "./changed-source.ts";
import { adviseConstants } from "./constants.ts";
import { adviseTurns, type TurnAdvice } from "./imports-in-turn.ts";
import { tryMain } from "./loop-run.ts";
import { adviseLoops } from "./loops.ts";
import { advisePasses } from "./passes.ts";
import { advisePrecompiling } from "./precompile.ts";
import { advisePrecompilingMain } from "./precompile-main.ts";
import type { Prepared } from "./prepare.ts";
import { startSequence } from "./start-sequence.ts";
import { type Failed, interpreterName } from "./trial.ts";

/** The advice on an application's files, and what its changes are. */
export interface FilesAdvice {
  readonly report: AdviceReport;
  readonly changes: AdvisedChanges;
}

/** What following the findings comes to. */
export interface AdvisedChanges extends Prepared {
  /** Paths of modules to compile. */
  readonly toCompile: ReadonlySet<string>;
  /** New source by path, with constants and buffers. */
  readonly changedSources: ReadonlyMap<string, string>;
  readonly turns: TurnAdvice | null;
}

/**
 * Measures an application on real interpreters: tips 2, 3, 4 and 5. `progress`: what is being measured, for people who wait.
 * Throws "lab-failed" where there is no interpreter, and the laboratory's abort reason.
 */
export async function adviseFiles(
  prepared: Prepared,
  paths: readonly string[],
  progress: (text: string) => void,
): Promise<FilesAdvice> {
  const { application, compiled, bench, files } = prepared;
  const { modules } = application;
  const findings: Finding[] = [];
  const notMeasured: NotMeasured[] = [];
  const toCompile = new Set<string>();
  const changedSources = new Map<string, string>();
  for (const [at, module] of modules.entries()) {
    progress(`${module.name}, ${at + 1} of ${modules.length}`);
    if (!compiled.has(module.path)) notMeasured.push(notCompiled(module));
    const precompiling = await advisePrecompiling(bench, files, module, compiled);
    if (precompiling !== null) {
      findings.push(precompiling);
      toCompile.add(module.path);
    }
  }
  for (const source of sourcesOf(application)) {
    progress(`constants and loops of ${source.name}`);
    const [constants, loops] = await Promise.all([
      adviseConstants(bench, files, application, source),
      adviseLoops(bench, files, application, source),
    ]);
    if (constants?.kind === "saves") findings.push(constants.finding);
    if (constants?.kind === "saves-nothing") notMeasured.push(constants.note);
    findings.push(...loops.findings);
    notMeasured.push(...loops.notMeasured);
    const text = changedSource(source, constants?.kind === "saves" ? constants.text : null, loops.rewritten);
    if (text !== null) changedSources.set(source.path, text);
  }
  progress("whole passes of main.py's loops");
  findings.push(...(await advisePasses(bench, files, application, findings)));
  const { main } = application;
  const run = main === null ? null : await tryMain({ ...bench, repeats: 1 }, files, main);
  const compiling = main === null ? null : await advisePrecompilingMain(bench, files, main);
  if (compiling !== null) findings.push(compiling);
  const stopped =
    main === null || run?.kind !== "failed" || endedByStandIn(run) ? [] : [mainProblem(main, run)];
  const sequence = startSequence(application);
  progress("the order of imports");
  const turns = sequence === null ? null : await adviseTurns(bench, files, sequence);
  findings.push(...(turns?.findings ?? []));
  notMeasured.push(...(turns?.notMeasured ?? []));
  return {
    report: {
      subject: {
        kind: "files",
        paths,
        measured: sourcesOf(application).map(({ name }) => name),
        interpreter: interpreterName(bench.firmware),
        heapBytes: bench.heapBytes,
      },
      findings: inOrder(findings),
      notMeasured,
      problems: [...prepared.problems, ...stopped],
    },
    changes: { ...prepared, toCompile, changedSources, turns },
  };
}

function notCompiled({ name }: ApplicationModule): NotMeasured {
  return {
    tip: 2,
    code: "precompile",
    place: { file: name, line: 1 },
    title: `What ${name} costs as .mpy.`,
    reason: "mpy-cross, as it comes with heapscope, does not compile it, though the interpreter does.",
  };
}

/** Told where it ended, which may be in a file that main.py imports. */
function mainProblem({ name }: ApplicationSource, { reason, place }: Failed): Problem {
  const run = place === null || place.file === name ? "Run" : `When ${name} is run`;
  return {
    file: place?.file ?? name,
    line: place?.line ?? null,
    text: `${run} with devices stood in for, ${reason}. Its loops are measured as far as it came.`,
  };
}

/** A server is given a few requests; that there are no more is no fault of its own. */
const endedByStandIn = ({ reason }: Failed): boolean => reason.includes(nothingMore);
