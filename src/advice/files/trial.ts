import type { Experiment, Firmware, Outcome, Step } from "../../lab/experiment.ts";
import { type HeapState, heapAt } from "../../lab/heap-state.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import { standInSetup } from "../../lab/stand-ins/index.ts";
import type { Measured, Method, Place } from "../finding.ts";
import { nothingMeasured } from "../finding.ts";

/** What all trials of one advice have in common. */
export interface Bench {
  readonly lab: Laboratory;
  readonly firmware: Firmware;
  /** As asked for: with its tables, and for the application alone. */
  readonly heapBytes: number;
  /** What the interpreter and the foreign modules use; it comes on top, because on a board most of them are firmware. */
  readonly foreignBytes: number;
  /** Fresh interpreters per form. */
  readonly repeats: number;
  /** The files of those that stand in, by path. */
  readonly standIns: BoardFiles;
  /** Modules that are not the application's: built in, frozen or standing in. Imported before anything is measured. */
  readonly foreignModules: readonly string[];
}

/** By absolute path on the board. */
export type BoardFiles = Readonly<Record<string, string | Uint8Array>>;

/** What a sequence of imports left, or why it could not be seen. */
export type Trial =
  | {
      readonly kind: "measured";
      /** What the imports keep, after a collection. */
      readonly usedBytes: number;
      readonly heap: HeapState;
      /** Before the imports. */
      readonly empty: HeapState;
      /** Greatest difference between repeats, of what is kept or of the largest free block. */
      readonly spreadBytes: number;
    }
  | Failed;

/** A trial that Python or the deadline ended. */
export interface Failed {
  readonly kind: "failed";
  readonly end: "raised" | "deadline" | "crashed";
  /** `MemoryError`, … ; null: none was raised. */
  readonly exception: string | null;
  /** The line of the application that raised it. Null: not known, or none. */
  readonly place: Place | null;
  /** A sentence without its end. */
  readonly reason: string;
}

/** One thing main.py does while it starts: `import x` or `gc.collect()`. */
export type StartStep = { readonly kind: "import"; readonly module: string } | { readonly kind: "collect" };

/** Imports in a row as one run: Python does not come back in between, as on a board. */
export function importing(modules: readonly string[]): readonly StartStep[] {
  return modules.map((module) => ({ kind: "import", module }));
}

/** Runs the steps on fresh interpreters, as often as the bench says. */
export async function tryImports(
  bench: Bench,
  files: BoardFiles,
  sequence: readonly StartStep[],
): Promise<Trial> {
  const steps: readonly Step[] = [
    ...prelude(bench),
    { kind: "measure" },
    ...stepsOf(sequence),
    { kind: "collect" },
    { kind: "measure" },
  ];
  const heapBytes = bench.heapBytes + withTables(bench.foreignBytes);
  const places = { emptyAt: prelude(bench).length, heapAt: steps.length - 1 };
  return measuredTrial(bench, { heapBytes, files, steps }, places, () => null);
}

/**
 * Performs an experiment as often as the bench says; the dumps are those of its steps number `emptyAt` and `heapAt`. `fault`: what is wrong with
 * an experiment that was done.
 */
export async function measuredTrial(
  { lab, firmware, repeats }: Bench,
  experiment: Omit<Experiment, "firmware">,
  at: { readonly emptyAt: number; readonly heapAt: number },
  fault: (outcome: Outcome) => Failed | null,
): Promise<Trial> {
  const outcomes = await Promise.all(
    Array.from({ length: repeats }, () => lab.perform({ firmware, ...experiment })),
  );
  const states: { readonly empty: HeapState; readonly heap: HeapState }[] = [];
  for (const outcome of outcomes) {
    const wrong = outcome.kind === "done" ? fault(outcome) : failed(outcome);
    if (wrong !== null) return wrong;
    const [empty, heap] = [heapAt(outcome, at.emptyAt), heapAt(outcome, at.heapAt)];
    if (empty === null || heap === null)
      return {
        kind: "failed",
        end: "crashed",
        exception: null,
        place: null,
        reason: "its dump could not be read",
      };
    states.push({ empty, heap });
  }
  const [first] = states;
  if (first === undefined) throw new Error("a trial wants one repeat at least");
  const { empty, heap } = first;
  return {
    kind: "measured",
    usedBytes: heap.usedBytes - empty.usedBytes,
    heap,
    empty,
    spreadBytes: Math.max(
      spread(states.map((state) => state.heap.usedBytes)),
      spread(states.map((state) => state.heap.largestFreeBytes)),
    ),
  };
}

