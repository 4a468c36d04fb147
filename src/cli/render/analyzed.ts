import type { Analyzed, FigureDifference } from "../../app/analyze.ts";
import { bold, type Canvas, dim, painted, wrapWords } from "./canvas.ts";
import { heapMapLines } from "./heap-map.ts";
import { readingLines } from "./reading.ts";

const warnColor = 166;
const goodColor = 36;

/** One dump of a file: where it stands, whether it can be believed, what it says. */
export function analyzedLines(one: Analyzed, withMap: boolean, canvas: Canvas): string[] {
  const place = bold(canvas, `${one.file === "-" ? "stdin" : one.file}:${one.line}`);
  if (one.kind === "problem") {
    const { expected, found } = one.problem;
    return [
      `${place}  ${painted(canvas, "damaged", { foreground: warnColor, bold: true })}`,
      ...sentence(`expected ${expected}, found ${found}`, canvas),
      ...(one.salvaged === null
        ? []
        : ["", dim(canvas, "  Its header alone says:"), ...readingLines(one.salvaged, canvas)]),
    ];
  }
  const { reading, map, differences } = one;
  return [
    `${place}  ${verdictText(reading.map, canvas)}`,
    ...differences.flatMap((difference) => sentence(differenceText(difference), canvas)),
    ...readingLines(reading, canvas),
    ...(withMap && map !== null && reading.map !== null ? ["", ...heapMapLines(map, canvas)] : []),
  ];
}

function verdictText(map: { readonly verified: boolean } | null, canvas: Canvas): string {
  if (map === null) return dim(canvas, "figures without a map");
  return map.verified
    ? painted(canvas, "map and header agree", { foreground: goodColor })
    : painted(canvas, "map and header differ", { foreground: warnColor });
}

const figureWords: Readonly<Record<FigureDifference["figure"], string>> = {
  used: "used blocks",
  free: "free blocks",
  oneBlock: "objects of one block",
  twoBlock: "objects of two blocks",
  largestUsed: "blocks in the largest object",
  largestFree: "blocks in the largest free run",
};

function differenceText({ figure, printed, recomputed }: FigureDifference): string {
  return `${figureWords[figure]}: ${printed} in the header, ${recomputed} in the map`;
}

function sentence(text: string, canvas: Canvas): string[] {
  return wrapWords(text, canvas.columns - 2).map((line) => `  ${line}`);
}
