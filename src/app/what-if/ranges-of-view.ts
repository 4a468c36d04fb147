import type { BlockMapView } from "../../client/views.ts";
import type { MapArea } from "../../heap/block-map.ts";
import type { FreeRanges } from "../../heap/free-ranges.ts";

/** The free blocks of a map as the daemon gives it. */
export function rangesOfView({ blockSizeBytes, areas: given }: BlockMapView): FreeRanges {
  const areas: MapArea[] = [];
  const starts: number[] = [];
  const lengths: number[] = [];
  let block = 0;
  for (const { base, blocks, runs } of given) {
    areas.push({ base, firstBlock: block, blocks });
    let at = block;
    for (const [letter, length] of runs) {
      if (letter === ".") {
        starts.push(at);
        lengths.push(length);
      }
      at += length;
    }
    block += blocks;
  }
  return { blockSizeBytes, areas, starts: Uint32Array.from(starts), lengths: Uint32Array.from(lengths) };
}
