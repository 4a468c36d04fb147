/** What is measured: a picture from its cells, and a frame of panning or zooming. */
export type DrawName = "heap-map-draw" | "heap-map-pan";

/** Entries of each name that the browser's timeline may hold. */
const mostEntries = 1000;
const counts: Record<DrawName, number> = { "heap-map-draw": 0, "heap-map-pan": 0 };

/** Leaves a measure in the Performance timeline; old ones go, so that memory stays flat. */
export function noteDraw(name: DrawName, startMs: number): void {
  if (counts[name]++ >= mostEntries) {
    performance.clearMeasures(name);
    counts[name] = 1;
  }
  performance.measure(name, { start: startMs, end: performance.now() });
}
