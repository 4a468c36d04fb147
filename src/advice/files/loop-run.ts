import type { Step } from "../../lab/experiment.ts";
import type { LoopSpan } from "../../python/allocation-site.ts";
import { isEndlessHead, withTurns } from "../../python/endless-loops.ts";
import { counterModule, countWhiles, type Instrumented, originalLine } from "../../python/instrument.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { ApplicationSource } from "./application.ts";
import { type Counts, counterSource, type PlaceOf, parseCounts } from "./counter.ts";
import { filesWithTurns } from "./files-with-turns.ts";
import { type Bench, type BoardFiles, failed, measuredTrial, prelude, type Trial } from "./trial.ts";

const counterPath = `/lib/${counterModule}.py`;

/** One run of an instrumented copy. */
export type LoopRun =
  | { readonly kind: "counted"; readonly counts: Counts }
  | { readonly kind: "failed"; readonly reason: string };

/** Runs `code`, which leads to the instrumented copy of a source, until its endless loops have gone round often enough. */
export async function runCounting(
  bench: Bench,
  files: BoardFiles,
  source: ApplicationSource,
  copy: Instrumented,
  code: string,
): Promise<LoopRun> {
  const copies = withCopy(files, source, copy);
  const steps: readonly Step[] = [
    ...begun(bench, source, copy),
    { kind: "run", code: untilEnough(code) },
    { kind: "run", code: `${counterModule}.report()` },
  ];
  const outcome = await bench.lab.perform({
    firmware: bench.firmware,
    heapBytes: null,
    files: copies,
    steps,
  });
  if (outcome.kind !== "done") return { kind: "failed", reason: failed(outcome).reason };
  const counts = parseCounts(outcome.results.at(-1)?.output ?? "", placeIn(bench, copies));
  return counts === null
    ? { kind: "failed", reason: "its counts could not be read" }
    : { kind: "counted", counts };
}

/** What main.py keeps once its endless loops have gone round, by a copy that only counts. */
export async function tryMain(bench: Bench, files: BoardFiles, main: ApplicationSource): Promise<Trial> {
  const copy = countWhiles(main.parsed);
  const copies = withCopy(files, main, copy);
  const begin = begun(bench, main, copy);
  const steps: readonly Step[] = [
    ...begin,
    // Names of its own, as on a board: the table of those that are here already would grow at other times.
    { kind: "run", code: 'board = {"__name__": "__main__"}' },
    { kind: "collect" },
    { kind: "measure" },
    { kind: "run", code: untilEnough(`execfile(${JSON.stringify(main.path)}, board)`) },
    { kind: "collect" },
    { kind: "measure" },
    { kind: "run", code: `${counterModule}.report()` },
  ];
  return measuredTrial(
    bench,
    { heapBytes: null, files: copies, steps },
    { emptyAt: begin.length + 2, heapAt: begin.length + 5 },
    (outcome) => {
      const output = outcome.results.at(-1)?.output ?? "";
      const ended = parseCounts(output, placeIn(bench, copies))?.exception ?? null;
      if (ended === null) return null;
      const { text: exception, place } = ended;
      return { kind: "failed", end: "raised", exception, place, reason: `it ended with ${exception}` };
    },
  );
}

function begun(bench: Bench, { parsed }: ApplicationSource, { loops, sites }: Instrumented): readonly Step[] {
  const statements = Math.max(0, ...sites.map(({ statement }) => (statement ?? -1) + 1));
  const endless = loops.map((loop) => (isEndless(parsed.text, loop) ? "True" : "False"));
  const code = `import ${counterModule}\n${counterModule}.begin(${statements}, [${endless.join(", ")}])`;
  return [...prelude(bench), { kind: "run", code }];
}

/** The board with the copy, and all of it so that endless loops come to an end. */
function withCopy(files: BoardFiles, { name, path }: ApplicationSource, { text }: Instrumented): BoardFiles {
  return {
    ...filesWithTurns(files),
    [path]: withTurns(parseModule(name, text)) ?? text,
    [counterPath]: counterSource,
  };
}

/** Python that runs `code` until a counter has seen enough of it, or it ends. */
export function untilEnough(code: string): string {
  const body = code.replace(/^/gm, " ");
  return `try:\n${body}\nexcept ${counterModule}.Enough: pass\nexcept BaseException as error: ${counterModule}.end(error)`;
}

/** Lines of copies as lines of what the user wrote; what stands in for devices is none of it. */
function placeIn({ standIns }: Bench, copies: BoardFiles): PlaceOf {
  return (named, line) => {
    const path = named.startsWith("/") ? named : `/${named}`;
    const copy = copies[path];
    if (copy === undefined || path in standIns || path === counterPath) return null;
    return { file: path.slice(1), line: originalLine(Buffer.from(copy as string).toString(), line) };
  };
}

const isEndless = (text: string, { kind, from, bodyFrom }: LoopSpan): boolean =>
  kind === "while" && isEndlessHead(text.slice(from, bodyFrom));
