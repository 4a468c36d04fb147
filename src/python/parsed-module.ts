import { parser } from "@lezer/python";

export type Tree = ReturnType<typeof parser.parse>;
export type SyntaxNode = Tree["topNode"];
type SyntaxNodeRef = Parameters<Parameters<Tree["iterate"]>[0]["enter"]>[0];

/** A place of a module that cannot be used, as advice tells it. */
export interface SourceProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The source of one module and what it says. Offsets are into `text`, in UTF-16 units. */
export interface ParsedModule {
  readonly file: string;
  readonly text: string;
  readonly tree: Tree;
  readonly lines: readonly string[];
  /** The line of an offset, from 1. */
  lineOf(offset: number): number;
  /** The first places that leave the tree unusable; empty: all can be read. */
  readonly syntaxErrors: readonly SourceProblem[];
}

const problemsTold = 3;

/**
 * Reads the source of a module. The grammar is that of Python 3 and lenient: what passes here may still be refused by
 * MicroPython's compiler. `file` is the name that problems are told with.
 */
export function parseModule(file: string, text: string): ParsedModule {
  const tree = parser.parse(readable(text));
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  const lines = text.split(/\r?\n/);
  return { file, text, tree, lines, lineOf, syntaxErrors: problemsOf({ file, text, tree, lines, lineOf }) };
}

/**
 * What the grammar does not know, replaced by as many characters of the same meaning: a byte order mark, which would become
 * part of the first name, form feeds, and floats such as `20.`.
 */
function readable(text: string): string {
  return text
    .replace(/^\uFEFF/, "\n")
    .replaceAll("\f", " ")
    .replace(/(?<![\w.])(\d+)\.(?![\w.])/g, (_, digits: string) => `${digits}0`);
}

/** Valid Python that the grammar has no rule for, without harm to the tree around: `yield` alone, `with a as b.c`. */
function isHarmless(node: SyntaxNodeRef, text: string): boolean {
  const parent = node.node.parent?.name ?? "";
  if (parent === "YieldStatement" || parent === "YieldExpression") return node.from === node.to;
  return parent === "WithStatement" && /^(\.\w+)+$/.test(text.slice(node.from, node.to));
}

function problemsOf(module: Omit<ParsedModule, "syntaxErrors">): readonly SourceProblem[] {
  const { file, text, tree, lines, lineOf } = module;
  const found = new Set<number>();
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && found.size < problemsTold && !isHarmless(node, text))
        found.add(lineOf(node.from));
    },
  });
  return [...found].map((line) => ({
    file,
    line,
    text: `This line cannot be read as Python 3: ${excerpt(lines[line - 1] ?? "")}`,
  }));
}

function excerpt(line: string): string {
  const shown = line.trim();
  if (shown === "") return "something is missing before it.";
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}
