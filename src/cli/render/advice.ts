import type {
  AdviceReport,
  Finding,
  Measured,
  Method,
  Place,
  Saving,
  Tip,
} from "../../app/advise/advice-report.ts";
import type { FindingKey, FixReport } from "../../app/advise/advise-paths.ts";
import { nothingToAdvise } from "../../shared/advice-text.ts";
import { countText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";
import { bold, type Canvas, dim, harmless, painted, widthOf, wrapWords } from "./canvas.ts";

const tipNames: Readonly<Record<Tip, string>> = {
  1: "monitor",
  2: "precompile and freeze",
  3: "const()",
  4: "buffers up front",
  5: "collect on purpose",
};

const savingNames: Readonly<Record<Saving["of"], string>> = {
  heap: "of heap, for good",
  peak: "of heap at the peak",
  "largest-free": "more in one piece",
  "each-pass": "less in each pass",
  "each-second": "less in each second",
  "each-second-or-more": "allocated in each second",
};

const goodColor = 36;
const badColor = 160;
const indent = "   ";

/** A report for people: findings with their figures, what was not measured, what is wrong with the files. */
export function adviceLines(report: AdviceReport, canvas: Canvas): string[] {
  const { findings, notMeasured, problems } = report;
  return [
    ...subjectLines(report, canvas),
    ...findings.flatMap((finding) => ["", ...findingLines(finding, canvas)]),
    ...(notMeasured.length === 0 ? [] : ["", bold(canvas, "Seen, but no finding")]),
    ...notMeasured.flatMap(({ place, title, reason }) =>
      noteLines(placeText(place), `${title} ${reason}`, canvas),
    ),
    ...(problems.length === 0 ? [] : ["", painted(canvas, "Problems", { foreground: badColor, bold: true })]),
    ...problems.flatMap(({ file, line, text }) =>
      noteLines(harmless(line === null ? file : `${file}:${line}`), text, canvas),
    ),
    "",
    ...wrapWords(summaryText(report), canvas.columns).map((line) => bold(canvas, line)),
  ];
}

/** What the changed copy comes to. Nothing where none was asked for. */
export function fixLines(fix: FixReport | null, canvas: Canvas): string[] {
  if (fix === null) return [];
  const { folder, source, board, applied, left, alsoCollects, total } = fix;
  const title =
    total.of === "imports"
      ? "All changes together, when everything is imported"
      : "All changes together, while main.py runs";
  const before = total.before.largestFreeBytes ?? 0;
  const isWorse = before > (total.after.largestFreeBytes ?? before);
  const failure = total.failure === null ? [] : indented(`Not measured whole: ${total.failure}.`, canvas);
  return [
    "",
    ...wrapWords(title, canvas.columns).map((line) => bold(canvas, line)),
    ...tableLines([total.before, total.after], canvas),
    ...failure,
    ...(isWorse
      ? indented(
          "Together they leave a smaller largest free block than yours has: take only some of them.",
          canvas,
        )
      : []),
    ...indented(methodText(total.method), canvas).map((line) => dim(canvas, line)),
    ...indented(
      `In the copy: ${keysText(applied)}${alsoCollects ? ", and gc.collect() after each import, which pays together with the rest" : ""}.`,
      canvas,
    ),
    ...(left.length === 0 ? [] : indented(`Left to you: ${keysText(left)}.`, canvas)),
    ...wrapWords(
      harmless(
        `${folder}/board: ${countText(board.length, "file")} for the board; ${folder}/source: ${source.length === 0 ? "no source was changed" : source.join(", ")}. Yours are as they were.`,
      ),
      canvas.columns,
    ),
  ];
}

const keysText = (keys: readonly FindingKey[]): string =>
  keys.length === 0
    ? "nothing"
    : keys.map(({ tip, place }) => `${placeText(place)} (tip ${tip})`.trim()).join(", ");

function subjectLines({ subject }: AdviceReport, canvas: Canvas): string[] {
  const text =
    subject.kind === "files"
      ? `${subject.paths.join(", ")}: ${countText(subject.measured.length, "source")} measured on ${subject.interpreter}, heap ${sizeText(subject.heapBytes)}`
      : `${subject.boardId}: ${countText(subject.readings, "reading")} and ${countText(subject.collections, "collection")}, ${dateText(subject.from)} to ${dateText(subject.to)}`;
  return wrapWords(harmless(text), canvas.columns).map((line) => dim(canvas, line));
}

function summaryText({ subject, findings, notMeasured, problems }: AdviceReport): string {
  const nothing =
    subject.kind === "files" && subject.measured.length === 0 ? "Nothing was measured" : "Nothing to advise";
  if (subject.kind === "board" && findings.length === 0) {
    const seen = notMeasured.length === 0 ? "" : ` ${notMeasured.length} more seen.`;
    return `${nothingToAdvise(subject)}${seen}`;
  }
  const found = findings.length === 0 ? nothing : countText(findings.length, "finding");
  const more = [
    ...(notMeasured.length === 0 ? [] : [`${notMeasured.length} more seen`]),
    ...(problems.length === 0 ? [] : [`${countText(problems.length, "problem")}`]),
  ];
  return `${[found, ...more].join(", ")}.`;
}

function findingLines(finding: Finding, canvas: Canvas): string[] {
  const { tip, title, place, saving, change, before, after, others, method, confidence } = finding;
  const about = dim(canvas, `tip ${tip}, ${tipNames[tip]}`);
  const heading = [...(place === null ? [] : [bold(canvas, placeText(place))]), about];
  const rows = [before, after, ...others].filter((row) => row !== null);
  return [
    ...headLines(heading, saving === null ? "" : savingText(saving), canvas),
    ...indented(title, canvas),
    ...tableLines(rows, canvas),
    ...indented(`→ ${change}`, canvas),
    ...indented(`${methodText(method)}; confidence ${confidence}`, canvas).map((line) => dim(canvas, line)),
  ];
}

/** The saving at the right end, where there is room; else each in a line of its own. */
function headLines(heading: readonly string[], worth: string, canvas: Canvas): string[] {
  const good = painted(canvas, worth, { foreground: goodColor, bold: true });
  const head = heading.join("  ");
  const gap = canvas.columns - widthOf(head) - widthOf(worth);
  if (worth !== "" && gap >= 2) return [`${head}${" ".repeat(gap)}${good}`];
  const [first = "", ...rest] = widthOf(head) <= canvas.columns ? [head] : heading;
  return [first, ...rest.map((line) => `${indent}${line}`), ...(worth === "" ? [] : [`${indent}${good}`])];
}

function savingText({ bytes, of, atMost }: Saving): string {
  const bound = of === "each-second-or-more" ? "at least " : atMost ? "up to " : "";
  return `${bound}${sizeText(bytes)} ${savingNames[of]}`;
}

interface Column {
  readonly name: string;
  readonly text: (row: Measured) => string | null;
}

const bytes =
  (pick: (row: Measured) => number | null) =>
  (row: Measured): string | null => {
    const value = pick(row);
    return value === null ? null : sizeText(value);
  };

/** To the byte: what a constant or a buffer saves is lost in a tenth of a KiB. */
const exactBytes =
  (pick: (row: Measured) => number | null) =>
  (row: Measured): string | null => {
    const value = pick(row);
    return value === null ? null : `${value} B`;
  };

const columns: readonly Column[] = [
  { name: "used", text: exactBytes((row) => row.usedBytes) },
  { name: "largest free", text: bytes((row) => row.largestFreeBytes) },
  { name: "frag", text: (row) => (row.fragmentation === null ? null : percentText(row.fragmentation)) },
  { name: "needs", text: bytes((row) => row.neededBytes) },
  { name: "each pass", text: exactBytes((row) => row.bytesPerPass) },
  { name: "each second", text: bytes((row) => row.bytesPerSecond) },
  { name: "pause", text: (row) => (row.pauseMs === null ? null : millisecondsText(row.pauseMs)) },
];

/** One line per form, with the columns that any of them has. */
function tableLines(rows: readonly Measured[], canvas: Canvas): string[] {
  const shown = columns.filter(({ text }) => rows.some((row) => text(row) !== null));
  if (shown.length === 0) return [];
  const labelWidth = Math.max(...rows.map(({ label }) => widthOf(label)));
  const widths = shown.map(({ name, text }) =>
    Math.max(widthOf(name), ...rows.map((row) => widthOf(text(row) ?? "–"))),
  );
  const line = (label: string, cells: readonly string[]): string =>
    `${indent}${label.padEnd(labelWidth)}  ${cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("  ")}`;
  const lines = [
    line(
      "",
      shown.map(({ name }) => name),
    ),
    ...rows.map((row) =>
      line(
        row.label,
        shown.map(({ text }) => text(row) ?? "–"),
      ),
    ),
  ];
  const [header = "", ...rest] = lines;
  if (widthOf(header) <= canvas.columns) return [dim(canvas, header), ...rest];
  return rows.flatMap((row) =>
    indented(
      `${row.label}: ${shown.flatMap(({ name, text }) => (text(row) === null ? [] : [`${name} ${text(row)}`])).join(", ")}`,
      canvas,
    ),
  );
}

/** Interpreter and heap stand at the top of the report, unless this finding had others. */
function methodText(method: Method): string {
  if (method.kind === "interpreter") {
    const heap = method.heapBytes === null ? " on a heap that grows" : "";
    const spread = method.repeats === 1 ? "" : `, spread ${sizeText(method.spreadBytes)}`;
    return `${countText(method.repeats, "fresh interpreter")} each${heap}${spread}`;
  }
  if (method.kind === "emulated-board")
    return `${method.seconds} s on an emulated board with a heap of ${sizeText(method.heapBytes)}`;
  return `${countText(method.readings, "reading")} and ${countText(method.collections, "collection")}, ${dateText(method.from)} to ${dateText(method.to)}`;
}

/** `2026-11-30T03:21:49.030Z` as `2026-11-30 03:21 UTC`. */
function dateText(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}

function placeText(place: Place | null): string {
  return place === null ? "" : harmless(`${place.file}:${place.line}`);
}

function noteLines(place: string, text: string, canvas: Canvas): string[] {
  return [...(place === "" ? [] : [bold(canvas, place)]), ...indented(text, canvas)];
}

function indented(text: string, canvas: Canvas): string[] {
  return wrapWords(harmless(text), canvas.columns - indent.length).map((line) => `${indent}${line}`);
}
