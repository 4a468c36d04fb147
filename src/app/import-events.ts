import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { AlertSchema, CollectionSchema, MissedSchema, ReadingSchema } from "../api/schemas-reading.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { BoardRecord, NewEvent } from "../store/store-types.ts";
import { exportVersion } from "./export-history.ts";

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

/** The lines of an export, each checked. Throws `import-damaged` with line and reason, `file-unreadable`. */
export async function* readExport(file: string): AsyncGenerator<ImportedLine> {
  let number = 0;
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (text.trim() === "") continue;
    const value = parsed(text);
    if (number === 1) {
      checkHeader(file, value);
      continue;
    }
    yield lineOf(value, (problem) => heapscopeError("import-damaged", { file, line: number, problem }));
  }
}

function checkHeader(file: string, value: unknown): void {
  if (!header.Check(value)) {
    throw heapscopeError("import-damaged", {
      file,
      line: 1,
      problem: "the first line of an export is missing",
    });
  }
  if (value.version > exportVersion) {
    const problem = `it was exported by a newer heapscope (form ${value.version}, this one knows ${exportVersion})`;
    throw heapscopeError("import-damaged", { file, line: 1, problem });
  }
}

function lineOf(value: unknown, damaged: (problem: string) => Error): ImportedLine {
  if (value === undefined) throw damaged("it is not JSON; the file may be cut off");
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  switch (type) {
    case "reading": {
      const { cursor: id, data, dump } = checked(lines.reading, withHelper(value ?? {}), damaged);
      const bytes = dump === undefined ? {} : { dump: new Uint8Array(Buffer.from(dump, "base64")) };
      return { kind: "event", id, event: { type: "reading", data, ...bytes } };
    }
    case "collection":
    case "missed":
    case "alert": {
      const { cursor: id, data } = checked(lines[type] as typeof lines.collection, value, damaged);
      // The schema checked is the one of `type`.
      return { kind: "event", id, event: { type, data } as NewEvent };
    }
    case "board": {
      const { cursor: id, boardId, at, data } = checked(lines.board, value, damaged);
      return { kind: "event", id, event: { type: "board", boardId, at, data } };
    }
    case "board-record":
      return { kind: "board", board: checked(lines["board-record"], value, damaged).data };
    default:
      throw damaged(`its type ${JSON.stringify(type)} is none of ${Object.keys(lines).join(", ")}`);
  }
}

/** An older heapscope's readings do not say that they are of no helper. */
function withHelper(value: object): unknown {
  const { data } = value as { readonly data?: unknown };
  return typeof data === "object" ? { ...value, data: { helper: null, ...data } } : value;
}

interface Checker<Value> {
  Check(value: unknown): value is Value;
  Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[];
}

function checked<Value>(checker: Checker<Value>, value: unknown, damaged: (problem: string) => Error): Value {
  if (checker.Check(value)) return value;
  const [first] = checker.Errors(value);
  throw damaged(
    `${first?.instancePath.slice(1).replaceAll("/", ".") ?? "it"} ${first?.message ?? "does not fit"}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
