import { type Allocation, type AllocationContext, assignedName, shown, useOf } from "./allocation-context.ts";
import { constantValue } from "./constant-values.ts";
import type { SyntaxNode } from "./parsed-module.ts";
import { childrenOf, enclosing, textOf } from "./tree.ts";

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
  const isArgument = node.parent?.name === "ArgList";
  if ((target === null && !isArgument) || useOf(context, node) !== "scratch") return null;
  const what = textOf(module, node).startsWith("[") ? "list" : isDictionary(node) ? "dictionary" : "set";
  const name = target === null ? null : textOf(module, target);
  return {
    kind: "list",
    node,
    title: `${shown(module, node)} makes a new ${what} in each pass.`,
    change:
      name === null
        ? `Go through the values in a loop of its own that keeps only the result, or keep one ${what} from before the loop and change its elements.`
        : `Make ${name} once before the loop, and change its elements in it.`,
    rewrite: null,
  };
}

const isDictionary = (node: SyntaxNode): boolean => node.name.startsWith("Dictionary");

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
