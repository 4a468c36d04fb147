import { figuresOf } from "../heap/figures.ts";
import { parseMemInfo } from "../heap/parse-mem-info.ts";
import type { Outcome } from "./experiment.ts";

/** The heap at one `measure` of an experiment. */
export interface HeapState {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  readonly largestFreeBytes: number;
  /** 1 − largest free run ÷ free */
  readonly fragmentation: number;
}

/** What the `measure` at step number `step` (from 0) showed. Null: the experiment did not come so far. */
export function heapAt(outcome: Outcome, step: number): HeapState | null {
  const result = outcome.results[step];
  if (result === undefined) return null;
  const [finding] = parseMemInfo(Buffer.from(result.output));
  if (finding?.kind !== "record") return null;
  const { heap, largestFreeBytes, fragmentation, map } = figuresOf(finding.record);
  if (map === null || largestFreeBytes === null || fragmentation === null) return null;
  const { totalBytes, usedBytes, freeBytes } = heap;
  return { totalBytes, usedBytes, freeBytes, largestFreeBytes, fragmentation };
}
