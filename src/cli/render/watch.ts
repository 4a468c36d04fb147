import {
  type AlertView,
  type FeedState,
  readStates,
  type WatchedBoard,
  type WatchView,
} from "../../app/watch-view.ts";
import { ageText, everyText, percentText, sizeText } from "../../shared/units-text.ts";
import { currentFigure } from "./alert-now.ts";
import { bold, type Canvas, dim, painted, widthOf, wrapWords } from "./canvas.ts";
import { heapBar } from "./heap-bar.ts";
import { sparkline } from "./sparkline.ts";
import { clipped, columnsFor, type WatchColumn } from "./watch-columns.ts";
import { blue, isNews, isSilent, lateMs, red, signOf, signs, yellow } from "./watch-signs.ts";

const severities: Readonly<Record<AlertView["severity"], number>> = {
  info: blue,
  warning: yellow,
  critical: red,
};

/** Smallest change of used bytes, as a share of the heap, that fills a trend's height. */
const leastTrendSpan = 0.02;

export interface WatchFrame {
  readonly view: WatchView;
  readonly url: string;
  /** UTC, ms since the epoch: for ages. */
  readonly nowMs: number;
  /** Lines that there are. */
  readonly rows: number;
}

/** One line per board, what is wrong below, the connection last. Never more than `rows` lines, none wider than the canvas. */
export function watchLines({ view, url, nowMs, rows }: WatchFrame, canvas: Canvas): string[] {
  const columns = columnsFor(view.boards, canvas.columns);
  const last = connectionLine(view, url, canvas);
  const isCurrent = isNews(view);
  const notes = noteLines(view, isCurrent ? nowMs : null, canvas);
  const table = view.boards.map((board) => boardLine(board, columns, nowMs, isCurrent, canvas));
  // Heading, a gap and the connection are always there; the boards get what is left, and notes what they leave.
  const room = Math.max(1, rows - 3);
  const boards = cut(table, room, canvas);
  return [
    dim(canvas, headingLine(columns)),
    ...boards,
    ...cut(notes, room - boards.length, canvas),
    "",
    last,
  ].map((line) => (widthOf(line) > canvas.columns ? clipped(line, canvas.columns) : line));
}

function headingLine(columns: readonly WatchColumn[]): string {
  const cells = columns.map(({ heading, width, right }) => aligned(heading, width, right));
  return `  ${cells.join(" ")}`.trimEnd();
}

function boardLine(
  board: WatchedBoard,
  columns: readonly WatchColumn[],
  nowMs: number,
  /** False while the daemon is away: what a board does then, nobody knows. */
  isCurrent: boolean,
  canvas: Canvas,
): string {
  const { sign, color } = isCurrent ? signOf(board, nowMs) : { sign: "◌", color: undefined };
  const cells = columns.map((column) =>
    aligned(cellText(column, board, nowMs, isCurrent, canvas), column.width, column.right),
  );
  return `${painted(canvas, sign, { foreground: color })} ${cells.join(" ")}`;
}

function cellText(
  { kind, width }: WatchColumn,
  board: WatchedBoard,
  nowMs: number,
  isCurrent: boolean,
  canvas: Canvas,
): string {
  const { name, state, lastReading: reading, trend } = board;
  const isLate = isCurrent && lateMs(board, nowMs) !== null;
  if (kind === "name") return bold(canvas, clipped(name, width));
  if (kind === "state")
    return isLate ? painted(canvas, "late", { foreground: yellow }) : stateText(state, width, canvas);
  if (reading === null) return kind === "heap" ? dim(canvas, clipped("no reading yet", width)) : "";
  const { heap, largestFreeBytes, utilization, fragmentation } = reading;
  switch (kind) {
    case "heap":
      return heapBar({ ...heap, largestFreeBytes }, width, canvas);
    case "used":
      return utilization === null ? "?" : graded(percentText(utilization), utilization, 0.85, 0.95, canvas);
    case "largest":
      return largestFreeBytes === null ? "?" : sizeText(largestFreeBytes);
    case "fragmentation":
      return fragmentation === null
        ? "?"
        : graded(percentText(fragmentation), fragmentation, 0.5, 0.8, canvas);
    case "trend": {
      const values = trend.map(({ usedBytes }) => usedBytes);
      return painted(canvas, sparkline(values, width, heap.totalBytes * leastTrendSpan), {
        foreground: blue,
      });
    }
    case "age": {
      if (board.readAtMs === null) return "";
      const age = ageText(nowMs - board.readAtMs);
      return isLate ? painted(canvas, age, { foreground: yellow }) : dim(canvas, age);
    }
  }
}

function stateText({ kind }: WatchedBoard["state"], width: number, canvas: Canvas): string {
  return painted(canvas, clipped(kind, width), { foreground: signs[kind].color });
}

