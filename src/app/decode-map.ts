import type { DecodedMap } from "../api/api-deps.ts";
import type { BlockMap } from "../heap/block-map.ts";
import { parseMemInfo } from "../heap/parse-mem-info.ts";

/** The map inside a stored dump; undefined where the dump does not parse. */
export function blockMapOf(dump: Uint8Array): BlockMap | undefined {
  const finding = parseMemInfo(dump).at(-1);
  return (finding?.kind === "record" ? finding.record.map : null) ?? undefined;
}

/** The map inside a stored dump as runs of equal letters; undefined where the dump does not parse. */
export function decodeMap(dump: Uint8Array): DecodedMap | undefined {
  const map = blockMapOf(dump);
  if (!map) return undefined;
  const runs = [...map.runs()];
  return {
    blockSizeBytes: map.blockSizeBytes,
    areas: map.areas.map(({ base, blocks, firstBlock }) => ({
      base,
      blocks,
      runs: runs
        .filter(({ start }) => start >= firstBlock && start < firstBlock + blocks)
        .map(({ letter, length }): [string, number] => [letter, length]),
    })),
  };
}
