import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, textOf } from "./tree.ts";

/** The first statement behind docstring and `__future__`: an import may go before it. Null: there is none. */
export function firstStatement(module: ParsedModule): SyntaxNode | null {
  const isHead = (statement: SyntaxNode, index: number): boolean =>
    (index === 0 && isText(statement)) || isFuture(module, statement);
  return childrenOf(module.tree.topNode).find((statement, index) => !isHead(statement, index)) ?? null;
}

const isText = (statement: SyntaxNode): boolean =>
  statement.name === "ExpressionStatement" &&
  ["String", "ContinuedString"].includes(statement.firstChild?.name ?? "");

const isFuture = (module: ParsedModule, statement: SyntaxNode): boolean =>
  statement.name === "ImportStatement" && /^from\s+__future__\b/.test(textOf(module, statement));
