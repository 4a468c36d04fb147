import type { Step } from "../../lab/experiment.ts";
import { withTurns } from "../../python/endless-loops.ts";
import { counterModule } from "../../python/instrument.ts";
import { parseModule } from "../../python/parsed-module.ts";
import { type CountedStatement, countStatements } from "../../python/statement-counts.ts";
import { type Application, sourcesOf } from "./application.ts";
import { filesWithTurns } from "./files-with-turns.ts";
import { untilEnough } from "./loop-run.ts";
import { type PassCount, parsePassCounts, passCounterSource } from "./pass-counter.ts";
import { type Bench, type BoardFiles, prelude } from "./trial.ts";

/** A statement of the application. */
export interface PlacedStatement extends CountedStatement {
  readonly file: string;
}

/** An endless loop of the application, and what its passes allocated. */
export interface CountedLoop extends PassCount {
  readonly file: string;
  readonly line: number;
}

/** What a run of main.py counted. */
export interface PassRun {
  readonly loops: readonly CountedLoop[];
  /** By number; 0 is what is in no statement, and undefined. */
  readonly statements: readonly (PlacedStatement | undefined)[];
}

/** Runs main.py with copies of all sources that count each statement, until an endless loop has gone round often enough. Null: it could not be counted. */
export async function runPasses(
  bench: Bench,
  files: BoardFiles,
  application: Application,
): Promise<PassRun | null> {
  const { main } = application;
  if (main === null) return null;
  const statements: (PlacedStatement | undefined)[] = [undefined];
  const loops: { readonly file: string; readonly line: number }[] = [];
  const copies: Record<string, string> = {};
  for (const { name: file, path, parsed } of sourcesOf(application)) {
    const copy = countStatements(parsed, { statement: statements.length, loop: loops.length });
    if (copy === null) continue;
    statements.push(...copy.statements.map((statement) => ({ ...statement, file })));
    loops.push(...copy.loops.map((line) => ({ file, line })));
    copies[path] = withTurns(parseModule(file, copy.text)) ?? copy.text;
  }
  if (loops.length === 0) return { loops: [], statements };
  const begin = `import ${counterModule}\n${counterModule}.begin(${statements.length - 1}, ${loops.length})`;
  const steps: readonly Step[] = [
    ...prelude(bench),
    { kind: "run", code: begin },
    { kind: "run", code: untilEnough(`execfile(${JSON.stringify(main.path)})`) },
    { kind: "run", code: `${counterModule}.report()` },
  ];
  const outcome = await bench.lab.perform({
    firmware: bench.firmware,
    heapBytes: null,
    files: { ...filesWithTurns(files), ...copies, [`/lib/${counterModule}.py`]: passCounterSource },
    steps,
  });
  const counts = outcome.kind === "done" ? parsePassCounts(outcome.results.at(-1)?.output ?? "") : null;
  if (counts === null) return null;
  return {
    loops: loops.flatMap((loop, at) => (counts[at] === undefined ? [] : [{ ...loop, ...counts[at] }])),
    statements,
  };
}
