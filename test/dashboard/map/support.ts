import type { BlockMapView, ReadingView } from "../../../src/client/views.ts";

/** A map from the text of its areas, as mem_info prints it: "h==.L=". Blocks of 16 bytes. */
export function mapOf(...texts: readonly string[]): BlockMapView {
  return mapAt(texts.map((text, at): [string, string] => [(0x20000000 + at * 0x100000).toString(16), text]));
}

/** The same with the areas' bases, and the size of a block in bytes. */
export function mapAt(areas: readonly (readonly [base: string, text: string])[], size = 16): BlockMapView {
  return {
    reading: readingOf(1),
    blockSizeBytes: size,
    areas: areas.map(([base, text]) => ({ base, blocks: text.length, runs: runsOf(text) })),
  };
}

export function readingOf(id: number): ReadingView {
  return {
    id,
    boardId: "board",
    at: new Date(Date.UTC(2026, 10, 27, 12, 0, id)).toISOString(),
    source: "repl",
    phase: "periodic",
    durationMs: 10,
    wireBytes: 800,
    helper: null,
    stack: null,
    heap: { totalBytes: 1024, usedBytes: 512, freeBytes: 512, growableBytes: null },
    blocks: { sizeBytes: 16, total: 64, oneBlock: 1, twoBlock: 1, largestUsed: 1, largestFree: 1 },
    largestFreeBytes: 16,
    utilization: 0.5,
    fragmentation: 0.5,
    map: null,
  };
}

function runsOf(text: string): [string, number][] {
  return [...text.matchAll(/\.+|[A-Za-z]=*/g)].map(([run]) => [run.charAt(0), run.length]);
}
