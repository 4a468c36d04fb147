/**
 * The lines of `mem_info` as py/modmicropython.c and py/gc.c of MicroPython print them, found anywhere in a line
 * of text: prompts, indentation, log prefixes may stand before, blanks and control bytes after.
 */
import { LineCursor } from "./line-cursor.ts";
import { hexValue, isMapByte } from "./map-letters.ts";

/** One line's meaning. `column` is where in the bytes its text starts, prefix skipped. */
export type Line =
  | { readonly kind: "noise" }
  /** A prompt, or the end of a raw REPL answer: nothing of a dump goes on after it. */
  | { readonly kind: "prompt" }
  | { readonly kind: "cHeap"; readonly column: number; readonly values: readonly number[] }
  | { readonly kind: "stack"; readonly column: number; readonly used: number; readonly total: number | null }
  | { readonly kind: "heap"; readonly column: number; readonly values: readonly number[] }
  | { readonly kind: "blocks"; readonly column: number; readonly values: readonly number[] }
  | { readonly kind: "layout"; readonly column: number; readonly base: string }
  /** Hex digits and a colon, nothing else: a layout line whose beginning was lost, or a map line without blocks. */
  | { readonly kind: "bare"; readonly column: number; readonly base: string; readonly offset: number }
  /** The map's stand-in of a variant of gc_dump_alloc_table that was never merged. */
  | { readonly kind: "frag"; readonly column: number }
  | { readonly kind: "freeLines"; readonly column: number; readonly lines: number }
  | {
      readonly kind: "map";
      readonly column: number;
      readonly offset: number;
      readonly digits: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: "damaged";
      readonly column: number;
      /** The kind of line it set out to be. */
      readonly as: "cHeap" | "stack" | "heap" | "blocks" | "layout" | "freeLines";
      readonly expected: string;
      readonly found: string;
    };

/** Knows the dump at hand. */
export interface DueLines {
  /** Whether a map line with this offset, of that many hex digits, continues it. */
  expects(offset: number, digits: number): boolean;
}

interface HeaderShape {
  readonly as: "cHeap" | "heap" | "blocks";
  readonly labels: readonly string[];
  readonly optional: string;
  /** Whether fields this version does not know may follow: `, some name: 1`. */
  readonly mayGrow: boolean;
}

const cHeapShape: HeaderShape = {
  as: "cHeap",
  labels: ["mem: total=", ", current=", ", peak="],
  optional: "",
  mayGrow: false,
};
const heapShape: HeaderShape = {
  as: "heap",
  labels: ["GC: total: ", ", used: ", ", free: "],
  optional: ", max new split: ",
  mayGrow: true,
};
const blocksShape: HeaderShape = {
  as: "blocks",
  labels: ["No. of 1-blocks: ", ", 2-blocks: ", ", max blk sz: "],
  optional: ", max free sz: ",
  mayGrow: true,
};

const noise: Line = { kind: "noise" };
const prompt: Line = { kind: "prompt" };

/**
 * What the line `bytes[from, to)` says; `to` excludes the line end. `due` tells whether a map line of that offset
 * and number of digits would continue the dump at hand: it is believed to be one even where its blocks are damaged.
 * Looks at each byte a bounded number of times.
 */
export function readLine(bytes: Uint8Array, from: number, to: number, due: DueLines): Line {
  let end = to;
  while (end > from && (bytes[end - 1] ?? 0) <= 0x20) end--;
  let plainFrom = end;
  while (plainFrom > from && isMapByte(bytes[plainFrom - 1] ?? 0)) plainFrom--;
  let hexRun = 0;
  let value = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const nibble = hexValue[byte] ?? 256;
    if (byte === 0x3a && hexRun >= 5) {
      const line = afterHex(bytes, at, hexRun, value, end, plainFrom, due);
      if (line !== null) return line;
    }
    if (nibble < 16) {
      hexRun++;
      value = ((value << 4) | nibble) >>> 0;
    } else {
      hexRun = 0;
      value = 0;
    }
    const line = keywordAt(bytes, at, end, byte);
    if (line !== null) return line;
  }
  return endsDump(bytes, from, to) ? prompt : noise;
}

/** The line that starts with a keyword at `at`, if one does. By first byte: other text costs one switch per byte. */
function keywordAt(bytes: Uint8Array, at: number, end: number, byte: number): Line | null {
  switch (byte) {
    case 0x73: // s
      return stackLine(new LineCursor(bytes, at, end));
    case 0x47: // G
      return (
        header(bytes, at, end, heapShape) ??
        layoutLine(new LineCursor(bytes, at, end), "GC memory layout; from ")
      );
    case 0x4e: // N
      return header(bytes, at, end, blocksShape);
    case 0x6d: // m
      return (
        header(bytes, at, end, cHeapShape) ??
        layoutLine(new LineCursor(bytes, at, end), "memory layout; from ")
      );
    case 0x46: // F
      return fragLine(new LineCursor(bytes, at, end));
    case 0x28: // (
      return freeLinesLine(new LineCursor(bytes, at, end));
    default:
      return null;
  }
}

