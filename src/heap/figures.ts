import type { BlockMap } from "./block-map.ts";
import { blockSizeByExclusion } from "./block-size.ts";
import { fragmentation, freeHistogram, typeTotals, utilization } from "./fragmentation.ts";
import type { MemInfoRecord } from "./mem-info-record.ts";
import type { BlockFigures, MapSummary, MemInfoFigures } from "./reading.ts";
import { reconcile, type Verdict } from "./reconcile.ts";

/**
 * The figures of a record in the form every reading has. Ratios are exact doubles; rounding is for whoever shows them.
 *
 * With a map everything about free runs is recomputed from it; printed figures stay as printed. Without one, the
 * largest free run is the printed `max free sz`, and bytes of it need the block size: `knownBlockSizeBytes` (from
 * an earlier map of the same board), else what exclusion leaves, else null.
 *
 * The map of a corrupt record is left out. Cost: one pass over the runs, none where `verdict` is given.
 */
export function figuresOf(
  record: MemInfoRecord,
  knownBlockSizeBytes: number | null = null,
  verdict: Verdict = reconcile(record),
): MemInfoFigures {
  const { heap, stack } = record;
  const map = verdict.kind === "corrupt" ? null : record.map;
  const blocks = map === null ? basicBlocks(record, knownBlockSizeBytes) : record.blocks;
  const size = blocks.sizeBytes;
  const largest = map === null ? blocks.largestFree : map.tally().largestFree;
  const freeBlocks = map === null ? (size === null ? null : heap.freeBytes / size) : map.tally().freeBlocks;
  return {
    stack,
    heap,
    blocks,
    largestFreeBytes: largest === null || size === null ? null : largest * size,
    utilization: heap.totalBytes > 0 ? utilization(heap.usedBytes, heap.totalBytes) : null,
    fragmentation: largest === null || freeBlocks === null ? null : fragmentation(freeBlocks, largest),
    map: map === null ? null : summaryOf(map, verdict),
  };
}

function summaryOf(map: BlockMap, verdict: Verdict): MapSummary {
  return {
    areas: map.areas.map(({ base, blocks }) => ({ base, blocks })),
    verified: verdict.kind === "verified",
    freeRuns: map.tally().freeRuns,
    histogram: freeHistogram(map),
    types: typeTotals(map),
  };
}

/** Nothing is taken from the map: there is none, or it is corrupt. */
function basicBlocks(record: MemInfoRecord, knownSize: number | null): BlockFigures {
  const printed = record.printed?.blocks ?? null;
  const size = knownSize ?? blockSizeByExclusion(record);
  return {
    sizeBytes: size,
    total: size === null ? null : record.heap.totalBytes / size,
    oneBlock: printed?.oneBlock ?? null,
    twoBlock: printed?.twoBlock ?? null,
    largestUsed: printed?.largestUsed ?? null,
    largestFree: printed?.largestFree ?? null,
  };
}
