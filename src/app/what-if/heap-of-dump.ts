import type { BlockMap } from "../../heap/block-map.ts";
import { freeRangesOf } from "../../heap/free-ranges.ts";
import { trustedGrowableBytes } from "../../heap/heap-growth.ts";
import { heapscopeError } from "../../shared/errors.ts";
import { type Analyzed, analyzeBytes, analyzeFile } from "../analyze.ts";
import type { WhatIfSubject } from "./subject.ts";

/**
 * The heap of the last dump of a text that is whole and has a map; `file` "-" is `stdin`. Throws `file-unreadable`, `no-dump` where there is
 * none, and `map-missing` where none has a map.
 */
export async function heapOfDump(file: string, stdin: AsyncIterable<Uint8Array>): Promise<WhatIfSubject> {
  const name = file === "-" ? "standard input" : file;
  let dumps = 0;
  let last: (Analyzed & { readonly kind: "reading"; readonly map: BlockMap; readonly which: number }) | null =
    null;
  for await (const one of file === "-" ? analyzeBytes(name, stdin) : analyzeFile(file)) {
    dumps++;
    if (one.kind === "reading" && one.map !== null) last = { ...one, map: one.map, which: dumps };
  }
  if (dumps === 0) throw heapscopeError("no-dump", { source: name });
  if (last === null) {
    throw heapscopeError("map-missing", {
      source: name,
      reason: `none of its ${dumps === 1 ? "dumps" : `${dumps} dumps`} is whole and has a map of the blocks. mem_info(1) prints one; "heapscope analyze" says what is damaged`,
    });
  }
  const { line, which, map, reading } = last;
  return {
    name,
    source: { kind: "dump", file, line, which, dumps },
    now: freeRangesOf(map),
    collected: {
      kind: "unknown",
      reason: "A dump does not say which objects are garbage, so what a collection would free is not known.",
    },
    growableBytes: trustedGrowableBytes(reading.heap.growableBytes),
  };
}
