import { type Allocation, type AllocationContext, shown } from "./allocation-context.ts";
import type { Edit } from "./edits.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { printParts } from "./print-parts.ts";
import { argumentsOf, calledName, childrenOf, enclosing, nodesOf, textOf } from "./tree.ts";
import { useOfValue } from "./value-use.ts";

const onlyWhenChanged = "Make the text only when what it shows has changed";

/** Text that is put together in each pass. */
export function textAllocation(context: AllocationContext, node: SyntaxNode): Allocation | null {
  const { module } = context;
  switch (node.name) {
    case "UpdateStatement":
      return grown(context, node);
    case "FormatString":
      if (node.getChild("FormatReplacement") === null) return null;
      return found(context, node, "f-string");
    case "CallExpression": {
      const receiver = node.firstChild?.firstChild;
      if (calledName(module, node) !== "format" || receiver == null || !isText(module, receiver)) return null;
      return found(context, node, "format");
    }
    case "BinaryExpression": {
      const [left, operator] = childrenOf(node);
      if (left === undefined || operator === undefined) return null;
      const sign = textOf(module, operator);
      if (sign === "%" && ["String", "ContinuedString"].includes(left.name)) {
        return found(context, node, "format");
      }
      return sign === "+" && isText(module, node) ? found(context, node, "string-building") : null;
    }
    default:
      return null;
  }
}

function found(context: AllocationContext, node: SyntaxNode, kind: Allocation["kind"]): Allocation | null {
  const { module, devices, place } = context;
  const title = `${shown(module, node)} makes a new text in each pass.`;
  const call = node.parent?.name === "ArgList" ? node.parent.parent : null;
  const isOnly = call !== null && argumentsOf(module, call)[0]?.value.from === node.from;
  const called = call === null ? null : calledName(module, call);
  if (call !== null && isOnly && called === "print" && call.firstChild?.name === "VariableName") {
    const parts = printParts(module, node);
    const rewrite = parts === null ? null : printed(module, call, parts);
    const change =
      parts === null
        ? 'Give print the parts as arguments of their own, with sep="", where no width or precision is needed.'
        : `Give print the parts: ${printCall(parts)}.`;
    return { kind, node, title, change, rewrite };
  }
  const stream = call?.firstChild?.firstChild;
  if (stream != null && isOnly && called === "write") {
    const change = `Let print write the parts: print(…, sep="", end="", file=${textOf(module, stream)}).`;
    return { kind, node, title, change, rewrite: null };
  }
  // What is collected is wanted, and a `for` over different values has nothing to keep.
  const isStored = node.parent?.name !== "AssignStatement" && useOfValue(module, devices, node) === "kept";
  if (isStored || !place.isHot) return null;
  return { kind, node, title, change: `${onlyWhenChanged}, or hand its parts on one by one.`, rewrite: null };
}

const printCall = (parts: readonly string[]): string =>
  `print(${[...parts, ...(parts.length > 1 ? ['sep=""'] : [])].join(", ")})`;

/** Only for `print(text)`, with `end` and `file` as they are. */
function printed(module: ParsedModule, call: SyntaxNode, parts: readonly string[]): readonly Edit[] | null {
  const [only, ...rest] = argumentsOf(module, call);
  if (
    only === undefined ||
    only.isSpread ||
    rest.some(({ keyword }) => keyword === null || keyword === "sep")
  )
    return null;
  const isShadowed = nodesOf(module.tree.topNode, ["VariableName"]).some(
    (node) => textOf(module, node) === "print" && node.nextSibling?.name !== "ArgList",
  );
  if (isShadowed) return null;
  const insert = [...parts, ...(parts.length > 1 ? ['sep=""'] : [])].join(", ");
  return [{ from: only.value.from, to: only.value.to, insert }];
}

/** `text += …` copies all that was there. */
function grown(context: AllocationContext, node: SyntaxNode): Allocation | null {
  const { module, place } = context;
  const [target, operator, value] = childrenOf(node);
  if (target === undefined || operator === undefined || value === undefined) return null;
  const isVariable = target.name === "VariableName" || target.lastChild?.name === "PropertyName";
  if (textOf(module, operator) !== "+=" || !isVariable) return null;
  const name = textOf(module, target);
  if (assignmentsOf(module, name, place.loop).length > 0) return null;
  if (!isText(module, value) && !beginsAsText(module, name, place.scope)) return null;
  return {
    kind: "string-building",
    node,
    title: `${shown(module, node)} copies all of ${name} in each pass.`,
    change:
      `Collect the parts in a list and join them once behind the loop, or write them into a bytearray that is made ` +
      "before it and keep count of the length.",
    rewrite: null,
  };
}

/** Whether an expression is text or bytes for certain. */
function isText(module: ParsedModule, node: SyntaxNode): boolean {
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
      return calledName(module, node) === "format" && callee?.firstChild?.name === "String";
    }
    case "BinaryExpression": {
      const [left, operator, right] = childrenOf(node);
      if (left === undefined || operator === undefined || right === undefined) return false;
      const sign = textOf(module, operator);
      if (sign === "%") return ["String", "ContinuedString"].includes(left.name);
      return sign === "+" && (isText(module, left) || isText(module, right));
    }
    default:
      return false;
  }
}

/** `name = "…"` or `b"…"` somewhere in the scope. */
function beginsAsText(module: ParsedModule, name: string, scope: SyntaxNode): boolean {
  return assignmentsOf(module, name, scope).some((statement) => {
    const around = enclosing(statement, ["FunctionDefinition"]);
    const isHere = scope.name === "Script" ? around === null : around?.from === scope.from;
    return isHere && ["String", "ContinuedString"].includes(childrenOf(statement)[2]?.name ?? "");
  });
}

/** `name = value` in and below `node`. */
const assignmentsOf = (module: ParsedModule, name: string, node: SyntaxNode): readonly SyntaxNode[] =>
  nodesOf(node, ["AssignStatement"]).filter((statement) => {
    const parts = childrenOf(statement);
    return parts.length === 3 && parts[0] !== undefined && textOf(module, parts[0]) === name;
  });