/** `12345: ====` or `12345:` with the colon at `colon`. */
function afterHex(
  bytes: Uint8Array,
  colon: number,
  hexRun: number,
  value: number,
  end: number,
  plainFrom: number,
  due: DueLines,
): Line | null {
  if (colon + 1 === end) {
    const base = new LineCursor(bytes, colon - hexRun, colon).hexText();
    return base === null ? null : { kind: "bare", column: colon - hexRun, base, offset: value };
  }
  if (hexRun !== 5 && hexRun !== 8) return null;
  let body = colon + 1;
  while (body < end && bytes[body] === 0x20) body++;
  if (plainFrom > body && !due.expects(value, hexRun)) return null;
  return { kind: "map", column: colon - hexRun, offset: value, digits: hexRun, from: body, to: end };
}

function header(bytes: Uint8Array, at: number, end: number, shape: HeaderShape): Line | null {
  const cursor = new LineCursor(bytes, at, end);
  const values: number[] = [];
  for (const label of shape.labels) {
    if (!cursor.text(label)) return values.length === 0 ? null : damaged(shape.as, at, `"${label}"`, cursor);
    const value = cursor.number();
    if (value === null) return damaged(shape.as, at, "a number", cursor);
    values.push(value);
  }
  if (shape.optional !== "" && cursor.text(shape.optional)) {
    const value = cursor.number();
    if (value === null) return damaged(shape.as, at, "a number", cursor);
    values.push(value);
  }
  while (shape.mayGrow && !cursor.atEnd) {
    const known = cursor.text(", ") && cursor.words() && cursor.text(": ") && cursor.number() !== null;
    if (!known) break;
  }
  if (!cursor.atEnd) return damaged(shape.as, at, "the end of the line", cursor);
  return { kind: shape.as, column: at, values };
}

/** `stack: 1 out of 2`, or `stack: 1` on ports without a stack check. Other text behind makes it no such line. */
function stackLine(cursor: LineCursor): Line | null {
  const column = cursor.at;
  if (!cursor.text("stack: ")) return null;
  const used = cursor.number();
  if (used === null) return null;
  if (cursor.atEnd) return { kind: "stack", column, used, total: null };
  const label = " out of ";
  if (!cursor.text(label)) {
    const cut = label.startsWith(cursor.peek(cursor.at, cursor.end));
    return cut ? damaged("stack", column, `"${label}" and a number`, cursor) : null;
  }
  const total = cursor.number();
  if (total === null) return damaged("stack", column, "a number", cursor);
  if (!cursor.atEnd) return damaged("stack", column, "the end of the line", cursor);
  return { kind: "stack", column, used, total };
}

function layoutLine(cursor: LineCursor, keyword: string): Line | null {
  const column = cursor.at;
  if (!cursor.text(keyword)) return null;
  const base = cursor.hexText();
  if (base === null) return damaged("layout", column, "an address", cursor);
  cursor.text(":");
  if (!cursor.atEnd) return damaged("layout", column, "the end of the line", cursor);
  return { kind: "layout", column, base };
}

function fragLine(cursor: LineCursor): Line | null {
  const column = cursor.at;
  return cursor.text("Frag: ") && cursor.number() !== null ? { kind: "frag", column } : null;
}

function freeLinesLine(cursor: LineCursor): Line | null {
  const column = cursor.at;
  if (!cursor.text("(")) return null;
  const lines = cursor.number();
  if (lines === null || !cursor.text(" lines ")) return null;
  if (!cursor.text("all free)") || !cursor.atEnd)
    return damaged("freeLines", column, '"all free)" at the end', cursor);
  return { kind: "freeLines", column, lines };
}

function damaged(
  as: "cHeap" | "stack" | "heap" | "blocks" | "layout" | "freeLines",
  column: number,
  expected: string,
  cursor: LineCursor,
): Line {
  return { kind: "damaged", as, column, expected, found: cursor.found() };
}

/** A line that starts with a prompt (`>>>`, aiorepl's `-->`), or holds the raw REPL's end mark. */
function endsDump(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  const cursor = new LineCursor(bytes, at, to);
  if (cursor.text(">>>") || cursor.text("-->")) return true;
  for (; at < to; at++) if (bytes[at] === 0x04) return true;
  return false;
}
