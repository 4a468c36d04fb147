import type { Step } from "../../lab/experiment.ts";
import { heapAt } from "../../lab/heap-state.ts";
import { type Bench, type BoardFiles, prelude, type StartStep, stepsOf } from "./trial.ts";

/** Large enough for anything a board imports: the search is for what is needed, not for what there is. */
const roomBytes = 1_048_576;
/** How closely it is found, in bytes. */
const stepBytes = 64;
/** Of an item in a list. */
const wordBytes = 4;

/**
 * The least free heap, in one piece, with which the imports succeed: their peak, compiling included. Found by halving: each
 * try is a fresh interpreter whose heap is filled up to the room that is tried. To 64 bytes, never too small. Null: they do not
 * succeed within 1 MiB either.
 *
 * This port does not collect while Python runs. A board that collects during the import may get by with less, where
 * the import makes garbage.
 */
export async function neededHeap(
  bench: Bench,
  files: BoardFiles,
  sequence: readonly StartStep[],
): Promise<number | null> {
  const { lab, firmware } = bench;
  const begin: readonly Step[] = [
    ...prelude(bench),
    { kind: "run", code: "spare = []" },
    { kind: "collect" },
  ];
  const succeeds = async (fill: string): Promise<boolean> => {
    const steps: readonly Step[] = [
      ...begin,
      { kind: "run", code: fill },
      { kind: "collect" },
      ...stepsOf(sequence),
    ];
    const outcome = await lab.perform({ firmware, heapBytes: roomBytes, files, steps });
    return outcome.kind === "done";
  };
  const empty = await lab.perform({
    firmware,
    heapBytes: roomBytes,
    files,
    steps: [...begin, { kind: "measure" }],
  });
  const largestFreeBytes = heapAt(empty, begin.length)?.largestFreeBytes;
  if (largestFreeBytes === undefined || !(await succeeds(""))) return null;
  let [enough, tooLittle] = [largestFreeBytes, 0];
  while (enough - tooLittle > stepBytes) {
    const tried = Math.ceil((enough + tooLittle) / 2 / stepBytes) * stepBytes;
    if (tried >= enough) break;
    if (await succeeds(`spare = [0] * ${(largestFreeBytes - tried) / wordBytes}`)) enough = tried;
    else tooLittle = tried;
  }
  return enough;
}
