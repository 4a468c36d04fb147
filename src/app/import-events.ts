import Type from "typebox";
import { Compile } from "typebox/compile";
import { AlertSchema, CollectionSchema, MissedSchema, ReadingSchema } from "../api/schemas-reading.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { BoardRecord, NewEvent } from "../store/store-types.ts";
import { exportVersion } from "./export-history.ts";
import { collectionProblem, readingProblem } from "./reading-problem.ts";
import { textLines } from "./text-lines.ts";

/** A line of an export: an event, with the id that it had, or what was known of a board. */
export type ImportedLine =
  | { readonly kind: "event"; readonly id: number; readonly event: NewEvent }
  | { readonly kind: "board"; readonly board: BoardRecord };

const cursor = Type.Integer({ minimum: 1 });
const placed = { boardId: Type.String({ minLength: 1 }), at: Type.String({ format: "date-time" }) };

const lines = {
  reading: Compile(
    Type.Object({
      cursor,
      data: Type.Intersect([ReadingSchema, Type.Object(placed)]),
      dump: Type.Optional(Type.String()),
    }),
  ),
  collection: Compile(Type.Object({ cursor, data: CollectionSchema })),
  missed: Compile(Type.Object({ cursor, data: MissedSchema })),
  alert: Compile(Type.Object({ cursor, data: AlertSchema })),
  board: Compile(Type.Object({ cursor, ...placed, data: Type.Object({}) })),
  "board-record": Compile(
    Type.Object({
      data: Type.Object({
        id: Type.String({ minLength: 1 }),
        name: Type.String(),
        port: Type.Union([Type.String(), Type.Null()]),
        emulated: Type.Boolean(),
        facts: Type.Union([Type.Object({}), Type.Null()]),
        firstSeenAt: placed.at,
        lastSeenAt: placed.at,
      }),
    }),
  ),
} as const;

const header = Compile(Type.Object({ type: Type.Literal("export"), version: Type.Integer() }));

/** Whether the first line of a file is that of an export (NDJSON). */
export function isExport(firstLine: string): boolean {
  return header.Check(parsed(firstLine));
}

/** Hears of a damaged line: its number and what is wrong with it. */
export type DamagedLine = (line: number, problem: string) => void;

/** A line is one event; a map of the largest board takes less than a tenth of it. */
const mostLineMiB = 16;

/**
 * The lines of an export, each checked. `damaged` hears of those that are not what they should be, which are left out.
 * Throws `import-damaged` where the header does not fit.
 */
export async function* readExport(file: string, damaged: DamagedLine): AsyncGenerator<ImportedLine> {
  for await (const { number, text } of textLines(file, mostLineMiB * 1024 * 1024)) {
    if (text === null) {
      damaged(number, `the line is longer than ${mostLineMiB} MiB, which no line of an export is`);
      continue;
    }
    if (text.trim() === "") continue;
    const value = parsed(text);
    if (number === 1) {
      checkHeader(file, value);
      continue;
    }
    const line = lineOf(value);
    if (typeof line === "string") damaged(number, line);
    else yield line;
  }
}

function checkHeader(file: string, value: unknown): void {
  if (!header.Check(value)) {
    throw heapscopeError("import-damaged", {
      lines: 1,
      problems: `${file}:1: the first line of an export is missing`,
    });
  }
  if (value.version > exportVersion) {
    const problem = `it was exported by a newer heapscope (form ${value.version}, this one knows ${exportVersion})`;
    throw heapscopeError("import-damaged", { lines: 1, problems: `${file}:1: ${problem}` });
  }
}

/** The line, or what is wrong with it. */
function lineOf(value: unknown): ImportedLine | string {
  if (value === undefined) return "it is not JSON; the file may be cut off";
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  switch (type) {
    case "reading": {
      const reading = withHelper(value ?? {});
      if (!lines.reading.Check(reading)) return misfit(lines.reading, reading);
      const { cursor: id, data, dump } = reading;
      const bytes = dump === undefined ? {} : { dump: new Uint8Array(Buffer.from(dump, "base64")) };
      return readingProblem(data) ?? { kind: "event", id, event: { type: "reading", data, ...bytes } };
    }
    case "collection": {
      if (!lines.collection.Check(value)) return misfit(lines.collection, value);
      const { cursor: id, data } = value;
      return collectionProblem(data) ?? { kind: "event", id, event: { type, data } };
    }
    case "missed":
      if (!lines.missed.Check(value)) return misfit(lines.missed, value);
      return { kind: "event", id: value.cursor, event: { type, data: value.data } as NewEvent };
    case "alert":
      if (!lines.alert.Check(value)) return misfit(lines.alert, value);
      return { kind: "event", id: value.cursor, event: { type, data: value.data } };
    case "board": {
      if (!lines.board.Check(value)) return misfit(lines.board, value);
      const { cursor: id, boardId, at, data } = value;
      return { kind: "event", id, event: { type: "board", boardId, at, data } };
    }
    case "board-record":
      if (!lines["board-record"].Check(value)) return misfit(lines["board-record"], value);
      return { kind: "board", board: value.data };
    default:
      return `its type ${JSON.stringify(type)} is none of ${Object.keys(lines).join(", ")}`;
  }
}

/** An older heapscope's readings do not say that they are of no helper. */
function withHelper(value: object): unknown {
  const { data } = value as { readonly data?: unknown };
  return typeof data === "object" ? { ...value, data: { helper: null, ...data } } : value;
}

interface Checker {
  Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[];
}

function misfit(checker: Checker, value: unknown): string {
  const [first] = checker.Errors(value);
  return `${first?.instancePath.slice(1).replaceAll("/", ".") || "it"} ${first?.message ?? "does not fit"}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
