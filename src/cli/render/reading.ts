import type { BoardFacts, Reading } from "../../app/read-once.ts";
import { countText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";
import { bold, type Canvas, dim, painted, wrapParts } from "./canvas.ts";
import { barSigns, heapBar } from "./heap-bar.ts";
import { rowLines, valueWidth } from "./rows.ts";

/** Longest bar; more cells show nothing more. */
const longestBar = 60;

/** Which board it is and what runs on it. */
export function boardLines(facts: BoardFacts, boardId: string, port: string, canvas: Canvas): string[] {
  const names = [...(facts.machine === null ? [] : [facts.machine]), facts.firmware];
  const place = port.replace(/^serial:/, "");
  const where = boardId === place ? place : `${boardId} at ${place}`;
  return [
    ...wrapParts(names, canvas.columns, " · ").map((line) => bold(canvas, line)),
    dim(canvas, where),
    "",
  ];
}

/** A reading as a few rows: how full, in how many pieces, what still fits. */
export function readingLines(reading: Reading, canvas: Canvas): string[] {
  return [
    ...heapLines(reading, canvas),
    ...freeLines(reading, canvas),
    ...blockLines(reading, canvas),
    ...stackLines(reading, canvas),
    ...costLines(reading, canvas),
  ];
}

function heapLines({ heap, largestFreeBytes, utilization }: Reading, canvas: Canvas): string[] {
  const share = utilization === null ? "" : ` (${percentText(utilization)})`;
  const bar = heapBar({ ...heap, largestFreeBytes }, Math.min(valueWidth(canvas), longestBar), canvas);
  const sign = ({ sign, color }: { sign: string; color: number }): string =>
    painted(canvas, sign, { foreground: color });
  const pieces = largestFreeBytes === null ? 0 : heap.freeBytes - largestFreeBytes;
  const key = [
    `${sign(barSigns.used)} used ${sizeText(heap.usedBytes)} of ${sizeText(heap.totalBytes)}${share}`,
    ...(pieces > 0 ? [`${sign(barSigns.pieces)} free in smaller pieces ${sizeText(pieces)}`] : []),
    largestFreeBytes === null
      ? `${sign(barSigns.largest)} free ${sizeText(heap.freeBytes)}`
      : `${sign(barSigns.largest)} largest free run ${sizeText(largestFreeBytes)}`,
    ...(heap.growableBytes === null ? [] : [`could grow by ${sizeText(heap.growableBytes)}, the board says`]),
  ];
  return [...rowLines("heap", [bar], canvas), ...rowLines("", key, canvas)];
}

function freeLines({ largestFreeBytes, fragmentation }: Reading, canvas: Canvas): string[] {
  return [
    ...(fragmentation === null
      ? []
      : rowLines(
          "fragmentation",
          [`${percentText(fragmentation)} of the free heap is not in its largest run`],
          canvas,
        )),
    ...rowLines(
      "fits now",
      largestFreeBytes === null
        ? ["not known: the firmware does not print it, or only a map tells the size of a block"]
        : [`an object of up to ${largestFreeBytes} bytes without a collection`],
      canvas,
    ),
  ];
}

function blockLines({ blocks, map }: Reading, canvas: Canvas): string[] {
  const { sizeBytes, total, oneBlock, twoBlock, largestUsed } = blocks;
  const parts = [
    ...(sizeBytes === null || total === null ? [] : [`${total} of ${sizeBytes} bytes`]),
    ...(oneBlock === null || twoBlock === null
      ? []
      : [`${countText(oneBlock, "object")} of one block, ${twoBlock} of two`]),
    ...(largestUsed === null
      ? []
      : [
          `largest object ${countText(largestUsed, "block")}${sizeBytes === null ? "" : ` (${sizeText(largestUsed * sizeBytes)})`}`,
        ]),
    ...(map === null ? [] : [countText(map.freeRuns, "free run")]),
  ];
  return parts.length === 0 ? [] : rowLines("blocks", parts, canvas);
}

function stackLines({ stack }: Reading, canvas: Canvas): string[] {
  if (stack === null) return [];
  if (stack.totalBytes === null) return rowLines("stack", [`${stack.usedBytes} bytes used`], canvas);
  const share = stack.totalBytes > 0 ? ` (${percentText(stack.usedBytes / stack.totalBytes)})` : "";
  return rowLines("stack", [`${stack.usedBytes} of ${stack.totalBytes} bytes${share}`], canvas);
}

/** What looking did to the board (DESIGN, decision 4). */
function costLines({ durationMs, wireBytes }: Reading, canvas: Canvas): string[] {
  if (durationMs === null || wireBytes === null) return [];
  const parts = [
    `at most ${millisecondsText(durationMs)} of the board's time`,
    `${wireBytes} bytes on the wire`,
  ];
  return rowLines("reading cost", parts, canvas);
}
