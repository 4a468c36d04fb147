import type { Allocation, AllocationContext } from "./allocation-context.ts";
import type { AllocationSite } from "./allocation-site.ts";
import { bufferAllocation } from "./buffer-allocations.ts";
import { copyAllocation } from "./copy-allocations.ts";
import { devicesOf } from "./devices.ts";
import type { Edit } from "./edits.ts";
import { listAllocation, listNodes } from "./list-allocations.ts";
import { type LoopPlace, loopPlaceOf } from "./loop-place.ts";
import { namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { readAllocation } from "./read-allocations.ts";
import { sliceAllocation } from "./slice-allocations.ts";
import { textAllocation } from "./text-allocations.ts";
import { childrenOf, enclosing, indentOf, nodesOf, statementsOf, textOf } from "./tree.ts";

const textNodes = ["UpdateStatement", "FormatString", "CallExpression", "BinaryExpression"];
const interesting = [...textNodes, ...listNodes, "MemberExpression"];

/**
 * Expressions in loops that allocate on the heap in each pass where MicroPython offers a form that does not, in the order
 * of the source. Only the loops of a function itself are seen, not what it calls. In doubt a place is left out. Empty for a
 * module with syntax errors.
 */
export function findAllocations(module: ParsedModule): readonly AllocationSite[] {
  if (module.syntaxErrors.length > 0) return [];
  const shared = {
    module,
    devices: devicesOf(module),
    constants: constantNames(module),
    freshName: nameMaker(module),
  };
  const sites: AllocationSite[] = [];
  // Within what is found, nothing else is: the part goes with the whole.
  let covered = -1;
  for (const node of nodesOf(module.tree.topNode, interesting)) {
    if (node.from < covered || enclosing(node, ["FormatString"]) !== null) continue;
    const place = loopPlaceOf(node);
    const found = place === null ? null : detect({ ...shared, place }, node);
    if (place === null || found === null) continue;
    covered = node.to;
    sites.push(siteOf(module, place, found));
  }
  return sites;
}

/** The rewrites of several sites for one go: of two that change the same text, the first. */
export function rewritesTogether(sites: readonly AllocationSite[]): readonly Edit[] {
  const edits: Edit[] = [];
  for (const { rewrite } of sites) {
    const clashes = rewrite?.some(({ from, to }) =>
      edits.some((edit) => from < edit.to && edit.from < to && !(from === to && edit.from === edit.to)),
    );
    if (rewrite !== null && clashes === false) edits.push(...rewrite);
  }
  return edits;
}

function detect(context: AllocationContext, node: SyntaxNode): Allocation | null {
  switch (node.name) {
    case "CallExpression":
      return (
        readAllocation(context, node) ??
        bufferAllocation(context, node) ??
        copyAllocation(context, node) ??
        textAllocation(context, node)
      );
    case "MemberExpression":
      return sliceAllocation(context, node) ?? copyAllocation(context, node);
    case "BinaryExpression":
      return copyAllocation(context, node) ?? textAllocation(context, node);
    default:
      return listNodes.includes(node.name) ? listAllocation(context, node) : textAllocation(context, node);
  }
}

function siteOf(module: ParsedModule, place: LoopPlace, found: Allocation): AllocationSite {
  const { statement, loop } = place;
  const body = loop.getChild("Body") ?? loop;
  const { node, kind, title, change, rewrite } = found;
  return {
    kind,
    from: node.from,
    to: node.to,
    line: module.lineOf(node.from),
    statement: {
      from: statement.from,
      to: statement.to,
      line: module.lineOf(statement.from),
      indent: indentOf(module, statement),
      isCompound: statement.getChild("Body") !== null,
    },
    loop: {
      from: loop.from,
      to: loop.to,
      line: module.lineOf(loop.from),
      kind: loop.name === "WhileStatement" ? "while" : "for",
      bodyFrom: body.from,
      bodyTo: body.to,
    },
    functionName: functionNameOf(module, node),
    isHot: place.isHot,
    title,
    change,
    rewrite,
  };
}

function functionNameOf(module: ParsedModule, node: SyntaxNode): string | null {
  const names: string[] = [];
  const around = ["FunctionDefinition", "ClassDefinition"];
  for (let at = enclosing(node, around); at !== null; at = enclosing(at, around)) {
    const name = at.getChild("VariableName");
    if (name !== null) names.unshift(textOf(module, name));
  }
  return names.length === 0 ? null : names.join(".");
}

/** Names bound once in the module, at its top level, to a whole number, plain or in `const()`. */
function constantNames(module: ParsedModule): ReadonlySet<string> {
  const names = new Set<string>();
  const bound = namesIn(module).filter(({ role }) => role === "bound");
  for (const statement of statementsOf(module.tree.topNode)) {
    const [target, , value] = childrenOf(statement);
    if (statement.name !== "AssignStatement" || target === undefined || value === undefined) continue;
    const name = textOf(module, target);
    const isNumber = /^(const\s*\(\s*)?(0x[0-9a-f]+|\d+)(\s*\))?$/i.test(textOf(module, value));
    if (isNumber && bound.filter((use) => use.name === name).length === 1) names.add(name);
  }
  return names;
}

function nameMaker(module: ParsedModule): (base: string) => string {
  const taken = new Set(namesIn(module).map(({ name }) => name));
  return (base) => {
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
    taken.add(name);
    return name;
  };
}
