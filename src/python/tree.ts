import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";

export const textOf = ({ text }: ParsedModule, { from, to }: { from: number; to: number }): string =>
  text.slice(from, to);

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "Comment") children.push(child);
  }
  return children;
}

/** All nodes of the given names in and below `node`, in the order of the text. */
export function nodesOf(node: SyntaxNode, names: readonly string[]): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((at) => {
    if (names.includes(at.name)) found.push(at.node);
  });
  return found;
}

/** The nearest node around `node` that has one of the names. */
export function enclosing(node: SyntaxNode, names: readonly string[]): SyntaxNode | null {
  for (let around = node.parent; around !== null; around = around.parent) {
    if (names.includes(around.name)) return around;
  }
  return null;
}

/** Statements of a script or body, those joined by semicolons singly. */
export function statementsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(node).flatMap((child) => {
    if (child.name === "StatementGroup") return statementsOf(child);
    return /^[A-Z]/.test(child.name) ? [child] : [];
  });
}

/** What a plain string or bytes literal holds between its quotes, escapes as written; null for all others. */
export function literalText(module: ParsedModule, node: SyntaxNode): string | null {
  if (node.name !== "String") return null;
  const match = /^[a-z]*('''|"""|'|")([\s\S]*)\1$/i.exec(textOf(module, node));
  return match?.[2] ?? null;
}

/** The name of a called function: `f` of `f(…)`, `read` of `a.b.read(…)`, null for others. */
export function calledName(module: ParsedModule, call: SyntaxNode): string | null {
  const callee = call.firstChild;
  if (callee?.name === "VariableName") return textOf(module, callee);
  const last = callee?.name === "MemberExpression" ? callee.lastChild : null;
  return last?.name === "PropertyName" ? textOf(module, last) : null;
}

/** One argument of a call. */
export interface Argument {
  /** Null: by position. */
  readonly keyword: string | null;
  /** `*` or `**` before it. */
  readonly isSpread: boolean;
  readonly value: SyntaxNode;
}

/** The arguments of a call; empty for a lone generator expression. */
export function argumentsOf(module: ParsedModule, call: SyntaxNode): readonly Argument[] {
  const list = call.getChild("ArgList");
  const nodes = list === null ? [] : childrenOf(list).slice(1, -1);
  if (nodes.some(({ name }) => name === "for" || name === "async")) return [];
  const found: Argument[] = [];
  let part: SyntaxNode[] = [];
  const take = (): void => {
    const value = part.at(-1);
    const [first] = part;
    if (value !== undefined && first !== undefined) {
      const isKeyword = part[1]?.name === "AssignOp" && textOf(module, part[1]) === "=";
      found.push({
        keyword: isKeyword ? textOf(module, first) : null,
        isSpread: first.name === "*" || first.name === "**",
        value,
      });
    }
    part = [];
  };
  for (const node of nodes) {
    if (node.name === ",") take();
    else part.push(node);
  }
  take();
  return found;
}

/** White space before the statement, if it begins its line; else null. */
export function indentOf(module: ParsedModule, statement: SyntaxNode): string | null {
  const lineStart = module.text.lastIndexOf("\n", statement.from - 1) + 1;
  const before = module.text.slice(lineStart, statement.from).replace(/^\uFEFF/, "");
  return /^[ \t]*$/.test(before) ? before : null;
}

/** The line end that the text uses first. */
export const lineEndOf = ({ text }: ParsedModule): "\r\n" | "\n" =>
  /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