/** Plain, yellow from the one share on, red from the other. */
function graded(text: string, share: number, yellowFrom: number, redFrom: number, canvas: Canvas): string {
  if (share < yellowFrom) return text;
  return painted(canvas, text, { foreground: share < redFrom ? yellow : red });
}

const urgency: Readonly<Record<AlertView["severity"], number>> = { critical: 0, warning: 1, info: 2 };

/** Alerts that fire, the most severe first, then what is the matter with boards that are not read. `nowMs`: null where nobody knows who is late. */
function noteLines({ boards, alerts, unstored }: WatchView, nowMs: number | null, canvas: Canvas): string[] {
  const known = new Map(boards.map((board) => [board.id, board]));
  const firing = [...(alerts ?? [])].sort((one, other) => urgency[one.severity] - urgency[other.severity]);
  const notes = [
    ...(unstored
      ? [
          note(
            "!",
            yellow,
            "",
            "The daemon cannot store readings just now: they wait in memory until it can.",
            canvas,
          ),
        ]
      : []),
    ...firing.map((alert) => {
      const { boardId, severity, rule, message } = alert;
      const board = known.get(boardId);
      const now = currentFigure(alert, board?.lastReading ?? null);
      const sentence = now === null ? message : `${message} Now: ${now}.`;
      return note(
        "▲",
        severities[severity],
        `${board?.name ?? boardId} ${severity} ${rule}: `,
        sentence,
        canvas,
      );
    }),
    ...boards
      .filter(({ state }) => !readStates.has(state.kind))
      .map(({ name, state }) =>
        note(
          signs[state.kind].sign,
          signs[state.kind].color,
          `${name} ${state.kind}: `,
          state.message,
          canvas,
        ),
      ),
    ...(nowMs === null ? [] : boards.flatMap((board) => lateNote(board, nowMs, canvas))),
  ];
  return notes.length === 0 ? [] : ["", ...notes.flat()];
}

function lateNote(board: WatchedBoard, nowMs: number, canvas: Canvas): readonly string[][] {
  const ageMs = lateMs(board, nowMs);
  if (ageMs === null || board.readIntervalMs === null) return [];
  const sentence = `no reading for ${ageText(ageMs)}, though one is due every ${everyText(board.readIntervalMs)}.`;
  return [note("◐", yellow, `${board.name} late: `, sentence, canvas)];
}

/** A sentence behind a sign, in as many lines as it takes, the later ones indented. */
function note(sign: string, color: number, head: string, sentence: string, canvas: Canvas): string[] {
  const [first = "", ...rest] = wrapWords(`${head}${sentence}`, canvas.columns - 2);
  const start = first.startsWith(head)
    ? `${bold(canvas, head.trimEnd())} ${first.slice(head.length)}`
    : first;
  return [
    `${painted(canvas, sign, { foreground: color })} ${head === "" ? first : start}`,
    ...rest.map((line) => `  ${line}`),
  ];
}

function connectionLine(view: WatchView, url: string, canvas: Canvas): string {
  const { connection, boards, silentMs } = view;
  if (connection.kind === "closed") return dim(canvas, clipped(`left ${url}`, canvas.columns));
  const { text, color } = isSilent(view)
    ? { text: `no news for ${ageText(silentMs)}`, color: yellow }
    : connectionText(connection, boards.length);
  const line = `${text} · ${url} · Ctrl-C leaves`;
  const fitting = line.length <= canvas.columns ? line : clipped(text, canvas.columns);
  return color === null ? dim(canvas, fitting) : painted(canvas, fitting, { foreground: color });
}

function connectionText(
  state: Exclude<FeedState, { readonly kind: "closed" }>,
  boards: number,
): { readonly text: string; readonly color: number | null } {
  switch (state.kind) {
    case "live":
      return { text: boards === 0 ? "live, no board yet" : "live", color: null };
    case "connecting":
      return { text: "connecting", color: yellow };
    case "replaying":
      return { text: `catching up on ${state.behind} events`, color: yellow };
    case "waiting":
      return { text: `${state.reason} Trying again`, color: yellow };
    case "refused":
      return { text: state.reason, color: red };
  }
}

/** At most `room` lines; the last one says how many are missing. */
function cut(lines: readonly string[], room: number, canvas: Canvas): readonly string[] {
  if (lines.length <= room) return lines;
  if (room <= 0) return [];
  const left = lines.length - room + 1;
  return [...lines.slice(0, room - 1), dim(canvas, `  … ${left} more ${left === 1 ? "line" : "lines"}`)];
}

function aligned(text: string, width: number, right: boolean): string {
  const gap = " ".repeat(Math.max(0, width - widthOf(text)));
  return right ? gap + text : text + gap;
}
