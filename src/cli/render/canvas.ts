import { stripVTControlCharacters } from "node:util";
/** What the terminal can show. */
export interface Canvas {
  /** Characters in a line. */
  readonly columns: number;
  /** 256 colours; false = plain text. */
  readonly color: boolean;
}

/** Assumed where nobody says otherwise, such as in a pipe. */
const defaultColumns = 80;
/** Narrower is drawn as if it were this wide. */
const leastColumns = 30;

/**
 * What a stream can show. `FORCE_COLOR` (not 0 or false) beats `NO_COLOR` (not empty), as in Node itself; without either,
 * colour is for terminals that are not dumb.
 */
export function canvasOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Canvas {
  const { COLUMNS } = env;
  const columns = stream.columns || Number(COLUMNS) || defaultColumns;
  return { columns: Math.max(columns, leastColumns), color: wantsColor(stream.isTTY === true, env) };
}

function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (FORCE_COLOR !== undefined) return !["0", "false"].includes(FORCE_COLOR);
  if (NO_COLOR) return false;
  return isTerminal && TERM !== "dumb";
}

/** Numbers of the 256-colour table; null = the terminal's own. */
export interface Paint {
  readonly foreground?: number | undefined;
  readonly background?: number | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
}

/** `text` in colour, or as it is. */
export function painted(canvas: Canvas, text: string, paint: Paint): string {
  if (!canvas.color || text === "") return text;
  const codes = [
    ...(paint.bold ? ["1"] : []),
    ...(paint.dim ? ["2"] : []),
    ...(paint.foreground === undefined ? [] : [`38;5;${paint.foreground}`]),
    ...(paint.background === undefined ? [] : [`48;5;${paint.background}`]),
  ];
  return codes.length === 0 ? text : `\u001b[${codes.join(";")}m${text}\u001b[0m`;
}

/** Text from elsewhere for one line: control characters are escaped (`\x1b`), so that none reaches the terminal. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => {
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

export function bold(canvas: Canvas, text: string): string {
  return painted(canvas, text, { bold: true });
}

export function dim(canvas: Canvas, text: string): string {
  return painted(canvas, text, { dim: true });
}

/** Characters that `text` takes on the screen, colour codes not counted. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** `parts` with `separator` between them, in lines of at most `columns`; only a part longer than that is broken, at spaces. */
export function wrapParts(parts: readonly string[], columns: number, separator: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part : `${line}${separator}${part}`;
    if (widthOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = separator === " " || widthOf(part) <= columns ? [part] : wrapWords(part, columns);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return line === "" ? lines : [...lines, line];
}

/** A sentence in lines of at most `columns`, where its words allow it. */
export function wrapWords(sentence: string, columns: number): string[] {
  return wrapParts(sentence.split(" "), columns, " ");
}
