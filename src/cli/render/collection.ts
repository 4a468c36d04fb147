import type { Reading, UnstoredCollection } from "../../app/read-once.ts";
import { changeText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";
import type { Canvas } from "./canvas.ts";
import { heapBar } from "./heap-bar.ts";
import { rowLines, valueWidth } from "./rows.ts";

const longestBar = 60;

/** What `gc.collect()` brought. */
export function collectionLines(
  before: Reading,
  collection: UnstoredCollection,
  after: Reading,
  canvas: Canvas,
): string[] {
  const { reclaimedBytes, largestFreeGainBytes, fragmentationBefore, fragmentationAfter, pauseMs } =
    collection;
  const cells = Math.min(valueWidth(canvas), longestBar);
  const bar = ({ heap, largestFreeBytes }: Reading): string =>
    heapBar({ ...heap, largestFreeBytes }, cells, canvas);
  const reclaimed =
    reclaimedBytes >= 0
      ? `reclaimed ${sizeText(reclaimedBytes)}`
      : `grew by ${sizeText(-reclaimedBytes)} meanwhile`;
  const figures = [
    reclaimed,
    ...(largestFreeGainBytes === null ? [] : [`largest free run ${changeText(largestFreeGainBytes)}`]),
    ...(fragmentationBefore === null || fragmentationAfter === null
      ? []
      : [`fragmentation ${percentText(fragmentationBefore)} → ${percentText(fragmentationAfter)}`]),
    pauseMs === null ? "pause not known" : `paused ${millisecondsText(pauseMs)}`,
  ];
  return [
    ...rowLines("gc.collect()", figures, canvas),
    ...rowLines("before", [bar(before)], canvas),
    ...rowLines("after", [bar(after)], canvas),
    "",
  ];
}
