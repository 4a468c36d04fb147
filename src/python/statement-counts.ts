import { applyEdits, type Edit } from "./edits.ts";
import { isEndlessHead } from "./endless-loops.ts";
import { callBefore, counterModule } from "./instrument.ts";
import { firstStatement } from "./module-head.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, enclosing, nodesOf, textOf } from "./tree.ts";

/** A statement, or the expression in the head of one, that is counted by itself. Lines are from 1. */
export interface CountedStatement {
  readonly line: number;
  readonly lastLine: number;
}

/** A copy of a module that counts what each of its statements allocates. */
export interface StatementCopy {
  readonly text: string;
  /** In the order of their numbers, from the one that was given. */
  readonly statements: readonly CountedStatement[];
  /** Lines of the endless loops, in the order of theirs. */
  readonly loops: readonly number[];
}

/** The numbers that a copy begins with. */
export interface FirstNumbers {
  readonly statement: number;
  readonly loop: number;
}

const simple = [
  "ExpressionStatement",
  "AssignStatement",
  "UpdateStatement",
  "DeleteStatement",
  "AssertStatement",
];
const heads = ["IfStatement", "WhileStatement", "ForStatement"];
const repeated = ["FunctionDefinition", "WhileStatement", "ForStatement"];

/**
 * A copy of the module that calls `__heapscope.down(k)` before and `__heapscope.up(k)` after each simple statement in functions and
 * loops, the same around what `return`, `if`, `elif`, `while` and `for` evaluate, `enter(j)` before each endless loop and `pass_(j)`
 * as the first thing in each of its passes. Left out: what waits (`await`, `yield`), loops in which something waits, and assembler.
 * All code stays on its line, except behind calls that stand before a compound statement.
 */
export function countStatements(module: ParsedModule, first: FirstNumbers): StatementCopy | null {
  const head = firstStatement(module);
  if (module.syntaxErrors.length > 0 || head === null) return null;
  const loops = nodesOf(module.tree.topNode, ["WhileStatement"]).filter((loop) =>
    isCountedLoop(module, loop),
  );
  const spans = nodesOf(module.tree.topNode, [...simple, "ReturnStatement", ...heads]).flatMap((node) =>
    isRepeated(node) && !isAssembler(module, node) ? partsOf(module, node) : [],
  );
  const passes = loops.flatMap((loop, at) => passCalls(module, loop, first.loop + at));
  const counts = spans.flatMap((span, at) => countCalls(span, first.statement + at));
  const imported = callBefore(module, head, `import ${counterModule}`);
  return {
    text: applyEdits(module.text, [imported, ...passes, ...counts]),
    statements: spans.map(({ from, to }) => ({ line: module.lineOf(from), lastLine: module.lineOf(to) })),
    loops: loops.map(({ from }) => module.lineOf(from)),
  };
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly kind: "statement" | "expression";
}

/** What of a node is counted by itself. */
function partsOf(module: ParsedModule, node: SyntaxNode): readonly Part[] {
  if (simple.includes(node.name)) {
    const isText = ["String", "ContinuedString"].includes(node.firstChild?.name ?? "");
    const isDocstring = node.name === "ExpressionStatement" && isText && node.firstChild?.to === node.to;
    return waits(node) || isDocstring ? [] : [{ from: node.from, to: node.to, kind: "statement" }];
  }
  const children = childrenOf(node);
  if (node.name === "ReturnStatement") {
    const [, value] = children;
    const to = children.at(-1)?.to ?? node.to;
    return value === undefined || waits(node) ? [] : [{ from: value.from, to, kind: "expression" }];
  }
  const before = node.name === "ForStatement" ? ["in"] : ["if", "elif", "while"];
  return children.flatMap((child, at): readonly Part[] => {
    const next = children[at + 1];
    // Several values with commas between them have no node of their own.
    if (!before.includes(child.name) || next === undefined || children[at + 2]?.name !== "Body") return [];
    return isHeadCounted(module, next) ? [{ from: next.from, to: next.to, kind: "expression" }] : [];
  });
}

/** Not `while True`, and not `range(…)`, of which a loop makes no object as long as it stands there by itself. */
function isHeadCounted(module: ParsedModule, expression: SyntaxNode): boolean {
  if (waits(expression) || ["Boolean", "Number", "VariableName"].includes(expression.name)) return false;
  return !/^range\s*\(/.test(textOf(module, expression));
}

function countCalls({ from, to, kind }: Part, number: number): readonly Edit[] {
  const [down, up] = [`${counterModule}.down(${number})`, `${counterModule}.up(${number}`];
  return kind === "statement"
    ? [
        { from, to: from, insert: `${down}; ` },
        { from: to, to, insert: `; ${up})` },
      ]
    : [
        { from, to: from, insert: `${up}, ${down} or (` },
        { from: to, to, insert: "))" },
      ];
}

function passCalls(module: ParsedModule, loop: SyntaxNode, number: number): readonly Edit[] {
  const body = loop.getChild("Body");
  const first = body === null ? undefined : childrenOf(body).find(({ name }) => name !== ":");
  if (first === undefined) return [];
  return [
    callBefore(module, loop, `${counterModule}.enter(${number})`),
    callBefore(module, first, `${counterModule}.pass_(${number})`),
  ];
}

function isCountedLoop(module: ParsedModule, loop: SyntaxNode): boolean {
  const body = loop.getChild("Body");
  if (body === null || !isEndlessHead(module.text.slice(loop.from, body.from))) return false;
  return !waits(loop) && !isAssembler(module, loop);
}

/** In a function or a loop, and not in the body of a class there. */
function isRepeated(node: SyntaxNode): boolean {
  const around = enclosing(node, [...repeated, "ClassDefinition"]);
  if (around === null) return node.name === "WhileStatement";
  return around.name !== "ClassDefinition";
}

/** Other code may run meanwhile. */
const waits = (node: SyntaxNode): boolean => nodesOf(node, ["await", "yield", "async"]).length > 0;

function isAssembler(module: ParsedModule, node: SyntaxNode): boolean {
  for (
    let at = enclosing(node, ["DecoratedStatement"]);
    at !== null;
    at = enclosing(at, ["DecoratedStatement"])
  ) {
    if (at.getChildren("Decorator").some((decorator) => /asm_/.test(textOf(module, decorator)))) return true;
  }
  return false;
}
