import type { BlockMap } from "./block-map.ts";
import type { DumpProblem } from "./dump-problem.ts";
import type { BlockFigures, HeapFigures, StackFigures } from "./reading.ts";

/** The `mem:` line of unix, windows and qemu: the C heap, not the Python heap. */
export interface CHeapFigures {
  readonly totalBytes: number;
  readonly currentBytes: number;
  readonly peakBytes: number;
}

/** The numbers of the `GC:` and ` No. of` lines exactly as the board printed them. */
export interface PrintedFigures {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** `max new split`, since v1.21 where the heap can grow. */
  readonly growableBytes: number | null;
  /** Null where the ` No. of` line did not come. */
  readonly blocks: PrintedBlocks | null;
}

export interface PrintedBlocks {
  readonly oneBlock: number;
  readonly twoBlock: number;
  /** Blocks. */
  readonly largestUsed: number;
  /** Blocks; null before v1.8.2. */
  readonly largestFree: number | null;
}

/** One answer of `mem_info`, found in some bytes. */
export interface MemInfoRecord {
  /** 1-based, counted over the whole input, as is `lastLine`. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** The record is the input's bytes from `startByte` up to but not including `endByte`, line end included. */
  readonly startByte: number;
  readonly endByte: number;
  readonly cHeap: CHeapFigures | null;
  readonly stack: StackFigures | null;
  /** Null where a map came without header lines (`gc.dump_alloc_table` of a debugger or a custom build). */
  readonly printed: PrintedFigures | null;
  /** As printed, or where nothing was printed computed from the map. */
  readonly heap: HeapFigures;
  /** As printed; what was not printed is filled in from the map, where there is one. */
  readonly blocks: BlockFigures;
  readonly map: BlockMap | null;
}

/** What the parser finds: a record, or a place where one is damaged. In order of the input. */
export type Finding =
  | { readonly kind: "record"; readonly record: MemInfoRecord }
  | {
      readonly kind: "problem";
      readonly problem: DumpProblem;
      /** What was read before the damage, without a map, where that includes the `GC:` line. */
      readonly salvaged: MemInfoRecord | null;
    };
