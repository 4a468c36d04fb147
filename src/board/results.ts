import type { Collection, MemInfoFigures, Reading, ReadingPhase } from "../heap/reading.ts";
import { type ErrorCode, HeapscopeError } from "../shared/errors.ts";
import type { Probe, Probed } from "./probe.ts";

const linkFaults: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["dump-damaged", "program-garbled"]);

/** What the link damaged, there or back, is asked for once more (DESIGN, decision 2); `onDiscarded` hears of the first. */
export async function readTwice(
  probe: Probe,
  options: { readonly map: boolean },
  onDiscarded: (error: HeapscopeError) => void = () => {},
): Promise<Probed> {
  try {
    return await probe.read(options);
  } catch (error) {
    if (!(error instanceof HeapscopeError) || !linkFaults.has(error.code)) throw error;
    onDiscarded(error);
    return await probe.read(options);
  }
}

/** A probed answer as a reading that has no id yet. `at`: UTC, ISO 8601. */
export function readingOf(
  { figures, durationMs, wireBytes }: Probed,
  phase: ReadingPhase,
  boardId: string,
  at: string,
): Reading & { readonly boardId: string; readonly at: string } {
  return {
    id: null,
    boardId,
    at,
    source: "repl",
    phase,
    durationMs: Math.round(durationMs * 1000) / 1000,
    wireBytes,
    helper: null,
    ...figures,
  };
}

/** What a collection changed, from the readings before and after it. Reclaimed bytes are negative where the heap grew. */
export function collectionChange(
  before: MemInfoFigures,
  after: MemInfoFigures,
): Pick<
  Collection,
  "reclaimedBytes" | "largestFreeGainBytes" | "fragmentationBefore" | "fragmentationAfter"
> {
  return {
    reclaimedBytes: before.heap.usedBytes - after.heap.usedBytes,
    largestFreeGainBytes:
      after.largestFreeBytes === null || before.largestFreeBytes === null
        ? null
        : after.largestFreeBytes - before.largestFreeBytes,
    fragmentationBefore: before.fragmentation,
    fragmentationAfter: after.fragmentation,
  };
}
