import type { Experiment, Step } from "../../lab/experiment.ts";
import { type HeapState, heapAt } from "../../lab/heap-state.ts";
import { type Bench, type BoardFiles, prelude, roomyHeapBytes, type StartStep, stepsOf } from "./trial.ts";

/** How closely it is found, in bytes. */
const stepBytes = 64;
/** Of an item in a list. */
const wordBytes = 4;
const blockBytes = 16;

/**
 * The least free heap with which the imports succeed: their peak, compiling included. Found by halving: each try is a fresh interpreter
 * whose heap is filled up to the room that is tried. To 64 bytes, never too small. Null: they do not succeed within 1 MiB either.
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
  const after = (steps: readonly Step[]): Experiment => ({
    firmware,
    heapBytes: roomyHeapBytes,
    files,
    steps,
  });
  const heapAfter = async (steps: readonly Step[]): Promise<HeapState | null> =>
    heapAt(await lab.perform(after([...steps, { kind: "measure" }])), steps.length);

  const begin: readonly Step[] = [...prelude(bench), ...run("spare = []")];
  const loose = await heapAfter(begin);
  if (loose === null) return null;
  const full: readonly Step[] = [...begin, ...run(filler(loose))];
  const empty = await heapAfter(full);
  if (empty === null) return null;
  const succeeds = async (fill: string): Promise<boolean> =>
    (await lab.perform(after([...full, ...run(fill), ...stepsOf(sequence)]))).kind === "done";

  const { largestFreeBytes, freeBytes } = empty;
  if (!(await succeeds(""))) return null;
  let [enough, tooLittle] = [largestFreeBytes, 0];
  while (enough - tooLittle > stepBytes) {
    const tried = Math.ceil((enough + tooLittle) / 2 / stepBytes) * stepBytes;
    if (tried >= enough) break;
    if (await succeeds(`spare = [0] * ${(largestFreeBytes - tried) / wordBytes}`)) enough = tried;
    else tooLittle = tried;
  }
  return enough + freeBytes - largestFreeBytes;
}

/** Takes the holes before the one large piece, a block at a time: imports would use them unseen. */
function filler({ freeBytes, largestFreeBytes }: HeapState): string {
  const holes = Math.floor((freeBytes - largestFreeBytes) / blockBytes);
  return `held = [None] * ${holes}\nfor at in range(${holes}): held[at] = object()`;
}

const run = (code: string): readonly Step[] => [{ kind: "run", code }, { kind: "collect" }];
