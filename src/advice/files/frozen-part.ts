import type { Step } from "../../lab/experiment.ts";
import { heapAt } from "../../lab/heap-state.ts";
import type { ApplicationModule } from "./application.ts";
import { type Bench, type BoardFiles, prelude } from "./trial.ts";

/**
 * The heap that a module keeps when its bytecode is frozen into the firmware: what running it makes (its names, functions,
 * classes, objects), without bytecode, constants and interned names. Measured by running the module's code object twice: the
 * second time all of that is there already. In bytes; null where it cannot be run twice.
 */
export async function frozenPart(
  { lab, ...bench }: Bench,
  files: BoardFiles,
  { module, path }: ApplicationModule,
): Promise<number | null> {
  const { firmware } = bench;
  const name = JSON.stringify(module);
  // A module made by import has its dict and its `__file__`, too.
  const run = `space = {"__name__": ${name}, "__file__": ${JSON.stringify(path)}}\nspaces.append(space)\nexec(code, space)`;
  const steps: readonly Step[] = [
    ...prelude(bench),
    {
      kind: "run",
      code: `import ${module}\ncode = compile(open(${JSON.stringify(path)}).read(), ${name}, "exec")`,
    },
    { kind: "run", code: `spaces = []\n${run}` },
    { kind: "collect" },
    { kind: "measure" },
    { kind: "run", code: run },
    { kind: "collect" },
    { kind: "measure" },
  ];
  const outcome = await lab.perform({ firmware, heapBytes: null, files, steps });
  const [before, after] = [heapAt(outcome, steps.length - 4), heapAt(outcome, steps.length - 1)];
  return before === null || after === null ? null : after.usedBytes - before.usedBytes;
}
