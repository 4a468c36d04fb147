import type { Allocation, FirstFit, FreeRanges, WhatIf, WhatIfSubject } from "../app/what-if/subject.ts";
import { jsonLine } from "./cli-io.ts";

/**
 * One value per line: the heap, each allocation in order, the verdict. `collected` is null where the heap after a collection is not known;
 * `area` counts from 0, `offset` is in bytes from the area's first block.
 */
export function whatIfJson(subject: WhatIfSubject, { now, collected, verdict }: WhatIf): string {
  const { name, source, growableBytes } = subject;
  const known = subject.collected.kind === "known" ? subject.collected.free : null;
  return [
    {
      type: "heap",
      name,
      source,
      blockSizeBytes: subject.now.blockSizeBytes,
      areas: subject.now.areas.map(({ base, blocks }) => ({ base, blocks })),
      growableBytes,
      collectedUnknown: subject.collected.kind === "unknown" ? subject.collected.reason : null,
    },
    ...now.allocations.map((one, index) => ({
      type: "allocation",
      index,
      bytes: one.bytes,
      blocks: one.blocks,
      now: outcomeOf(one, subject.now),
      collected: known === null ? null : outcomeOf(collected?.allocations[index], known),
    })),
    {
      type: "verdict",
      verdict: verdict.kind,
      at: verdict.kind === "fits" ? null : verdict.at,
      now: summaryOf(now),
      collected: collected === null ? null : summaryOf(collected),
    },
  ]
    .map(jsonLine)
    .join("");
}

function outcomeOf(one: Allocation | undefined, { blockSizeBytes }: FreeRanges): object | null {
  if (one === undefined) return null;
  return one.kind === "placed"
    ? { fits: true, area: one.area, block: one.block, offset: one.block * blockSizeBytes }
    : {
        fits: false,
        freeBytes: one.freeBlocks * blockSizeBytes,
        largestFreeBytes: one.largestBlocks * blockSizeBytes,
      };
}

function summaryOf({ firstRefused, moreTimes, after }: FirstFit): object {
  return { fits: firstRefused === null, moreTimes, after };
}
