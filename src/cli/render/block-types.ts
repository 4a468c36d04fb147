import type { Paint } from "./canvas.ts";

/** How an object's head letter is named and coloured. */
export interface BlockType {
  readonly words: string;
  /** For narrow terminals. */
  readonly short: string;
  /** Of the 256-colour table. */
  readonly color: number;
}

/**
 * The letters of gc_dump_alloc_table() in MicroPython's py/gc.c (v1.27): an object is named after the type its first word
 * points to, anything else is `h`. So a list's or bytearray's items, instances, closures and bytecode are all `h`, and
 * `B` is the function object (mp_type_fun_bc), not the code. `m` shows in a dump taken during a collection, `q` and `Q`
 * in builds with that (disabled) code switched on.
 *
 * Colours after Okabe and Ito, "Color Universal Design" (2008), which people with any colour vision tell apart.
 */
const types: Readonly<Record<string, BlockType>> = {
  h: { words: "other: items, instances, code", short: "other", color: 247 },
  S: { words: "str or bytes", short: "str, bytes", color: 36 },
  A: { words: "bytearray or array", short: "array", color: 214 },
  L: { words: "list", short: "list", color: 221 },
  D: { words: "dict", short: "dict", color: 74 },
  T: { words: "tuple", short: "tuple", color: 166 },
  B: { words: "function", short: "function", color: 175 },
  M: { words: "module", short: "module", color: 25 },
  F: { words: "float", short: "float", color: 255 },
  m: { words: "marked by a collection", short: "marked", color: 132 },
  q: { words: "qstr data", short: "qstr data", color: 100 },
  Q: { words: "qstr pool", short: "qstr pool", color: 58 },
};

export const freeColor = 240;

/** What a head letter stands for. */
export function blockType(letter: string): BlockType {
  return types[letter] ?? { words: "unknown to heapscope", short: "unknown", color: 139 };
}

/** An object's block, its letter readable on it. */
export function blockPaint(letter: string): Paint {
  const background = blockType(letter).color;
  return { background, foreground: [25, 58, 100].includes(background) ? 231 : 16 };
}
