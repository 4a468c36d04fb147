/** What kind of damage a dump has; stable for programs. */
export type DumpProblemReason =
  /** A header line begins rightly and then breaks its grammar. */
  | "header-damaged"
  /** A line of the header did not come. */
  | "header-missing"
  /** A map was announced and did not come, or came without its announcement. */
  | "map-missing"
  /** A map line, or part of one, is not what the format allows. */
  | "map-line-damaged"
  /** The offsets jump: lines were lost or doubled. */
  | "map-line-missing"
  /** The map stops too early. */
  | "map-truncated"
  /** The figures contradict one another. */
  | "does-not-add-up"
  /** Larger than heapscope's limits. */
  | "too-large";

/** Why a dump, or a part of it, cannot be believed. */
export interface DumpProblem {
  readonly reason: DumpProblemReason;
  /** 1-based, counted over the whole input. Where something is missing: the line that stands in its place, or the last. */
  readonly line: number;
  readonly expected: string;
  readonly found: string;
  /** One sentence for people, with line, expectation and finding. */
  readonly text: string;
}

/** Makes a problem and its sentence: "line 8: expected …, found …". */
export function dumpProblem(
  reason: DumpProblemReason,
  line: number,
  expected: string,
  found: string,
): DumpProblem {
  return { reason, line, expected, found, text: `line ${line}: expected ${expected}, found ${found}` };
}
