import type { BlockMap } from "../../app/read-once.ts";
import { countText, percentText, sizeText } from "../../shared/units-text.ts";
import { blockPaint, blockType, freeColor } from "./block-types.ts";
import { type Canvas, painted } from "./canvas.ts";

interface LegendRow {
  /** Three characters wide, as in the map. */
  readonly sign: string;
  readonly words: string;
  readonly short: string;
  /** Objects, blocks, size, share. */
  readonly figures: readonly string[];
}

/** From roomy to narrow: the whole words or the short ones, and which figures. */
const layouts = [
  { words: "words", columns: [0, 1, 2, 3] },
  { words: "words", columns: [0, 2, 3] },
  { words: "short", columns: [0, 2, 3] },
  { words: "short", columns: [0, 2] },
] as const;

/** What each letter means, with objects and blocks; the largest share first, free blocks last. */
export function legendLines(map: BlockMap, canvas: Canvas): string[] {
  const rows = legendRows(map, canvas);
  const tables = layouts.map(({ words, columns }) => table(rows, words, columns));
  return (tables.find(({ width }) => width <= canvas.columns) ?? tables.at(-1))?.lines ?? [];
}

function legendRows(map: BlockMap, canvas: Canvas): LegendRow[] {
  const { heads, freeBlocks, freeRuns } = map.tally();
  const figures = (count: string, blocks: number): string[] => [
    count,
    countText(blocks, "block"),
    sizeText(blocks * map.blockSizeBytes),
    percentText(map.blockCount > 0 ? blocks / map.blockCount : 0),
  ];
  const types = [...heads].sort((one, other) => other.blocks - one.blocks);
  return [
    ...types.map(({ letter, objects, blocks }) => ({
      sign: painted(canvas, ` ${letter} `, blockPaint(letter)),
      words: blockType(letter).words,
      short: blockType(letter).short,
      figures: figures(countText(objects, "object"), blocks),
    })),
    {
      sign: painted(canvas, canvas.color ? " · " : " . ", { foreground: freeColor }),
      words: "free",
      short: "free",
      figures: figures(countText(freeRuns, "run"), freeBlocks),
    },
  ];
}

function table(
  rows: readonly LegendRow[],
  words: "words" | "short",
  columns: readonly number[],
): { readonly lines: string[]; readonly width: number } {
  const wordsWidth = Math.max(...rows.map((row) => row[words].length));
  const widths = columns.map((column) => Math.max(...rows.map((row) => (row.figures[column] ?? "").length)));
  const lines = rows.map((row) => {
    const cells = columns.map((column, at) => (row.figures[column] ?? "").padStart(widths[at] ?? 0));
    return `  ${row.sign} ${row[words].padEnd(wordsWidth)}  ${cells.join("  ")}`;
  });
  return { lines, width: 6 + wordsWidth + widths.reduce((sum, width) => sum + width + 2, 0) };
}
