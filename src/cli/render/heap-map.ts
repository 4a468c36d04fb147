import type { BlockMap, MapArea } from "../../app/read-once.ts";
import { countText, sizeText } from "../../shared/units-text.ts";
import { blockPaint, blockType, freeColor } from "./block-types.ts";
import { bold, type Canvas, dim, painted, wrapParts } from "./canvas.ts";
import { type AreaCells, areaCells, cellLines, fill } from "./map-cells.ts";
import { legendLines } from "./map-legend.ts";

/** Lines that a drawn map may take; where it would take more, a cell stands for more blocks. */
const mostLines = 64;
/** Cells per line, widest first; 64 is mem_info's own. */
const lineWidths = [64, 32, 16] as const;

/**
 * The map as lines for a terminal. One cell per block where that fits in `mostLines`, else one per 2, 4, 8 … blocks.
 * In colour, an object is a bar that begins with its letter; without, letters and `=` as mem_info prints them.
 */
export function heapMapLines(map: BlockMap, canvas: Canvas): string[] {
  const digits = Math.max(
    5,
    ...map.areas.map((area) => (area.blocks * map.blockSizeBytes).toString(16).length),
  );
  const cellsPerLine = lineWidths.find((width) => digits + 3 + width <= canvas.columns) ?? 16;
  const areas = fittingCells(map, cellsPerLine);
  const blocksPerCell = areas[0]?.blocksPerCell ?? 1;
  const cellText =
    blocksPerCell === 1
      ? `one cell per block of ${map.blockSizeBytes} bytes`
      : `one cell per ${blocksPerCell} blocks (${sizeText(blocksPerCell * map.blockSizeBytes)})`;
  return [
    `${bold(canvas, "Heap map")}  ${dim(canvas, cellText)}`,
    ...areas.flatMap((cells, index) => [
      ...(areas.length > 1 ? ["", areaTitle(cells.area, index, map, canvas)] : []),
      ...areaLines(cells, map.blockSizeBytes, { digits, cellsPerLine }, canvas),
    ]),
    "",
    ...legendLines(map, canvas),
    ...signLines(blocksPerCell, canvas),
  ];
}

function fittingCells(map: BlockMap, cellsPerLine: number): readonly AreaCells[] {
  for (let blocksPerCell = 1; ; blocksPerCell *= 2) {
    const areas = map.areas.map((area) => areaCells(map, area, blocksPerCell));
    const lines = areas.reduce((sum, cells) => sum + cellLines(cells, cellsPerLine).length, 0);
    if (lines <= Math.max(mostLines, areas.length)) return areas;
  }
}

function areaTitle(area: MapArea, index: number, map: BlockMap, canvas: Canvas): string {
  const size = sizeText(area.blocks * map.blockSizeBytes);
  return dim(canvas, `  area ${index + 1} of ${map.areas.length}, ${size} from ${area.base}`);
}

interface Layout {
  readonly digits: number;
  readonly cellsPerLine: number;
}

function areaLines(cells: AreaCells, blockSize: number, layout: Layout, canvas: Canvas): string[] {
  const label = (cell: number): string => {
    const offset = (cell * cells.blocksPerCell * blockSize).toString(16).padStart(layout.digits, "0");
    return dim(canvas, `  ${offset} `);
  };
  return cellLines(cells, layout.cellsPerLine).map((line) => {
    if (line.kind === "cells") return label(line.from) + cellsText(cells, line.from, line.to, canvas);
    const bytes = line.lines * layout.cellsPerLine * cells.blocksPerCell * blockSize;
    return `${label(line.from)}${dim(canvas, `┄┄ ${countText(line.lines, "line")} all free, ${sizeText(bytes)}`)}`;
  });
}

/** Neighbours that look alike share one colour code. */
function cellsText(cells: AreaCells, from: number, to: number, canvas: Canvas): string {
  let text = "";
  let same = "";
  let sameKey = -1;
  let paint = {};
  for (let cell = from; cell < to; cell++) {
    const filled = cells.fills[cell] ?? fill.free;
    const letter = String.fromCharCode(cells.letters[cell] ?? 0);
    const solid = filled === fill.head || filled === fill.full;
    const key = filled === fill.free ? 0 : (cells.letters[cell] ?? 0) * 2 + (solid ? 1 : 0);
    if (key !== sameKey) {
      text += painted(canvas, same, paint);
      same = "";
      sameKey = key;
      paint =
        filled === fill.free
          ? { foreground: freeColor }
          : solid
            ? blockPaint(letter)
            : { foreground: blockType(letter).color };
    }
    same += cellSign(filled, letter, cells.blocksPerCell, canvas);
  }
  return text + painted(canvas, same, paint);
}

function cellSign(filled: number, letter: string, blocksPerCell: number, canvas: Canvas): string {
  switch (filled) {
    case fill.free:
      return canvas.color ? "·" : ".";
    case fill.underHalf:
      return canvas.color ? "░" : ":";
    case fill.mostly:
      return canvas.color ? "▓" : letter;
    case fill.full:
      if (canvas.color) return " ";
      return blocksPerCell === 1 ? "=" : letter;
    default:
      return letter;
  }
}

/** How cells look that are neither an object's letter nor free. */
function signLines(blocksPerCell: number, canvas: Canvas): string[] {
  const parts =
    blocksPerCell === 1
      ? canvas.color
        ? []
        : ["= more of the object before it"]
      : canvas.color
        ? ["▓ half of it or more is used", "░ less than half"]
        : ["letter = half of the cell or more is used", ": less than half"];
  return wrapParts(parts, canvas.columns - 3, "   ").map((line) => `   ${dim(canvas, line)}`);
}
