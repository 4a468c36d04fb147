import type { ConstantCandidate } from "./constants.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { importsOf } from "./imports.ts";
import { firstStatement } from "./module-head.ts";
import { namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, enclosing, lineEndOf, nodesOf, statementsOf, textOf } from "./tree.ts";

/**
 * The module's text with the candidates in `const()`, those that may be private with a leading underscore wherever they
 * are named, and an import of `const` where there is none. Dead names are left as they are, and so is a name whose value
 * is built on one that is neither among `candidates` nor in `const()` already.
 */
export function applyConstants(module: ParsedModule, candidates: readonly ConstantCandidate[]): string {
  const chosen = buildable(module, candidates);
  const wrapped = chosen.filter(({ isConst }) => !isConst);
  const renamed = new Set(
    chosen.filter(({ name, mayBePrivate }) => mayBePrivate && !name.startsWith("_")).map(({ name }) => name),
  );
  return applyEdits(module.text, [
    ...(wrapped.length > 0 ? constImport(module, wrapped[0]?.from ?? 0) : []),
    ...wrapped.flatMap((candidate) => wrap(module, candidate)),
    ...namesIn(module)
      .filter(({ name }) => renamed.has(name))
      .map(({ node }) => ({ from: node.from, to: node.from, insert: "_" })),
  ]);
}

function buildable(
  module: ParsedModule,
  candidates: readonly ConstantCandidate[],
): readonly ConstantCandidate[] {
  const ready = constNames(module);
  const chosen: ConstantCandidate[] = [];
  for (const candidate of candidates.toSorted((one, other) => one.from - other.from)) {
    if (candidate.isDead || !candidate.needs.every((name) => ready.has(name))) continue;
    chosen.push(candidate);
    ready.add(candidate.name);
  }
  return chosen;
}

/** What the module assigns `const(…)` to at its top level. */
function constNames(module: ParsedModule): Set<string> {
  const names = new Set<string>();
  for (const statement of statementsOf(module.tree.topNode)) {
    const [target, , value] = childrenOf(statement);
    if (statement.name !== "AssignStatement" || target === undefined || value === undefined) continue;
    if (/^const\s*\(/.test(textOf(module, value))) names.add(textOf(module, target));
  }
  return names;
}

function wrap(module: ParsedModule, { valueFrom, valueTo, kind }: ConstantCandidate): readonly Edit[] {
  const isBareTuple = kind === "tuple" && !isOneNode(module, valueFrom, valueTo);
  return [
    { from: valueFrom, to: valueFrom, insert: isBareTuple ? "const((" : "const(" },
    { from: valueTo, to: valueTo, insert: isBareTuple ? "))" : ")" },
  ];
}

function isOneNode({ tree }: ParsedModule, from: number, to: number): boolean {
  for (let node: SyntaxNode | null = tree.resolveInner(from, 1); node !== null; node = node.parent) {
    if (node.from === from && node.to === to) return true;
  }
  return false;
}

/** What makes `const` known before `before`; nothing where it is. */
function constImport(module: ParsedModule, before: number): readonly Edit[] {
  const isKnown = namesIn(module).some(
    ({ name, role, node }) =>
      name === "const" &&
      role === "bound" &&
      node.from < before &&
      enclosing(node, ["FunctionDefinition", "ClassDefinition", "LambdaExpression"]) === null,
  );
  if (isKnown) return [];
  const taking = importsOf(module).find(
    ({ module: name, names, place, from }) =>
      name === "micropython" && names.kind === "names" && place === "top-level" && from < before,
  );
  if (taking !== undefined) {
    const last = nodesOf(module.tree.topNode, ["VariableName"]).findLast(
      (node) => node.from >= taking.from && node.to <= taking.to,
    );
    if (last !== undefined) return [{ from: last.to, to: last.to, insert: ", const" }];
  }
  const from = firstStatement(module)?.from ?? before;
  return [{ from, to: from, insert: `from micropython import const${lineEndOf(module)}` }];
}
