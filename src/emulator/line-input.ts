import { CTRL_A, CTRL_C, CTRL_E } from "../protocol/bytes.ts";

/** What a byte typed at `input()` leads to. */
export type LineStep =
  /** The line goes on; `echo` (ASCII) is to be printed. */
  | { readonly kind: "more"; readonly echo: string }
  /** Return was pressed. */
  | { readonly kind: "line"; readonly text: string }
  /** A control byte that ends the line at once; what was typed counts for nothing. */
  | { readonly kind: "control"; readonly byte: number };

const carriageReturn = 0x0d;
const escapeKey = 0x1b;
const silent: LineStep = { kind: "more", echo: "" };

/**
 * The line that a board's `input()` reads, by the rules of MicroPython's shared/readline/readline.c as far as a program
 * at the other end can tell: printable ASCII counts; Ctrl-A … Ctrl-E end an empty line at once, Ctrl-C any line. The cursor stays at the end;
 * keys that would move it, history and completion do nothing.
 */
export function createLineInput(): (byte: number) => LineStep {
  let typed = "";
  let inEscape: "no" | "begun" | "sequence" = "no";

  return (byte) => {
    if (inEscape === "begun") {
      inEscape = byte === 0x5b || byte === 0x4f ? "sequence" : "no"; // ESC [ or ESC O
      return silent;
    }
    if (inEscape === "sequence") {
      const isParameter = byte >= 0x30 && byte <= 0x3f;
      if (!isParameter) inEscape = "no";
      return silent;
    }
    const endsEmptyLine = typed.length === 0 && byte >= CTRL_A && byte <= CTRL_E;
    if (endsEmptyLine || byte === CTRL_C) return { kind: "control", byte };
    if (byte === carriageReturn) return { kind: "line", text: typed };
    if (byte === escapeKey) {
      inEscape = "begun";
      return silent;
    }
    if (byte === 0x08 || byte === 0x7f) {
      if (typed === "") return silent;
      typed = typed.slice(0, -1);
      return backspace;
    }
    if (byte < 0x20 || byte > 0x7e) return silent;
    const echo = String.fromCharCode(byte);
    typed += echo;
    return { kind: "more", echo };
  };
}

const backspace: LineStep = { kind: "more", echo: "\b\x1b[K" };
