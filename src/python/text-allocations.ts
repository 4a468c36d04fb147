import { type Allocation, type AllocationContext, shown } from "./allocation-context.ts";
import { fixedValue } from "./bindings.ts";
import type { Edit } from "./edits.ts";
import { isFormat, isText } from "./is-text.ts";
import { keepingCondition, onlyIf } from "./keepers.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { holdsBytes, printAdvice, strAdvice, streamAdvice } from "./print-advice.ts";
import { printParts } from "./print-parts.ts";
import { argumentsOf, calledName, childrenOf, enclosing, nodesOf, textOf } from "./tree.ts";
import { useOfValue } from "./value-use.ts";

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
      if (isStr(module, node)) return found(context, node, "text");
      if (calledName(module, node) !== "format" || receiver == null) return null;
      const isFormatted = isText(module, receiver) || isFormat(module, receiver);
      return isFormatted ? found(context, node, "format") : null;
    }
    case "BinaryExpression": {
      const [left, operator] = childrenOf(node);
      if (left === undefined || operator === undefined) return null;
      const sign = textOf(module, operator);
      if (sign === "%" && isFormat(module, left)) return found(context, node, "format");
      return sign === "+" && isText(module, node) ? found(context, node, "string-building") : null;
    }
    default:
      return null;
  }
}

/** `str(value)` that is assigned or handed on. Within a longer text it goes with that. */
function isStr(module: ParsedModule, call: SyntaxNode): boolean {
  if (call.firstChild?.name !== "VariableName" || calledName(module, call) !== "str") return false;
  const given = argumentsOf(module, call);
  const isOne = given.length === 1 && given[0]?.keyword === null && !given[0].isSpread;
  return isOne && ["AssignStatement", "ArgList"].includes(call.parent?.name ?? "");
}

/** Methods that show or send text, which can be done in parts. */
const showing = ["text", "puts", "putstr", "draw_text", "write", "send", "sendall"];

function found(context: AllocationContext, node: SyntaxNode, kind: Allocation["kind"]): Allocation | null {
  const { module, devices, place } = context;
  // It goes with the longer text that it is a part of.
  if (node.parent?.name === "BinaryExpression" && isText(module, node.parent)) return null;
  const areBytes = holdsBytes(module, node);
  const title = `${shown(module, node)} makes a new ${areBytes ? "bytes object" : "text"} in each pass.`;
  const call = node.parent?.name === "ArgList" ? node.parent.parent : null;
  const isOnly = call !== null && argumentsOf(module, call)[0]?.value.from === node.from;
  const called = call === null ? null : calledName(module, call);
  if (call !== null && called === "print" && call.firstChild?.name === "VariableName") {
    if (isOnly) {
      const parts = printParts(module, node);
      const rewrite = parts === null ? null : printed(module, call, parts);
      return { kind, node, title, change: printAdvice(module, node), rewrite };
    }
    if (kind === "text") return { kind, node, title, change: strAdvice(module, node), rewrite: null };
  }
  // What is collected is wanted.
  const isStored = node.parent?.name !== "AssignStatement" && useOfValue(module, devices, node) === "kept";
  const fixed = fixedNames(module, node);
  if (fixed !== null && !isStored && place.isHot) {
    const names =
      fixed.length === 1 ? `${fixed[0]} is` : `${fixed.slice(0, -1).join(", ")} and ${fixed.at(-1)} are`;
    const change = `${names} assigned once in this module, so the text is the same in each pass: make it once before the loop.`;
    return { kind, node, title, change, rewrite: null };
  }
  const stream = call?.firstChild?.firstChild;
  if (stream != null && isOnly && called === "write") {
    return { kind, node, title, change: streamAdvice(context, node, stream), rewrite: null };
  }
  // A `for` over different values has nothing to keep, but what is shown can be shown in parts.
  const isShown = kind !== "text" && stream != null && showing.includes(called ?? "");
  if (isStored || (!place.isHot && !isShown)) return null;
  if (areBytes && kind === "string-building") {
    const advice =
      "Make a bytearray once before the loop, put the parts in their places in it, and hand on what is filled of it.";
    const change = onlyIf(keepingCondition(context, node, "bytearray"), advice);
    return { kind, node, title, change, rewrite: null };
  }
  const parts = kind === "text" ? "" : ", or hand its parts on one by one";
  const change = place.isHot
    ? `Make the text only when what it shows has changed${parts}.`
    : "Hand its parts on one by one, or, where the texts are the same each time, make them once and keep them.";
  return { kind, node, title, change, rewrite: null };
}

/** The names in an expression, if it has some and all are assigned once in the module, at its top level; else null. */
function fixedNames(module: ParsedModule, node: SyntaxNode): readonly string[] | null {
  const calls = nodesOf(node, ["CallExpression"]).filter(
    (call) => call.from !== node.from || call.to !== node.to,
  );
  if (
    calls.length > 0 ||
    nodesOf(node, ["MemberExpression"]).some(({ parent }) => parent?.name !== "CallExpression")
  ) {
    return null;
  }
  const names = new Set(nodesOf(node, ["VariableName"]).map((name) => textOf(module, name)));
  names.delete("str");
  if (names.size === 0) return null;
  return [...names].every((name) => fixedValue(module, name) !== null) ? [...names] : null;
}

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
