import { type Allocation, type AllocationContext, assignedName, shown, useOf } from "./allocation-context.ts";
import { constantValue } from "./constant-values.ts";
import { keepingCondition, keepingOf, onlyIf } from "./keepers.ts";
import { collectionOf, handedAdvice, namedAdvice } from "./list-advice.ts";
import type { SyntaxNode } from "./parsed-module.ts";
import { calledName, childrenOf, enclosing, textOf } from "./tree.ts";

export const listNodes = [
  ...["ArrayExpression", "DictionaryExpression", "SetExpression"],
  ...["ArrayComprehensionExpression", "DictionaryComprehensionExpression", "SetComprehensionExpression"],
];

/** A list, dictionary or set that is made in each pass, looked at, and forgotten. */
export function listAllocation(context: AllocationContext, node: SyntaxNode): Allocation | null {
  const { module } = context;
  if (listNodes.some((name) => enclosing(node, [name])?.to === node.to)) return null;
  const isOperand = node.parent?.name === "BinaryExpression" || node.parent?.name === "ForStatement";
  if (isOperand && node.prevSibling?.name === "in") {
    return node.nextSibling?.name === "," ? null : asTuple(context, node);
  }
  const target = assignedName(node);
  const call = node.parent?.name === "ArgList" ? node.parent.parent : null;
  if (target === null && call === null) return null;
  const keeping = keepingOf(context, node);
  const isUsable = keeping.kind === "nobody" || (keeping.kind === "calls" && target !== null);
  if (!isUsable || (target === null && useOf(context, node) !== "scratch")) return null;
  const what = collectionOf(module, node);
  const advice =
    target === null
      ? handedAdvice(module, node, call === null ? "" : (calledName(module, call) ?? ""))
      : namedAdvice(module, node, textOf(module, target), context.place.scope);
  return {
    kind: "list",
    node,
    title: `${shown(module, node)} makes a new ${what} in each pass.`,
    change: onlyIf(keepingCondition(context, node, what), advice),
    rewrite: null,
  };
}

/** A list of constants behind `in`: as a tuple it is made once, when the module is compiled. */
function asTuple({ module, constants }: AllocationContext, node: SyntaxNode): Allocation | null {
  if (node.name !== "ArrayExpression") return null;
  const elements = childrenOf(node).filter(({ name }) => !["[", "]", ","].includes(name));
  if (elements.length === 0) return null;
  const known = new Map([...constants].map((name) => [name, { kind: "int", value: 0n }] as const));
  const areConstant = elements.every(
    (element) => element.name !== "VariableName" && constantValue(module, element, known) !== null,
  );
  if (!areConstant) return null;
  const inner = module.text.slice(node.from + 1, node.to - 1);
  const comma = elements.length === 1 && node.getChild(",") === null ? "," : "";
  const end = elements.at(-1)?.to ?? node.to - 1;
  const insert = `(${inner.slice(0, end - node.from - 1)}${comma}${inner.slice(end - node.from - 1)})`;
  return {
    kind: "list",
    node,
    title: `${shown(module, node)} makes a new list in each pass.`,
    change: `Write a tuple, ${insert.replace(/\s+/g, " ")}: its elements are constants, so it is made once, when the module is compiled.`,
    rewrite: [{ from: node.from, to: node.to, insert }],
  };
}
