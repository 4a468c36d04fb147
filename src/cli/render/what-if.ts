import type { FirstFit, FreeRanges, HeapSource, WhatIf, WhatIfSubject } from "../../app/what-if/subject.ts";
import { ageText, countText, percentText, sizeText } from "../../shared/units-text.ts";
import { bold, type Canvas, dim, harmless, painted, widthOf, wrapParts, wrapWords } from "./canvas.ts";
import { barSigns, heapBar } from "./heap-bar.ts";
import { groupsOf, outcomeOf } from "./what-if-rows.ts";
import { thenText, verdictLines } from "./what-if-verdict.ts";

const goodColor = 36;
const badColor = 160;
const longestBar = 60;

interface Column {
  readonly title: string;
  readonly free: FreeRanges;
  readonly fit: FirstFit;
}

/** Which heap, what becomes of each allocation, what is left, and the verdict. */
export function whatIfLines(subject: WhatIfSubject, result: WhatIf, canvas: Canvas): string[] {
  const columns: readonly Column[] = [
    { title: thenText(subject.source), free: subject.now, fit: result.now },
    ...(subject.collected.kind === "known" && result.collected !== null
      ? [{ title: "after a collection", free: subject.collected.free, fit: result.collected }]
      : []),
  ];
  return [
    bold(canvas, harmless(subject.name)),
    ...wrapWords(sourceText(subject.source), canvas.columns).map((line) => dim(canvas, line)),
    "",
    ...heapLines(subject.now, canvas),
    "",
    ...tableLines(columns, canvas),
    "",
    ...(subject.collected.kind === "unknown"
      ? [...wrapWords(subject.collected.reason, canvas.columns), ""]
      : []),
    ...verdictLines(subject, result, canvas),
  ];
}

function sourceText(source: HeapSource): string {
  switch (source.kind) {
    case "dump":
      return source.dumps === 1
        ? `the dump at line ${source.line}`
        : `the last whole dump with a map: number ${source.which} of ${source.dumps}, at line ${source.line}`;
    case "port":
      return `read now at ${harmless(source.port.replace(/^serial:/, ""))}`;
    case "daemon":
      return "read now by the daemon";
    case "stored": {
      const age = source.ageMs === null ? "of unknown age" : `${ageText(source.ageMs)} old`;
      return `the newest stored map, ${age}, not the heap as it is now. ${harmless(source.reason)}`;
    }
  }
}

function heapLines(free: FreeRanges, canvas: Canvas): string[] {
  const { areas, blockSizeBytes, lengths } = free;
  const totalBytes = areas.reduce((sum, { blocks }) => sum + blocks, 0) * blockSizeBytes;
  let freeBlocks = 0;
  let largest = 0;
  for (const length of lengths) {
    freeBlocks += length;
    largest = Math.max(largest, length);
  }
  const freeBytes = freeBlocks * blockSizeBytes;
  const largestFreeBytes = largest * blockSizeBytes;
  const bar = heapBar(
    { totalBytes, usedBytes: totalBytes - freeBytes, largestFreeBytes },
    Math.min(canvas.columns - 2, longestBar),
    canvas,
  );
  const sign = ({ sign, color }: { sign: string; color: number }): string =>
    painted(canvas, sign, { foreground: color });
  const pieces = freeBytes - largestFreeBytes;
  const parts = [
    `${sign(barSigns.used)} used ${sizeText(totalBytes - freeBytes)} of ${sizeText(totalBytes)}`,
    ...(pieces > 0 ? [`${sign(barSigns.pieces)} free in smaller pieces ${sizeText(pieces)}`] : []),
    `${sign(barSigns.largest)} largest free run ${sizeText(largestFreeBytes)}`,
    `blocks of ${blockSizeBytes} bytes`,
    ...(areas.length > 1 ? [`${areas.length} areas`] : []),
  ];
  return [`  ${bar}`, ...wrapParts(parts, canvas.columns - 2, " · ").map((line) => `  ${line}`)];
}

/** Side by side; one below the other where that is too wide; in the narrowest terminals each value below its label. */
function tableLines(columns: readonly Column[], canvas: Canvas): string[] {
  const wide = aligned(tableOf(columns, canvas));
  if (wide.width <= canvas.columns) return wide.lines;
  return columns.flatMap((column, at) => {
    const rows = tableOf([column], canvas);
    const { lines, width } = aligned(rows);
    const fitting =
      width <= canvas.columns ? lines : rows.flatMap(([label = "", value = ""]) => [label, `    ${value}`]);
    return [...(at > 0 ? [""] : []), ...fitting];
  });
}

/** Rows of a label and one cell per column. */
function tableOf(columns: readonly Column[], canvas: Canvas): string[][] {
  const [first] = columns;
  const groups = groupsOf(first?.fit.allocations ?? []);
  return [
    ["allocate", ...columns.map(({ title }) => title)].map((title) => dim(canvas, title)),
    ...groups.map((group) => {
      const count = group.count === 1 ? "" : ` × ${group.count}`;
      return [
        `${group.bytes} B${count}`,
        ...columns.map(({ fit, free }) => {
          const { ok, text } = outcomeOf(group, fit, free);
          return painted(canvas, text, { foreground: ok ? goodColor : badColor });
        }),
      ];
    }),
    row("left free", columns, ({ after }) => sizeText(after.freeBytes), canvas),
    row("its largest run", columns, ({ after }) => sizeText(after.largestFreeBytes), canvas),
    row("fragmentation", columns, ({ after }) => percentText(after.fragmentation), canvas),
    row(
      groups.length === 1 && groups[0]?.count === 1 ? "fits again" : "all of it again",
      columns,
      ({ moreTimes }) => (moreTimes === null ? "–" : countText(moreTimes, "time")),
      canvas,
    ),
  ];
}

function aligned(rows: readonly string[][]): { readonly lines: string[]; readonly width: number } {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => widthOf(cells[column] ?? "")))) ?? [];
  const gap = 3;
  return {
    lines: rows.map((cells) =>
      `  ${cells.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) + gap - widthOf(cell))).join("")}`.trimEnd(),
    ),
    width: 2 + widths.reduce((sum, width) => sum + width + gap, 0) - gap,
  };
}

function row(
  label: string,
  columns: readonly Column[],
  figure: (fit: FirstFit) => string,
  canvas: Canvas,
): string[] {
  return [dim(canvas, label), ...columns.map(({ fit }) => figure(fit))];
}
