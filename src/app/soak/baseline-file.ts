import { readFileSync } from "node:fs";
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { heapscopeError } from "../../shared/errors.ts";
import { writeAtomically } from "../write-atomically.ts";

const bytes = Type.Integer({ minimum: 0 });
const text = Type.String({ minLength: 1 });

const entrySchema = Type.Object(
  {
    /** Its name, not its content: what changes in an application is what a baseline is there to catch. */
    application: text,
    /** Of main.py, where it was at hand. For people: which version the figures are of. */
    applicationSha256: Type.Union([Type.Null(), Type.String({ pattern: "^[0-9a-f]{64}$" })]),
    /** Null, as the machine, where the application reports by itself and the board was not asked. */
    firmware: Type.Union([Type.Null(), text]),
    machine: Type.Union([Type.Null(), Type.String()]),
    /** Null for a real board. */
    emulatedHeapBytes: Type.Union([Type.Null(), bytes]),
    liveBytes: bytes,
    leastLargestFreeBytes: Type.Union([Type.Null(), bytes]),
    collections: Type.Integer({ minimum: 1 }),
    /** UTC, ISO 8601. */
    at: Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT" }),
  },
  { additionalProperties: false },
);

const fileSchema = Type.Object(
  { version: Type.Literal(1), entries: Type.Array(entrySchema) },
  { additionalProperties: false },
);

export type BaselineEntry = Readonly<Static<typeof entrySchema>>;
/** An entry is of one application on one firmware of one kind of board. */
export type BaselineKey = Pick<BaselineEntry, "application" | "firmware" | "machine" | "emulatedHeapBytes">;

/**
 * The entries of a baseline file; null where there is no such file. Throws `baseline-unusable` for one that is none.
 */
export function readBaseline(file: string): readonly BaselineEntry[] | null {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    const reason = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw heapscopeError("baseline-unusable", { file, reason });
  }
  if (Value.Check(fileSchema, content)) return content.entries;
  const [first] = Value.Errors(fileSchema, content);
  const reason = `${first?.instancePath || "its content"} ${first?.message ?? "does not fit"}`;
  throw heapscopeError("baseline-unusable", { file, reason });
}

export function entryFor(entries: readonly BaselineEntry[], key: BaselineKey): BaselineEntry | null {
  return entries.find((entry) => isSame(entry, key)) ?? null;
}

/** Puts `entry` in the place of the one with its key. What is in the file by then stays. Throws `baseline-unusable`, `file-unwritable`. */
export function updateBaseline(file: string, entry: BaselineEntry): void {
  const others = (readBaseline(file) ?? []).filter((other) => !isSame(other, entry));
  const order = (one: BaselineEntry): string => `${one.application} ${one.machine} ${one.firmware}`;
  const entries = [...others, entry].sort((one, other) => (order(one) < order(other) ? -1 : 1));
  writeAtomically(file, `${JSON.stringify({ version: 1, entries }, null, 2)}\n`);
}

function isSame(one: BaselineKey, other: BaselineKey): boolean {
  return (
    one.application === other.application &&
    one.firmware === other.firmware &&
    one.machine === other.machine &&
    one.emulatedHeapBytes === other.emulatedHeapBytes
  );
}
