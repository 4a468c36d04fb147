import { compileMpy } from "../../lab/compile-mpy.ts";
import { HeapscopeError } from "../../shared/errors.ts";
import { sizeText } from "../../shared/units-text.ts";
import { type Finding, type Measured, nothingMeasured } from "../finding.ts";
import type { ApplicationSource } from "./application.ts";
import { neededHeap } from "./needed-heap.ts";
import { portableText } from "./portable.ts";
import { leastPeakShare } from "./precompile.ts";
import { type Bench, type BoardFiles, importing, methodOf } from "./trial.ts";

const name = "heapscope_main";

/**
 * Tip 2 for main.py, which a board compiles at each start: what that takes at its peak, and what loading the same code as bytecode
 * takes. All of it is put into a function that nobody calls, so that nothing of it runs. Null where that is little, or where code
 * cannot stand in a function.
 */
export async function advisePrecompilingMain(
  bench: Bench,
  files: BoardFiles,
  main: ApplicationSource,
): Promise<Finding | null> {
  const bytes = await bytecodeOf(inFunction(main));
  if (bytes === null) return null;
  const [source, code] = await Promise.all([
    mainPeak(bench, files, main),
    neededHeap(bench, { ...files, [`/${name}.mpy`]: bytes }, importing([name])),
  ]);
  const before: Measured = { ...nothingMeasured, label: ".py", neededBytes: source };
  const after: Measured = { ...nothingMeasured, label: ".mpy", neededBytes: code };
  if (before.neededBytes === null || after.neededBytes === null) return null;
  const saved = before.neededBytes - after.neededBytes;
  if (saved < leastPeakShare * bench.heapBytes) return null;
  return {
    tip: 2,
    code: "precompile",
    title: `${main.name} is compiled at each start, which takes ${sizeText(before.neededBytes)} of free heap for a moment and leaves holes.`,
    place: { file: main.name, line: 1 },
    before,
    after,
    others: [],
    saving: { bytes: saved, of: "peak", atMost: false },
    method: methodOf({ ...bench, repeats: 1 }, 0),
    change: `Move its code into a module, such as app.py, compile that with mpy-cross, and leave "import app" in ${main.name}, which cannot be bytecode itself.`,
    confidence: "high",
    curve: [],
  };
}

/** The least free heap with which main.py is compiled; null: code of it cannot stand in a function. */
export function mainPeak(bench: Bench, files: BoardFiles, main: ApplicationSource): Promise<number | null> {
  return neededHeap(bench, { ...files, [`/${name}.py`]: inFunction(main) }, importing([name]));
}

/** Blank lines and all: what is compiled is of the same size. */
function inFunction({ parsed }: ApplicationSource): string {
  const text = portableText(parsed.text).replace(/^\ufeff/, "");
  return `def all_of_it():\n pass\n${text.replace(/^(?=.*\S)/gm, " ")}\n`;
}

async function bytecodeOf(text: string): Promise<Uint8Array | null> {
  try {
    return await compileMpy(`${name}.py`, text);
  } catch (error) {
    if (error instanceof HeapscopeError && error.code === "python-not-compiled") return null;
    throw error;
  }
}
