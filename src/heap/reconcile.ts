import type { BlockMap } from "./block-map.ts";
import { type DumpProblem, dumpProblem } from "./dump-problem.ts";
import type { MemInfoRecord, PrintedBlocks } from "./mem-info-record.ts";

/** One figure that the map and the header do not agree on. Blocks, not bytes. */
export interface FigureDifference {
  readonly figure: "used" | "free" | "oneBlock" | "twoBlock" | "largestUsed" | "largestFree";
  readonly printed: number;
  readonly recomputed: number;
}

/** Whether a record's figures can be believed (DESIGN, decision 2). */
export type Verdict =
  | { readonly kind: "verified" }
  | { readonly kind: "unverified"; readonly differences: readonly FigureDifference[] }
  | { readonly kind: "corrupt"; readonly problem: DumpProblem };

const verified: Verdict = { kind: "verified" };

/**
 * Compares what was printed with itself and with the map:
 *
 * - used + free = total, or the header is damaged: corrupt;
 * - blocks × block size = total, or map lines are missing or doubled: corrupt;
 * - used, free, 1- and 2-blocks, largest used and largest free as recomputed, else unverified with the list. Threads and
 *   interrupts allocate between the header and the map, so an intact dump can differ there.
 *
 * Before v1.8.2 (no `max free sz`) gc_info did not count an object that ends with the heap; for such a header both
 * counts are right. A record without a map, or a map without a header, has nothing else to be compared with: verified.
 */
export function reconcile(record: MemInfoRecord): Verdict {
  const { printed, map, lastLine } = record;
  if (printed === null) return verified;
  const { totalBytes, usedBytes, freeBytes } = printed;
  if (usedBytes + freeBytes !== totalBytes) {
    const found = `${usedBytes} + ${freeBytes} = ${usedBytes + freeBytes}`;
    return corrupt(record.firstLine, `used + free = the total of ${totalBytes} bytes`, found);
  }
  if (map === null) return verified;
  const mapBytes = map.blockCount * map.blockSizeBytes;
  if (mapBytes !== totalBytes) {
    const found = `${map.blockCount} blocks × ${map.blockSizeBytes} = ${mapBytes} bytes`;
    return corrupt(lastLine, `a map of the header's ${totalBytes} bytes up to here`, found);
  }
  const size = map.blockSizeBytes;
  const tally = map.tally();
  const differences: FigureDifference[] = [];
  note(differences, "used", usedBytes / size, tally.usedBlocks);
  note(differences, "free", freeBytes / size, tally.freeBlocks);
  if (printed.blocks !== null) noteBlocks(differences, printed.blocks, map);
  return differences.length === 0 ? verified : { kind: "unverified", differences };
}

function noteBlocks(differences: FigureDifference[], printed: PrintedBlocks, map: BlockMap): void {
  const tally = map.tally();
  if (printed.largestFree === null) {
    const last = lastObjectAtEnd(map);
    if (last > 0 && equalsWithout(printed, map, last)) return;
  } else {
    note(differences, "largestFree", printed.largestFree, tally.largestFree);
  }
  note(differences, "oneBlock", printed.oneBlock, tally.oneBlock);
  note(differences, "twoBlock", printed.twoBlock, tally.twoBlock);
  note(differences, "largestUsed", printed.largestUsed, tally.largestUsed);
}

function note(
  differences: FigureDifference[],
  figure: FigureDifference["figure"],
  printed: number,
  recomputed: number,
): void {
  if (printed !== recomputed) differences.push({ figure, printed, recomputed });
}

/** Blocks of the object that touches the heap's end, or 0. */
function lastObjectAtEnd(map: BlockMap): number {
  const last = map.runCount - 1;
  return last < 0 || map.isFreeAt(last) ? 0 : map.lengthAt(last);
}

/** Whether the header counts every object but the last one, as before v1.8.2. */
function equalsWithout(printed: PrintedBlocks, map: BlockMap, lastLength: number): boolean {
  const tally = map.tally();
  if (printed.oneBlock !== tally.oneBlock - (lastLength === 1 ? 1 : 0)) return false;
  if (printed.twoBlock !== tally.twoBlock - (lastLength === 2 ? 1 : 0)) return false;
  let largest = 0;
  for (let run = 0; run < map.runCount - 1; run++)
    if (!map.isFreeAt(run)) largest = Math.max(largest, map.lengthAt(run));
  return printed.largestUsed === largest;
}

function corrupt(line: number, expected: string, found: string): Verdict {
  return { kind: "corrupt", problem: dumpProblem("does-not-add-up", line, expected, found) };
}
