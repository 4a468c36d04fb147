import type { BlockMap } from "../../src/heap/block-map.ts";
import { firstFit } from "../../src/heap/first-fit.ts";
import { freeRangesOf } from "../../src/heap/free-ranges.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { modernFormat, printDump, type Run } from "../support/dump-printer.ts";
import { seeded } from "../support/seeded.ts";
import type { BenchReport } from "./harness.ts";

const blocks = (8 * 1024 ** 2) / 16;

/** 1000 allocations in a fragmented 8 MB heap against a loop that only looks at each run once. */
export async function run(report: BenchReport): Promise<void> {
  const map = fragmentedMap();
  const random = seeded(2);
  const sizes = Array.from({ length: 1000 }, () => 1 + Math.floor(random() * 400));
  // The last one has no room, so that the sequence is not repeated.
  const sequence = [...sizes, map.blockCount * 16];
  report.compare({
    name: `what-if, 1000 allocations, ${Math.round(map.runCount / 1000)}k runs`,
    ours: () => firstFit(freeRangesOf(map), sequence).after.freeBytes,
    floor: () => lengthOfAll(map),
    limit: 12,
  });
}

function lengthOfAll(map: BlockMap): number {
  let sum = 0;
  for (let run = 0; run < map.runCount; run++) if (map.isFreeAt(run)) sum += map.lengthAt(run);
  return sum;
}

/** Objects and free runs of 1 to 12 blocks in turn. */
function fragmentedMap(): BlockMap {
  const random = seeded(1);
  const runs: Run[] = [];
  for (let at = 0; at < blocks; ) {
    const length = Math.min(1 + Math.floor(random() * 12), blocks - at);
    runs.push([runs.length % 2 === 0 ? "h" : ".", length]);
    at += length;
  }
  const [finding] = parseMemInfo(bytesOf(printDump([{ base: 0x3d800000, runs }], modernFormat)));
  if (finding?.kind !== "record" || finding.record.map === null)
    throw new Error("the bench's dump has no map");
  return finding.record.map;
}
