import { isFixedText } from "./bindings.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { calledName, childrenOf, textOf } from "./tree.ts";

/** Whether an expression is a text or bytes literal, or the name of one. */
export const isFormat = (module: ParsedModule, node: SyntaxNode): boolean =>
  ["String", "ContinuedString"].includes(node.name) ||
  (node.name === "VariableName" && isFixedText(module, textOf(module, node)));

/** Whether an expression is text or bytes for certain. */
export function isText(module: ParsedModule, node: SyntaxNode): boolean {
  switch (node.name) {
    case "String":
    case "ContinuedString":
    case "FormatString":
      return true;
    case "ParenthesizedExpression":
      return childrenOf(node).some((child) => isText(module, child));
    case "CallExpression": {
      const callee = node.firstChild;
      if (callee?.name === "VariableName") return ["str", "repr", "hex"].includes(textOf(module, callee));
      return (
        calledName(module, node) === "format" &&
        callee?.firstChild != null &&
        isFormat(module, callee.firstChild)
      );
    }
    case "BinaryExpression": {
      const [left, operator, right] = childrenOf(node);
      if (left === undefined || operator === undefined || right === undefined) return false;
      const sign = textOf(module, operator);
      if (sign === "%") return isFormat(module, left);
      return sign === "+" && (isText(module, left) || isText(module, right));
    }
    default:
      return false;
  }
}
