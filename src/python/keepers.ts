import { type AllocationContext, shown, usesOf } from "./allocation-context.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { calledName, textOf } from "./tree.ts";

/** Functions and methods that look at what they are given and give back something of their own. */
const harmless = [
  ...["print", "int", "float", "str", "repr", "hex", "bool", "ord", "isinstance", "type", "enumerate", "zip"],
  ...["range", "abs", "round", "hexlify", "b2a_base64", "update", "crc32", "startswith", "find"],
  ...["info", "debug", "write", "writeto", "sendall", "sendto"],
];

/** Who may keep the value of an expression longer than the pass. */
export type Keeping =
  | { readonly kind: "nobody" }
  /** Functions it is handed to, such as `keeper.keep()`. */
  | { readonly kind: "calls"; readonly calls: readonly string[] }
  /** The source does not tell where it goes, or another statement binds the name, too. */
  | { readonly kind: "unknown" }
  /** It is stored, collected or given on for certain. */
  | { readonly kind: "kept" };

/** Who may keep the value of `node`, also behind the name it is assigned to. */
export function keepingOf(context: AllocationContext, node: SyntaxNode): Keeping {
  const uses = usesOf(context, node);
  if (uses.some(({ use }) => use === "kept")) return { kind: "kept" };
  const calls = new Set<string>();
  for (const { node: at, use } of uses) {
    if (use === "scratch" || methodOn(context.module, at) !== null) continue;
    const call = callAround(context.module, at);
    if (call === null) return { kind: "unknown" };
    if (!harmless.includes(calledName(context.module, call) ?? "")) calls.add(calleeOf(context, call));
  }
  return calls.size === 0 ? { kind: "nobody" } : { kind: "calls", calls: [...calls] };
}

/**
 * The condition under which one `what` for all passes does the same as a new one in each, as what comes before the
 * advice itself; empty where there is none.
 */
export function keepingCondition(context: AllocationContext, node: SyntaxNode, what: string): string {
  const keeping = keepingOf(context, node);
  switch (keeping.kind) {
    case "nobody":
      return "";
    case "calls": {
      const last = keeping.calls.at(-1) ?? "";
      const others = keeping.calls.slice(0, -1).join(", ");
      const who = others === "" ? `${last} does` : `${others} and ${last} do`;
      return `Only if ${who} not keep it (all that is kept would be one ${what}, with what came last in it): `;
    }
    case "unknown":
    case "kept":
      return `Only if nothing keeps it beyond the pass (all that is kept would be one ${what}, with what came last in it): `;
  }
}

/** An advice behind its condition. */
export const onlyIf = (condition: string, advice: string): string =>
  condition === "" ? advice : `${condition}${advice.charAt(0).toLowerCase()}${advice.slice(1)}`;

/** Methods that are called on the value of `node` itself, such as `split`. */
export function methodsOn(context: AllocationContext, node: SyntaxNode): readonly string[] {
  const methods = usesOf(context, node).map(({ node: at }) => methodOn(context.module, at));
  return [...new Set(methods.filter((method) => method !== null))];
}

/** What a method of bytes, lists and dictionaries gives back is a value of its own. */
function methodOn(module: ParsedModule, node: SyntaxNode): string | null {
  const member = node.parent;
  const isCallee = member?.parent?.name === "CallExpression" && member.nextSibling?.name === "ArgList";
  if (member?.name !== "MemberExpression" || !isCallee || node.nextSibling?.name !== ".") return null;
  return member.lastChild === null ? null : textOf(module, member.lastChild);
}

/** The call that gets `node`, or a part or view of it, as an argument. */
function callAround(module: ParsedModule, node: SyntaxNode): SyntaxNode | null {
  let at = node;
  while (at.parent?.name === "ParenthesizedExpression" || isPartOf(at)) at = at.parent ?? at;
  const list = at.parent;
  const call = list?.name === "ArgList" ? list.parent : null;
  if (call?.name !== "CallExpression") return null;
  if (calledName(module, call) === "memoryview" && call.firstChild?.name === "VariableName") {
    return callAround(module, call);
  }
  return call;
}

const isPartOf = ({ parent, nextSibling }: SyntaxNode): boolean =>
  parent?.name === "MemberExpression" && nextSibling?.name === "[";

const calleeOf = ({ module }: AllocationContext, call: SyntaxNode): string => {
  const callee = call.firstChild;
  if (callee === null) return "the function";
  const text = textOf(module, callee);
  return /^[\w.]+$/.test(text) && text.length <= 40
    ? `${text}()`
    : `${calledName(module, call) ?? shown(module, callee)}()`;
};
