import type { AllocationContext } from "./allocation-context.ts";
import { type NameUse, namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { argumentsOf, calledName, childrenOf, enclosing } from "./tree.ts";

/** Where a name is bound in the function around the loop, or else in the module. */
export function boundIn({ module, place }: AllocationContext, name: string): readonly NameUse[] {
  const bound = namesIn(module).filter(({ name: used, role }) => used === name && role === "bound");
  const own = bound.filter(({ node }) => node.from >= place.scope.from && node.to <= place.scope.to);
  return own.length > 0 ? own : bound;
}

/** What is assigned to the name in the function around the loop, or else in the module; null: bound otherwise. */
export function bindingsOf(context: AllocationContext, name: string): readonly (SyntaxNode | null)[] {
  return boundIn(context, name).map(({ node }) => {
    const parts = node.parent?.name === "AssignStatement" ? childrenOf(node.parent) : [];
    return parts.length === 3 ? (parts[2] ?? null) : null;
  });
}

/** What a name stands for that the module assigns once, `name = …` at its top level; null for all others. */
export function fixedValue(module: ParsedModule, name: string): SyntaxNode | null {
  const bound = namesIn(module).filter((use) => use.name === name && use.role === "bound");
  const statement = bound[0]?.node.parent;
  if (bound.length !== 1 || statement?.name !== "AssignStatement") return null;
  const [, , value, ...rest] = childrenOf(statement);
  if (value === undefined || rest.length > 0 || enclosing(statement, ["Body"]) !== null) return null;
  return value;
}

/** Whether a name stands for a text or bytes literal that is assigned once, plain or in `const()`. */
export function isFixedText(module: ParsedModule, name: string): boolean {
  const value = fixedValue(module, name);
  if (value === null) return false;
  const isConst = value.name === "CallExpression" && calledName(module, value) === "const";
  const literal = (isConst ? argumentsOf(module, value)[0]?.value : value) ?? value;
  return ["String", "ContinuedString"].includes(literal.name);
}
