import type { AllocationSite, LoopSpan } from "./allocation-site.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { firstStatement } from "./module-head.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, enclosing, indentOf, lineEndOf, nodesOf, textOf } from "./tree.ts";

/** What the changed copy calls; it must be importable where the copy runs. */
export const counterModule = "__heapscope";

/** A site in the changed copy. */
export interface InstrumentedSite {
  readonly site: AllocationSite;
  /**
   * `k` of `before(k)` and `after(k)` around its statement, shared by all sites of one statement; null: there are none, for
   * the reason given. The same with and without edits. The passes of its loop are counted nevertheless.
   */
  readonly statement: number | null;
  readonly reason: string | null;
  /** `j` of `enter(j)` before its loop and `pass_(j)` at the head of the body; null: not counted. */
  readonly loop: number | null;
}

/** A copy of a module that counts. */
export interface Instrumented {
  readonly text: string;
  /** In the order given. */
  readonly sites: readonly InstrumentedSite[];
  /** By number. */
  readonly loops: readonly LoopSpan[];
}

/**
 * A copy of the module that imports `__heapscope` and calls `__heapscope.before(k)` before each site's statement,
 * `__heapscope.after(k)` after it where it ends without an exception, `__heapscope.enter(j)` before the sites' loops and
 * `__heapscope.pass_(j)` as the first thing in each of their passes. Calls stand on the lines that are there, where they can, so that lines keep their numbers.
 * `edits`, such as `rewritesTogether` of the same sites, are made in the same go; their offsets are those of the module.
 */
export function instrument(
  module: ParsedModule,
  sites: readonly AllocationSite[],
  edits: readonly Edit[] = [],
): Instrumented {
  const calls: Edit[] = [];
  const statements = new Map<number, number>();
  const loops = new Map<number, LoopSpan>();
  const head = firstStatement(module);
  if (sites.length > 0 && head !== null) calls.push(callBefore(module, head, `import ${counterModule}`));
  const numbered = sites.map((site): InstrumentedSite => {
    if (isAssembler(module, site)) {
      return { site, statement: null, reason: "it is in a function for the assembler", loop: null };
    }
    if (!loops.has(site.loop.bodyFrom)) loops.set(site.loop.bodyFrom, site.loop);
    const loop = [...loops.keys()].indexOf(site.loop.bodyFrom);
    // Those without calls have a number, too, so that a statement has the same with and without edits.
    const number = statements.get(site.statement.from) ?? statements.size;
    statements.set(site.statement.from, number);
    const reason = whyNot(module, site, edits);
    return { site, statement: reason === null ? number : null, reason, loop };
  });
  calls.push(...passCalls(module, [...loops.values()]));
  for (const { site, statement } of uniqueStatements(numbered)) {
    const { from, to } = site.statement;
    calls.push(
      { from, to: from, insert: `${counterModule}.before(${statement}); ` },
      { from: to, to, insert: `; ${counterModule}.after(${statement})` },
    );
  }
  return { text: applyEdits(module.text, [...calls, ...edits]), sites: numbered, loops: [...loops.values()] };
}

/** A copy that counts the passes of each `while` and nothing else, so that a run of it can be ended. */
export function countWhiles(module: ParsedModule): Instrumented {
  const loops = nodesOf(module.tree.topNode, ["WhileStatement"]).flatMap((node): readonly LoopSpan[] => {
    const body = node.getChild("Body");
    if (body === null) return [];
    const { from, to } = node;
    return [{ from, to, line: module.lineOf(from), kind: "while", bodyFrom: body.from, bodyTo: body.to }];
  });
  const head = firstStatement(module);
  const imported =
    loops.length > 0 && head !== null ? [callBefore(module, head, `import ${counterModule}`)] : [];
  return { text: applyEdits(module.text, [...imported, ...passCalls(module, loops)]), sites: [], loops };
}

/** Lines that hold calls and nothing else stand before compound statements, and are all that is added. */
const addedLine = new RegExp(
  `^\\s*(?:import ${counterModule}|${counterModule}\\.\\w+\\(\\d*\\))(?:; ${counterModule}\\.\\w+\\(\\d*\\))*\\s*$`,
);

/** The line of the module for a line of a copy that only has calls, and no other edits. Both from 1. */
export function originalLine(copy: string, line: number): number {
  const before = copy.split("\n").slice(0, line - 1);
  return line - before.filter((text) => addedLine.test(text)).length;
}

function passCalls(module: ParsedModule, loops: readonly LoopSpan[]): readonly Edit[] {
  return loops.flatMap((loop, number) => {
    const first = childrenOf(bodyOf(module, loop)).find(({ name }) => name !== ":");
    const statement = nodeOf(module, loop);
    if (first === undefined || statement === null) return [];
    return [
      callBefore(module, statement, `${counterModule}.enter(${number})`),
      callBefore(module, first, `${counterModule}.pass_(${number})`),
    ];
  });
}

function uniqueStatements(sites: readonly InstrumentedSite[]): readonly InstrumentedSite[] {
  const seen = new Set<number>();
  return sites.filter(({ statement }) => {
    if (statement === null || seen.has(statement)) return false;
    seen.add(statement);
    return true;
  });
}

/** A simple statement shares its line with the call; a compound one gets a line before it. */
export function callBefore(module: ParsedModule, statement: SyntaxNode, call: string): Edit {
  const { from } = statement;
  const isCompound = nodesOf(statement, ["Body", "MatchBody"]).length > 0;
  const insert = isCompound ? `${call}${lineEndOf(module)}${indentOf(module, statement) ?? ""}` : `${call}; `;
  return { from, to: from, insert };
}

function bodyOf(module: ParsedModule, loop: LoopSpan): SyntaxNode {
  const inside = module.tree.resolveInner(loop.bodyFrom, 1);
  const body = inside.name === "Body" ? inside : enclosing(inside, ["Body"]);
  return body ?? module.tree.topNode;
}

function nodeOf(module: ParsedModule, { from, to }: { from: number; to: number }): SyntaxNode | null {
  let node: SyntaxNode | null = module.tree.resolveInner(from, 1);
  while (node !== null && (node.from !== from || node.to !== to)) node = node.parent;
  return node;
}

/** Why no calls can stand around the site's statement; null: they can. */
function whyNot(module: ParsedModule, site: AllocationSite, edits: readonly Edit[]): string | null {
  const { statement } = site;
  if (statement.isCompound) return "it is in the head of a compound statement";
  const node = nodeOf(module, statement);
  if (node === null || nodesOf(node, ["Body"]).length > 0) return "it is in the head of a compound statement";
  if (nodesOf(node, ["await", "yield"]).length > 0) return "other code may run while its statement waits";
  const isGone = edits.some(
    ({ from, to, insert }) => insert === "" && from <= statement.from && to >= statement.to,
  );
  return isGone ? "the changed form has no such statement" : null;
}

/** In a function whose body is instructions of a processor. */
function isAssembler(module: ParsedModule, site: AllocationSite): boolean {
  const around = enclosing(module.tree.resolveInner(site.from, 1), ["DecoratedStatement"]);
  return around?.getChildren("Decorator").some((node) => /asm_/.test(textOf(module, node))) ?? false;
}