/** What comes before the application: nothing of it is counted. */
export function prelude({ foreignModules }: Pick<Bench, "foreignModules">): readonly Step[] {
  const imports = foreignModules
    .map((module) => `try:\n import ${module}\nexcept ImportError: pass\n`)
    .join("");
  return [
    { kind: "run", code: `${standInSetup}\n${imports}spare = [0] * ${spareItems}` },
    { kind: "collect" },
  ];
}

/** Four bytes each. */
const spareItems = 128;

/**
 * Imports that give `spare` (of the prelude) back when the heap is full: without any room the port cannot even say so, and hangs.
 * `list.clear()` frees at once, without a collection.
 */
function importCode(modules: readonly string[]): string {
  const imports = modules.map((name) => ` import ${name}\n`).join("");
  return `try:\n${imports}except MemoryError:\n spare.clear()\n raise`;
}

/** Imports that follow each other are one run; a collection takes effect between runs. */
export function stepsOf(sequence: readonly StartStep[]): readonly Step[] {
  const steps: Step[] = [];
  let imports: string[] = [];
  const close = (): void => {
    if (imports.length > 0) steps.push({ kind: "run", code: importCode(imports) });
    imports = [];
  };
  for (const step of sequence) {
    if (step.kind === "import") imports.push(step.module);
    else {
      close();
      steps.push({ kind: "collect" });
    }
  }
  close();
  return steps;
}

/** Why an experiment that is not done ended. */
export function failed(outcome: Exclude<Outcome, { kind: "done" }>): Failed {
  const { kind: end } = outcome;
  if (end === "raised")
    return {
      kind: "failed",
      end,
      exception: outcome.exception,
      place: null,
      reason: lastLine(outcome.traceback),
    };
  const reason =
    end === "deadline"
      ? "it did not come back in time, and was ended"
      : `the interpreter broke: ${outcome.reason}`;
  return { kind: "failed", end, exception: null, place: null, reason };
}

/**
 * A heap whose blocks are so many bytes: for each of 16 bytes two bits of allocation table and one of finalisers (gc_setup_area in
 * py/gc.c).
 */
const withTables = (bytes: number): number => Math.ceil(bytes / 128) * 131;

/** What the interpreter and the foreign modules use before an application comes. */
export async function foreignBytesOf(bench: Omit<Bench, "foreignBytes">, files: BoardFiles): Promise<number> {
  const steps: readonly Step[] = [...prelude(bench), { kind: "measure" }];
  const outcome = await bench.lab.perform({
    firmware: bench.firmware,
    heapBytes: roomyHeapBytes,
    files,
    steps,
  });
  return heapAt(outcome, steps.length - 1)?.usedBytes ?? 0;
}

/** More than any application takes. */
export const roomyHeapBytes = 1_048_576;

/** As one side of a comparison. */
export function measuredAs(label: string, trial: Trial): Measured {
  if (trial.kind === "failed") return { ...nothingMeasured, label };
  const { usedBytes, heap } = trial;
  const { largestFreeBytes, fragmentation } = heap;
  return { ...nothingMeasured, label, usedBytes, largestFreeBytes, fragmentation };
}

/** The heap that main.py runs in grows as it has to, so its free part says nothing. */
export const usedOnly = (measured: Measured): Measured => ({
  ...measured,
  largestFreeBytes: null,
  fragmentation: null,
});

/** How a bench measures. */
export function methodOf({ firmware, heapBytes, repeats }: Bench, spreadBytes: number): Method {
  return { kind: "interpreter", interpreter: interpreterName(firmware), heapBytes, repeats, spreadBytes };
}

/** The same on heaps that grow as they have to. */
export function methodOnGrowingHeap({ firmware, repeats }: Bench, spreadBytes: number): Method {
  return {
    kind: "interpreter",
    interpreter: interpreterName(firmware),
    heapBytes: null,
    repeats,
    spreadBytes,
  };
}

/** As `Method` and reports name it. */
export function interpreterName(firmware: Firmware): string {
  return `MicroPython ${firmware} (WebAssembly)`;
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** `SystemExit: ` → `SystemExit` */
function lastLine(traceback: string): string {
  return (traceback.trimEnd().split("\n").at(-1) ?? "").replace(/:\s*$/, "");
}
