import type { AlertView, ReadingView } from "../../app/watch-view.ts";
import { percentText, sizeText } from "../../shared/units-text.ts";

const figures: Readonly<Record<string, (reading: ReadingView) => string | null>> = {
  usedBytes: ({ heap }) => sizeText(heap.usedBytes),
  freeBytes: ({ heap }) => sizeText(heap.freeBytes),
  largestFreeBytes: ({ largestFreeBytes }) => (largestFreeBytes === null ? null : sizeText(largestFreeBytes)),
  fragmentation: ({ fragmentation }) => (fragmentation === null ? null : percentText(fragmentation)),
  utilization: ({ utilization }) => (utilization === null ? null : percentText(utilization)),
  stackUsedBytes: ({ stack }) => (stack === null ? null : sizeText(stack.usedBytes)),
};

/**
 * The figure that an alert's rule compares as the board's last reading has it, beside the one with which it fired. Null where
 * the rule compares none, or readings that this one is not: those after a collection. Null, too, while no newer one has come.
 */
export function currentFigure({ at, condition }: AlertView, reading: ReadingView | null): string | null {
  const [metric = ""] = condition.trim().split(/[^A-Za-z]/, 1);
  const figure = Object.hasOwn(figures, metric) ? figures[metric] : undefined;
  if (figure === undefined || reading?.at == null) return null;
  if (Date.parse(reading.at) <= Date.parse(at)) return null;
  if (/\bafter collection\b/.test(condition) && reading.phase !== "after-collect") return null;
  return figure(reading);
}
