/** What a head letter of a map stands for, for people. */
export interface BlockWords {
  readonly words: string;
  /** For narrow places. */
  readonly short: string;
}

/**
 * The letters of gc_dump_alloc_table() in MicroPython's py/gc.c (v1.27): an object is named after the type its first word
 * points to, anything else is `h`. So a list's or bytearray's items, instances, closures and bytecode are all `h`, and
 * `B` is the function object (mp_type_fun_bc), not the code. `m` shows in a dump taken during a collection, `q` and `Q`
 * in builds with that (disabled) code switched on.
 */
const letters: Readonly<Record<string, BlockWords>> = {
  h: { words: "other: items, instances, code", short: "other" },
  S: { words: "str or bytes", short: "str, bytes" },
  A: { words: "bytearray or array", short: "array" },
  L: { words: "list", short: "list" },
  D: { words: "dict", short: "dict" },
  T: { words: "tuple", short: "tuple" },
  B: { words: "function", short: "function" },
  M: { words: "module", short: "module" },
  F: { words: "float", short: "float" },
  m: { words: "marked by a collection", short: "marked" },
  q: { words: "qstr data", short: "qstr data" },
  Q: { words: "qstr pool", short: "qstr pool" },
};

/** `.` is no head: callers have their own word for free. */
export function blockWords(letter: string): BlockWords {
  return letters[letter] ?? { words: "unknown to heapscope", short: "unknown" };
}
