import { type Document, isAlias, isScalar, type Scalar } from "yaml";

/**
 * Where in the YAML text `source` the character at `index` of the scalar at `pointer` stands, whatever way the scalar is
 * written: plain, quoted with its escapes, a block, or over several lines. Undefined where there is no scalar, or the
 * way cannot be followed.
 */
export function offsetInScalar(
  document: Document,
  pointer: string,
  source: string,
  index: number,
): number | undefined {
  const found: unknown = document.getIn(pointer.split("/").slice(1), true);
  const node = isAlias(found) ? found.resolve(document) : found;
  if (!isScalar(node) || !node.range) return undefined;
  const value = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  return walk(node, value, source, index);
}

function walk(node: Scalar, value: string, source: string, index: number): number | undefined {
  const [start, end] = node.range ?? [0, 0];
  const isBlock = node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL";
  let at = isBlock ? blockStart(source, start) : start + (isQuoted(node) ? 1 : 0);
  for (let done = 0; ; done++) {
    if (isBlock && source[at - 1] === "\n") at = afterBlanks(source, at);
    // A value that goes on in the next line has a blank for the line break.
    if (!isBlock && isBreak(source, at)) {
      if (done === index) return at;
      at = afterLineBreaks(source, at);
      continue;
    }
    if (node.type === "QUOTE_DOUBLE" && isContinued(source, at)) {
      at = afterLineBreaks(source, at + 1);
      done--;
      continue;
    }
    if (done === index) return Math.min(at, end);
    if (done >= value.length || at >= end) return undefined;
    at += lengthAt(node, source, at);
  }
}

function isQuoted({ type }: Scalar): boolean {
  return type === "QUOTE_SINGLE" || type === "QUOTE_DOUBLE";
}

/** How many characters of the source make the next one of the value. */
function lengthAt({ type }: Scalar, source: string, at: number): number {
  if (type === "QUOTE_SINGLE" && source.startsWith("''", at)) return 2;
  if (type !== "QUOTE_DOUBLE" || source[at] !== "\\") return 1;
  return { x: 4, u: 6, U: 10 }[source[at + 1] ?? ""] ?? 2;
}

/** Behind the header line of a block: `|`, `>-` and the like. */
function blockStart(source: string, start: number): number {
  const end = source.indexOf("\n", start);
  return end === -1 ? source.length : end + 1;
}

function afterBlanks(source: string, at: number): number {
  while (source[at] === " ") at++;
  return at;
}

/** Blanks up to the end of a line, and that end. */
function isBreak(source: string, at: number): boolean {
  return /^[ \t]*\r?\n/.test(source.slice(at, at + 200));
}

/** A backslash at the end of a line, which joins it to the next without a blank. */
function isContinued(source: string, at: number): boolean {
  return /^\\\r?\n/.test(source.slice(at, at + 3));
}

function afterLineBreaks(source: string, at: number): number {
  while (/\s/.test(source[at] ?? "")) at++;
  return at;
}
