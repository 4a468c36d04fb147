import type { AllocationKind } from "./allocation-site.ts";
import type { Devices } from "./devices.ts";
import type { Edit } from "./edits.ts";
import type { LoopPlace } from "./loop-place.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { isResized } from "./resized.ts";
import { childrenOf, enclosing, indentOf, lineEndOf, nodesOf, textOf } from "./tree.ts";
import { type UseOfName, useOfValue, usesOfName, type ValueUse, worstOf } from "./value-use.ts";

/** What a detector gets: an expression in a loop, and what is known around it. */
export interface AllocationContext {
  readonly module: ParsedModule;
  readonly devices: Devices;
  readonly place: LoopPlace;
  /** Names that the module assigns `const(…)` or a literal to, once. */
  readonly constants: ReadonlySet<string>;
  /** A name like `base` that the module does not have, another one at each call. */
  freshName(base: string): string;
}

/** What a detector found. */
export interface Allocation {
  readonly kind: AllocationKind;
  readonly node: SyntaxNode;
  readonly title: string;
  readonly change: string;
  readonly rewrite: readonly Edit[] | null;
}

/** The source of a node on one line, shortened for a sentence. */
export function shown(module: ParsedModule, node: SyntaxNode): string {
  const text = textOf(module, node).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** `name` in `name = expression`, where that is the whole statement. */
export function assignedName(node: SyntaxNode): SyntaxNode | null {
  const statement = node.parent;
  if (statement?.name !== "AssignStatement") return null;
  const parts = childrenOf(statement);
  const [target, , value] = parts;
  return parts.length === 3 && target?.name === "VariableName" && value?.from === node.from ? target : null;
}

/** What a buffer for the value of `node` is called in a sentence. */
export function bufferName(module: ParsedModule, node: SyntaxNode): string {
  const target = assignedName(node);
  return target === null ? "buf" : textOf(module, target);
}

/** Where the value of `node` is used, also behind the name it is assigned to. */
export function usesOf(
  { module, devices, place }: AllocationContext,
  node: SyntaxNode,
): readonly UseOfName[] {
  const target = assignedName(node);
  return target === null
    ? [{ node, use: useOfValue(module, devices, node) }]
    : usesOfName(module, devices, textOf(module, target), place.statement, place.scope);
}

/** What becomes of the value of `node`, also behind the name it is assigned to. */
export const useOf = (context: AllocationContext, node: SyntaxNode): ValueUse =>
  worstOf(usesOf(context, node).map(({ use }) => use));

/** Puts lines before a statement that begins its line. */
export function linesBefore(
  module: ParsedModule,
  statement: SyntaxNode,
  lines: readonly string[],
): readonly Edit[] {
  const indent = indentOf(module, statement);
  const end = indent === null ? "; " : `${lineEndOf(module)}${indent}`;
  return [
    { from: statement.from, to: statement.from, insert: lines.map((line) => `${line}${end}`).join("") },
  ];
}

const straight = [
  ...["MemberExpression", "ArgList", "CallExpression", "ParenthesizedExpression", "UnaryExpression"],
  ...["TupleExpression", "BinaryExpression"],
];
const effects = [
  "CallExpression",
  "AwaitExpression",
  "YieldExpression",
  "NamedExpression",
  "LambdaExpression",
];

/**
 * Whether `node` is the first thing with an effect that its simple statement does, and is always done: then it may as well
 * be done in a statement before.
 */
export function isDoneFirst(node: SyntaxNode, statement: SyntaxNode): boolean {
  let at = node;
  for (
    ;
    at.parent !== null && at.parent.from >= statement.from && at.from !== statement.from;
    at = at.parent
  ) {
    const parent: SyntaxNode = at.parent;
    const isStatement = parent.from === statement.from && parent.name === statement.name;
    if (!isStatement && !straight.includes(parent.name)) return false;
    if (parent.getChild("and") !== null || parent.getChild("or") !== null) return false;
    for (let before = at.prevSibling; before !== null; before = before.prevSibling) {
      // Targets of an assignment come after the value.
      if (before.name === "AssignOp" && parent.name === "AssignStatement") break;
      if (nodesOf(before, effects).length > 0) return false;
    }
    if (isStatement) break;
  }
  return ["AssignStatement", "UpdateStatement", "ExpressionStatement"].includes(statement.name);
}

/** A buffer that is made before the outermost loop and filled in each pass. */
export interface BufferPlan {
  /** An expression for its size. */
  readonly size: string;
  /** The statements that fill the buffer called `name`. */
  fill(name: string): readonly string[];
}

/**
 * Replaces an expression that makes a bytes object by a buffer: `name = …` becomes what fills `name`; elsewhere the filling
 * goes before the statement. Null where the value may outlive the pass, or the order of effects would change.
 */
export function intoBuffer(
  context: AllocationContext,
  node: SyntaxNode,
  plan: BufferPlan,
): readonly Edit[] | null {
  const { module, place } = context;
  const { statement, outermost, scope } = place;
  if (enclosing(node, ["Body", "Script"])?.from !== enclosing(statement, ["Body", "Script"])?.from)
    return null;
  if (useOf(context, node) !== "scratch") return null;
  const target = assignedName(node);
  if (target === null && !isDoneFirst(node, statement)) return null;
  const isGlobal = target !== null && scope.name === "Script";
  if (isGlobal && isNamedInFunctions(module, textOf(module, target))) return null;
  if (target !== null && isResized(module, textOf(module, target))) return null;
  const name = target === null ? context.freshName("buf") : textOf(module, target);
  const made = linesBefore(module, outermost, [`${name} = bytearray(${plan.size})`]);
  const filled = plan.fill(name);
  if (target === null && node.parent?.name !== "ExpressionStatement") {
    return [
      ...made,
      ...linesBefore(module, statement, filled),
      { from: node.from, to: node.to, insert: name },
    ];
  }
  const [last = ""] = filled.slice(-1);
  const before = filled.length > 1 ? linesBefore(module, statement, filled.slice(0, -1)) : [];
  return [...made, ...before, { from: statement.from, to: statement.to, insert: last }];
}

const isNamedInFunctions = (module: ParsedModule, name: string): boolean =>
  nodesOf(module.tree.topNode, ["VariableName"]).some(
    (node) => textOf(module, node) === name && enclosing(node, ["FunctionDefinition"]) !== null,
  );
