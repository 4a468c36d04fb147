import type { Devices } from "./devices.ts";
import { namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { argumentsOf, calledName, enclosing, textOf } from "./tree.ts";

/** What becomes of a value. */
export type ValueUse =
  /** Looked at within the pass, and then forgotten. */
  | "scratch"
  /** Stored, returned, or given on for later. */
  | "kept"
  | "unknown";

const lookingFunctions = ["len", "sum", "min", "max", "any", "all", "sorted", "bytes", "list", "tuple"];
const lookingMethods = ["unpack", "unpack_from", "from_bytes", "hexlify", "join", "dumps"];
const filling = [
  ...["readinto", "readfrom_into", "readfrom_mem_into", "recv_into", "write_readinto", "pack_into"],
];
export const sending = ["write", "send", "sendall", "sendto", "writeto", "writeto_mem", "writevto"];
const ownMethods = ["append", "extend", "insert", "clear", "pop", "sort", "index", "count", "get"];
const keeping = ["append", "insert", "put", "put_nowait", "appendleft", "add", "setdefault", "extend"];

/** What the expression at `node` is used for where it stands. */
export function useOfValue(module: ParsedModule, devices: Devices, node: SyntaxNode): ValueUse {
  const parent = node.parent;
  if (isTarget(node) || isUnpacked(node)) return "scratch";
  switch (parent?.name) {
    case "ParenthesizedExpression":
      return useOfValue(module, devices, parent);
    case "ExpressionStatement":
      return "scratch";
    case "MemberExpression":
      return useOfMember(module, devices, node, parent);
    case "BinaryExpression": {
      const operator = parent.firstChild?.nextSibling;
      if (operator?.name === "CompareOp") return "scratch";
      return operator?.name === "in" || operator?.name === "not" ? "scratch" : "unknown";
    }
    case "ForStatement":
    case "ArrayComprehensionExpression":
    case "SetComprehensionExpression":
    case "DictionaryComprehensionExpression":
      return node.prevSibling?.name === "in" ? "scratch" : "kept";
    case "ArgList":
      return useOfArgument(module, devices, node, parent);
    case "IfStatement":
    case "WhileStatement":
    case "ConditionalExpression":
      return node.prevSibling?.name === "if" || parent.name === "WhileStatement" ? "scratch" : "unknown";
    case "AssignStatement":
    case "ReturnStatement":
    case "YieldStatement":
    case "YieldExpression":
    case "ArrayExpression":
    case "TupleExpression":
    case "DictionaryExpression":
    case "SetExpression":
    case "LambdaExpression":
      return "kept";
    default:
      return "unknown";
  }
}

/** `value[a:b]` in `value[a:b] = …`: written to, not kept. */
const isTarget = ({ name, parent, nextSibling }: SyntaxNode): boolean =>
  name === "MemberExpression" && parent?.name === "AssignStatement" && nextSibling?.name === "AssignOp";

/** `value` in `a, b = value`: its elements may stay, it does not. */
function isUnpacked({ parent, prevSibling, nextSibling }: SyntaxNode): boolean {
  if (parent?.name !== "AssignStatement" || prevSibling?.name !== "AssignOp" || nextSibling !== null)
    return false;
  return parent.getChildren("AssignOp").length === 1 && parent.getChild(",") !== null;
}

function useOfMember(module: ParsedModule, devices: Devices, node: SyntaxNode, member: SyntaxNode): ValueUse {
  if (member.firstChild?.from !== node.from) return "unknown";
  if (node.nextSibling?.name === "[") {
    return member.getChild(":") === null ? "scratch" : useOfValue(module, devices, member);
  }
  const isCalled = member.parent?.name === "CallExpression" && member.nextSibling?.name === "ArgList";
  const last = member.lastChild === null ? "" : textOf(module, member.lastChild);
  return isCalled && ownMethods.includes(last) ? "scratch" : "unknown";
}

function useOfArgument(module: ParsedModule, devices: Devices, node: SyntaxNode, list: SyntaxNode): ValueUse {
  const call = list.parent;
  const callee = call?.firstChild;
  if (call?.name !== "CallExpression" || callee == null || node.prevSibling?.name === "AssignOp")
    return "unknown";
  const called = calledName(module, call) ?? "";
  if (callee.name === "VariableName") {
    if (called === "memoryview") return useOfValue(module, devices, call);
    // Of several values, min and max give back one as it is.
    const isChoice = ["min", "max"].includes(called) && argumentsOf(module, call).length > 1;
    const isLooking = lookingFunctions.includes(called) || lookingMethods.includes(called);
    return isLooking && !isChoice ? "scratch" : "unknown";
  }
  if (keeping.includes(called)) return "kept";
  if (lookingMethods.includes(called) || filling.includes(called)) return "scratch";
  const device = callee.firstChild === null ? null : devices.of(callee.firstChild);
  return sending.includes(called) && device !== null && device !== "other" ? "scratch" : "unknown";
}

/** One use of a name. */
export interface UseOfName {
  readonly node: SyntaxNode;
  readonly use: ValueUse;
}

/**
 * What becomes of what `statement`, of the form `name = …`, assigns, at each place of `scope` that has the name. `scratch` only
 * for reads in the same block behind the statement.
 */
export function usesOfName(
  module: ParsedModule,
  devices: Devices,
  name: string,
  statement: SyntaxNode,
  scope: SyntaxNode,
): readonly UseOfName[] {
  const block = enclosing(statement, ["Body"]);
  const uses = namesIn(module).filter(
    ({ name: used, role, node }) =>
      used === name &&
      node.from >= scope.from &&
      node.to <= scope.to &&
      (role === "read" || role === "bound") &&
      !(node.from >= statement.from && node.to <= statement.to && role === "bound"),
  );
  return uses.map(({ role, node }) => {
    const function_ = enclosing(node, ["FunctionDefinition", "LambdaExpression"]);
    const isOwn = scope.name === "Script" ? function_ === null : function_?.from === scope.from;
    const isBehind = node.from >= statement.to && block !== null && node.to <= block.to;
    if (!isOwn) return { node, use: "kept" };
    return { node, use: role === "bound" || !isBehind ? "unknown" : useOfValue(module, devices, node) };
  });
}

/** Of several uses, the one that says most against changing the value in place. */
export function worstOf(uses: readonly ValueUse[]): ValueUse {
  if (uses.includes("kept")) return "kept";
  return uses.includes("unknown") ? "unknown" : "scratch";
}
