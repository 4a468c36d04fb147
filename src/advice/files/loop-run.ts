import type { Step } from "../../lab/experiment.ts";
import type { LoopSpan } from "../../python/allocation-site.ts";
import { counterModule, type Instrumented } from "../../python/instrument.ts";
import type { ApplicationSource } from "./application.ts";
import { type Counts, counterSource, parseCounts } from "./counter.ts";
import { type Bench, type BoardFiles, failed, prelude } from "./trial.ts";

/** One run of an instrumented copy. */
export type LoopRun =
  | { readonly kind: "counted"; readonly counts: Counts }
  | { readonly kind: "failed"; readonly reason: string };

/** Runs `code`, which leads to the instrumented copy of `source`, until its endless loops have gone round often enough. */
export async function runCounting(
  bench: Bench,
  files: BoardFiles,
  { path, parsed }: ApplicationSource,
  { text, loops, sites }: Instrumented,
  code: string,
): Promise<LoopRun> {
  const statements = Math.max(0, ...sites.map(({ statement }) => (statement ?? -1) + 1));
  const endless = loops.map((loop) => (isEndless(parsed.text, loop) ? "True" : "False"));
  const steps: readonly Step[] = [
    ...prelude(bench),
    {
      kind: "run",
      code: `import ${counterModule}\n${counterModule}.begin(${statements}, [${endless.join(", ")}])`,
    },
    { kind: "run", code: untilEnough(code) },
    { kind: "run", code: `${counterModule}.report()` },
  ];
  const outcome = await bench.lab.perform({
    firmware: bench.firmware,
    heapBytes: null,
    files: { ...files, [path]: text, [`/lib/${counterModule}.py`]: counterSource },
    steps,
  });
  if (outcome.kind !== "done") return { kind: "failed", reason: failed(outcome).reason };
  const counts = parseCounts(outcome.results.at(-1)?.output ?? "");
  return counts === null
    ? { kind: "failed", reason: "its counts could not be read" }
    : { kind: "counted", counts };
}

function untilEnough(code: string): string {
  const body = code.replace(/^/gm, " ");
  return `try:\n${body}\nexcept ${counterModule}.Enough: pass\nexcept BaseException as error: ${counterModule}.end(error)`;
}

const isEndless = (text: string, { kind, from, bodyFrom }: LoopSpan): boolean =>
  kind === "while" && /^while\s*\(?\s*(True|1)\s*\)?\s*$/.test(text.slice(from, bodyFrom));
