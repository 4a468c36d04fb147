import Type, { type Static } from "typebox";
import Value from "typebox/value";

/**
 * The daemon's console socket: the client's hello as a line of JSON, the daemon's answer as another, then the board's
 * bytes both ways. What ends it, where the client does not, is the answer's `end` and a closing line of JSON.
 */
export const helloSchema = Type.Object({
  /** Id or name. */
  board: Type.String({ minLength: 1, maxLength: 200 }),
  /** The `startedAt` of the daemon that is meant: another one may have the same path, on another machine. */
  startedAt: Type.String(),
});
export type ConsoleHello = Static<typeof helloSchema>;

export const answerSchema = Type.Union([
  Type.Object({
    ok: Type.Literal(true),
    /** Its name. */
    board: Type.String(),
    /** The URL it is opened by. */
    port: Type.String(),
    /** It stands at its friendly prompt, which it showed before. */
    atPrompt: Type.Boolean(),
    /** Never among the board's bytes, since it is made up anew for each console. */
    end: Type.String({ minLength: 16 }),
  }),
  Type.Object({ ok: Type.Literal(false), code: Type.String(), message: Type.String() }),
]);
export type ConsoleAnswer = Static<typeof answerSchema>;

export const closingSchema = Type.Object({
  /** Half a sentence. */
  reason: Type.String(),
});
export type ConsoleClosing = Static<typeof closingSchema>;

/** Longest hello, answer or closing line. */
export const lineLimitBytes = 4096;

type Message = ConsoleHello | ConsoleAnswer | ConsoleClosing;

export function jsonLine(message: Message): string {
  return `${JSON.stringify(message)}\n`;
}

/** The line's message; null where it is none of `schema`. */
export function parseLine<Schema extends typeof helloSchema | typeof answerSchema | typeof closingSchema>(
  schema: Schema,
  line: string,
): Static<Schema> | null {
  try {
    const value: unknown = JSON.parse(line);
    return Value.Check(schema, value) ? value : null;
  } catch {
    return null;
  }
}
