import type { Edit } from "./edits.ts";

export type AllocationKind =
  /** A new bytes object for what is read from a bus, a port or a file. */
  | "read"
  /** The same, from a socket. */
  | "recv"
  /** `struct.pack` */
  | "pack"
  /** A copy of a part of a buffer or list. */
  | "slice"
  /** Text or bytes put together with `+` or `+=`. */
  | "string-building"
  | "f-string"
  /** `"…".format(…)` and `"…" % …`, also with the name of a text */
  | "format"
  /** `str(…)` */
  | "text"
  /** `line.split(…)` */
  | "split"
  /** A list, dictionary or set that is made anew. */
  | "list"
  /** A bytearray or bytes object that is made anew. */
  | "buffer";

/** A part of the source: offsets, and the line it begins at, from 1. */
export interface SourceSpan {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

export interface LoopSpan extends SourceSpan {
  readonly kind: "while" | "for";
  /** What is repeated, from the colon on. */
  readonly bodyFrom: number;
  readonly bodyTo: number;
}

export interface StatementSpan extends SourceSpan {
  /** White space before it; null: it does not begin its line. */
  readonly indent: string | null;
  /** `if`, `while`, `for`, `with`, `try`: the expression stands in its head. */
  readonly isCompound: boolean;
}

/** An expression in a loop that allocates on the heap in each pass, and need not. */
export interface AllocationSite extends SourceSpan {
  readonly kind: AllocationKind;
  /** The statement around it. */
  readonly statement: StatementSpan;
  /** The innermost loop that repeats it. */
  readonly loop: LoopSpan;
  /** `update`, `Display.update`; null: at the module's top level. */
  readonly functionName: string | null;
  /** Repeated by a `while`, or in a function that has one; false: as often as a `for` has elements. */
  readonly isHot: boolean;
  /** What allocates, as one sentence. */
  readonly title: string;
  /** What to write instead. */
  readonly change: string;
  /** A whole rewrite that does the same; null: it takes a person to see what is meant. */
  readonly rewrite: readonly Edit[] | null;
}
