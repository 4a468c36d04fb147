import type { Step } from "../../lab/experiment.ts";
import type { LoopSpan } from "../../python/allocation-site.ts";
import { counterModule, type Instrumented } from "../../python/instrument.ts";
import type { ApplicationSource } from "./application.ts";
import { type Counts, counterSource, parseCounts } from "./counter.ts";
import { type Bench, type BoardFiles, failed, prelude } from "./trial.ts";

/** One run of an instrumented copy. */
export type LoopRun =
  | {
      readonly kind: "counted";
      readonly counts: Counts;
      /** The exception that ended the application; null: it ended by itself, or its loops had been seen often enough. */
      readonly exception: string | null;
    }
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
    { kind: "run", code: `print()\n${counterModule}.report()` },
  ];
  const outcome = await bench.lab.perform({
    firmware: bench.firmware,
    heapBytes: null,
    files: { ...files, [path]: text, [`/lib/${counterModule}.py`]: counterSource },
    steps,
  });
  if (outcome.kind !== "done") return { kind: "failed", reason: failed(outcome).reason };
  const [ran, reported] = outcome.results.slice(-2);
  const counts = parseCounts(reported?.output ?? "");
  if (counts === null) return { kind: "failed", reason: "its counts could not be read" };
  const exception = /^raised: (.*)$/m.exec(
    ran?.output.split("\n").findLast((line) => line.startsWith("raised: ")) ?? "",
  );
  return { kind: "counted", counts, exception: exception?.[1] ?? null };
}

function untilEnough(code: string): string {
  const body = code.replace(/^/gm, " ");
  return `try:\n${body}\nexcept ${counterModule}.Enough: pass\nexcept BaseException as error: print("\\nraised: %s: %s" % (type(error).__name__, error))`;
}

const isEndless = (text: string, { kind, from, bodyFrom }: LoopSpan): boolean =>
  kind === "while" && /^while\s*\(?\s*(True|1)\s*\)?\s*$/.test(text.slice(from, bodyFrom));
