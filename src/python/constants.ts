import { type ConstantKind, type ConstantValue, constantValue, tupleValue } from "./constant-values.ts";
import { type NameUse, namesIn } from "./names.ts";
import { outsideUse } from "./outside-use.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { argumentsOf, childrenOf, enclosing, nodesOf, statementsOf, textOf } from "./tree.ts";

/** A name of a module that `const()` or a leading underscore would serve. Offsets are into the module's text. */
export interface ConstantCandidate {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** The assignment. */
  readonly from: number;
  readonly to: number;
  /** The value, without a `const()` that is there. */
  readonly valueFrom: number;
  readonly valueTo: number;
  readonly kind: ConstantKind;
  /** It is in `const()` already, so only the underscore is missing. */
  readonly isConst: boolean;
  /** How often its own module reads it. */
  readonly reads: number;
  /** Neither its own module nor the others read it; assigning it is all that is ever done with it. */
  readonly isDead: boolean;
  /** With `const()` and a leading underscore nothing of it stays on the heap: no other module asks for it. */
  readonly mayBePrivate: boolean;
  /** Other names that its value is built on: they must be in `const()`, too. */
  readonly needs: readonly string[];
}

/**
 * Module-level names that are assigned once, unconditionally, to a value that `const()` takes, and that gain by `const()`
 * or a leading underscore. `others` are the other modules of the application: a name they may ask for stays public. A name
 * about which there is any doubt is left out, because MicroPython's compiler replaces a constant wherever it stands behind
 * its definition, also where it was meant as another variable. Empty for a module with syntax errors.
 */
export function findConstants(
  module: ParsedModule,
  others: readonly ParsedModule[],
): readonly ConstantCandidate[] {
  if (module.syntaxErrors.length > 0) return [];
  const uses = usesByName(module);
  if (reachesNames.some((name) => uses.has(name)) || bindsOwnConst(uses.get("const") ?? [])) return [];
  const outside = outsideUse(module, others);
  const lastStar = nodesOf(module.tree.topNode, ["ImportStatement"]).findLast(
    ({ lastChild }) => lastChild?.name === "*",
  );
  const known = new Map<string, ConstantValue>();
  return statementsOf(module.tree.topNode).flatMap((statement) => {
    const assigned = constantAssignment(module, statement, known);
    if (assigned === null || (lastStar?.from ?? -1) > statement.from) return [];
    const { name, value, isConst } = assigned;
    const own = uses.get(name) ?? [];
    if (/^__/.test(name) || !isBoundOnce(own) || outside.isWritten(name)) return [];
    if (own.some(({ node }) => leavesGeneratorOut(node))) return [];
    known.set(name, value.value);
    const reads = own.length - 1;
    const isAsked = outside.isAsked(name);
    const isHidden = name.startsWith("_");
    const allBehind = own.every(({ role, node }) => role === "bound" || node.from >= statement.to);
    const isShown = own.some(({ node }) => node.nextSibling?.name === "FormatSelfDoc");
    const mayBePrivate =
      !isAsked && reads > 0 && allBehind && (isHidden || !(uses.has(`_${name}`) || isShown));
    const isDead = reads === 0 && !isAsked && !(isHidden && isConst);
    // A hidden name in const() is gone from the module, so it must be private; a public one serves who reads it here.
    const isServed = isHidden ? mayBePrivate && !isConst : mayBePrivate || (reads > 0 && !isConst);
    if (!isServed && !isDead) return [];
    return {
      name,
      line: module.lineOf(statement.from),
      from: statement.from,
      to: statement.to,
      valueFrom: assigned.from,
      valueTo: assigned.to,
      kind: value.value.kind,
      isConst,
      reads,
      isDead,
      mayBePrivate,
      needs: [...new Set(value.needs)],
    };
  });
}

function usesByName(module: ParsedModule): ReadonlyMap<string, readonly NameUse[]> {
  const uses = new Map<string, NameUse[]>();
  for (const use of namesIn(module)) {
    const same = uses.get(use.name);
    if (same === undefined) uses.set(use.name, [use]);
    else same.push(use);
  }
  return uses;
}

/** Who reads or writes names by their text. */
const reachesNames = ["globals", "locals", "vars", "exec", "eval", "execfile", "__dict__"];

/** `const` of this module is not MicroPython's. One made inside `try` stands in for it on other Pythons. */
function bindsOwnConst(uses: readonly NameUse[]): boolean {
  return uses.some(
    ({ role, node }) =>
      role !== "read" &&
      enclosing(node, ["TryStatement"]) === null &&
      node.parent?.name !== "ImportStatement",
  );
}

const isBoundOnce = (uses: readonly NameUse[]): boolean =>
  uses.filter(({ role }) => role === "bound").length === 1 &&
  uses.every(({ role }) => role === "bound" || role === "read");

/**
 * Code below a condition that is a constant may not be compiled at all. If it holds the only `yield` of a function, that
 * would be no generator any more.
 */
function leavesGeneratorOut(read: SyntaxNode): boolean {
  const body = enclosing(read, ["Body"]);
  const branch = enclosing(read, ["IfStatement", "WhileStatement"]);
  if (branch === null || (body !== null && body.from > branch.from)) return false;
  return nodesOf(branch, ["YieldStatement", "YieldExpression", "AwaitExpression", "async"]).length > 0;
}

interface Assigned {
  readonly name: string;
  readonly value: { readonly value: ConstantValue; readonly needs: readonly string[] };
  readonly from: number;
  readonly to: number;
  readonly isConst: boolean;
}

/** `NAME = value`, and nothing else on either side. */
function constantAssignment(
  module: ParsedModule,
  statement: SyntaxNode,
  known: ReadonlyMap<string, ConstantValue>,
): Assigned | null {
  const [target, operator, ...values] = childrenOf(statement);
  const [first, last] = [values[0], values.at(-1)];
  if (statement.name !== "AssignStatement" || target?.name !== "VariableName") return null;
  if (operator?.name !== "AssignOp" || first === undefined || last === undefined) return null;
  if (values.some(({ name }) => name === "AssignOp")) return null;
  const name = textOf(module, target);
  if (values.length > 1) {
    const parts = values.filter((part) => part.name !== ",");
    const value = tupleValue(module, parts, known);
    return value === null ? null : { name, value, from: first.from, to: last.to, isConst: false };
  }
  const inner = constArgument(module, first);
  const node = inner ?? first;
  const value = constantValue(module, node, known);
  return value === null ? null : { name, value, from: node.from, to: node.to, isConst: inner !== null };
}

/** The value in `const(value)`. */
function constArgument(module: ParsedModule, node: SyntaxNode): SyntaxNode | null {
  if (node.name !== "CallExpression" || node.firstChild?.name !== "VariableName") return null;
  if (textOf(module, node.firstChild) !== "const") return null;
  const given = argumentsOf(module, node);
  const [only] = given;
  return given.length === 1 && only?.keyword === null && !only.isSpread ? only.value : null;
}
