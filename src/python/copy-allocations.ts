import { type Allocation, type AllocationContext, assignedName, shown, useOf } from "./allocation-context.ts";
import { bindingsOf } from "./bindings.ts";
import { keepingCondition, keepingOf, onlyIf } from "./keepers.ts";
import { namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { argumentsOf, calledName, childrenOf, textOf } from "./tree.ts";

/** Lists and dictionaries that a call, a repetition or a slice makes in each pass. */
export function copyAllocation(context: AllocationContext, node: SyntaxNode): Allocation | null {
  switch (node.name) {
    case "CallExpression":
      return called(context, node);
    case "BinaryExpression":
      return repeated(context, node);
    case "MemberExpression":
      return part(context, node);
    default:
      return null;
  }
}

function called(context: AllocationContext, call: SyntaxNode): Allocation | null {
  const { module } = context;
  const name = calledName(module, call);
  if (call.firstChild?.name === "MemberExpression") return name === "split" ? split(context, call) : null;
  if (name !== "list" && name !== "sorted" && name !== "dict") return null;
  const given = argumentsOf(module, call);
  const target = assignedName(call);
  if (!isForThePass(context, call)) return null;
  const kept = target === null ? null : textOf(module, target);
  if (name === "dict") return dictionary(context, call, kept);
  const [first] = given;
  if (first === undefined || first.keyword !== null || first.isSpread) return null;
  const from = shown(module, first.value);
  const isRange = first.value.name === "CallExpression" && calledName(module, first.value) === "range";
  const isPath = ["VariableName", "MemberExpression"].includes(first.value.name);
  const advice =
    name === "sorted"
      ? `${isPath ? `Where ${from} is a list whose order may change, write ${from}.sort(): it sorts in place. Else keep` : "Keep"} one list from before the loop, set its elements in it, and sort that with its method sort().`
      : isRange
        ? `Go through ${from} itself, which makes no list; where a list is needed, make it once before the loop.`
        : `Go through ${from} itself, without a list of it, unless the loop adds or removes its elements; where a list is needed, keep one from before the loop and set its elements in it.`;
  const allocation = listOf(context, call, `${shown(module, call)} makes a new list in each pass.`, advice);
  const isGoneThrough = call.parent?.name === "ForStatement" && call.nextSibling?.name === "Body";
  const isOwn = namesIn(module).some(
    ({ name: of, role }) => role === "bound" && (of === "list" || of === "range"),
  );
  if (name !== "list" || !isRange || !isGoneThrough || given.length > 1 || isOwn) return allocation;
  return { ...allocation, rewrite: [{ from: call.from, to: call.to, insert: textOf(module, first.value) }] };
}

/** `dict(a=1)` */
function dictionary(context: AllocationContext, call: SyntaxNode, kept: string | null): Allocation {
  const { module } = context;
  const given = argumentsOf(module, call);
  const name = kept ?? "values";
  const first = given.find(({ keyword }) => keyword !== null);
  const others = given.length > 1 ? ", and so on" : "";
  const advice =
    first === undefined
      ? `Make ${name} once before the loop, and empty it with ${name}.clear() at the start of each pass, or set its values and delete keys that are gone.`
      : `Make ${name} once before the loop, and set its values in it: ${name}["${first.keyword}"] = ${shown(module, first.value)}${others}.`;
  return listOf(
    context,
    call,
    `${shown(module, call)} makes a new dictionary in each pass.`,
    advice,
    "dictionary",
  );
}

/** `[0] * 32` */
function repeated(context: AllocationContext, node: SyntaxNode): Allocation | null {
  const { module } = context;
  const [left, operator, right] = childrenOf(node);
  if (left === undefined || right === undefined || operator === undefined) return null;
  if (textOf(module, operator) !== "*" || ![left, right].some(({ name }) => name === "ArrayExpression"))
    return null;
  const target = assignedName(node);
  if (target === null || !isForThePass(context, node)) return null;
  const name = textOf(module, target);
  return listOf(
    context,
    node,
    `${shown(module, node)} makes a new list in each pass.`,
    `Make ${name} once before the loop. Where a pass does not set all of its elements, the rest is of the pass before: set those anew in a loop first.`,
  );
}

/** `samples[2:8]` of a list. */
function part(context: AllocationContext, member: SyntaxNode): Allocation | null {
  const { module } = context;
  const base = member.firstChild;
  if (base?.name !== "VariableName" || member.getChild(":") === null || member.getChild(",") !== null)
    return null;
  const isWritten = member.parent?.name === "AssignStatement" && member.nextSibling?.name === "AssignOp";
  if (isWritten || member.parent?.name === "DeleteStatement" || !isForThePass(context, member)) return null;
  const name = textOf(module, base);
  const bindings = bindingsOf(context, name);
  if (!bindings.some((value) => value !== null && isList(module, value))) return null;
  const [from, to] = boundsOf(module, member, name);
  return {
    kind: "slice",
    node: member,
    title: `${shown(module, member)} copies a part of ${name} in each pass.`,
    change:
      from === null
        ? `Go through the places of ${name} by number, with for i in range(…): ${name}[i] makes no copy.`
        : `Go through the places of ${name} by number: for i in range(${from}, ${to}), with ${name}[i] in it, makes no copy.`,
    rewrite: null,
  };
}

function boundsOf(
  module: ParsedModule,
  member: SyntaxNode,
  name: string,
): readonly [from: string, to: string] | readonly [null, null] {
  const match = /^([^:[\]]*):([^:[\]]*)$/.exec(textOf(module, member).slice(name.length).trim().slice(1, -1));
  const [from, to] = [match?.[1]?.trim() ?? "-", match?.[2]?.trim() ?? "-"];
  const length = `len(${name})`;
  if (match === null) return [null, null];
  const place = (text: string, missing: string): string =>
    text === "" ? missing : text.startsWith("-") ? `${length} - ${text.slice(1)}` : text;
  return [place(from, "0"), place(to, length)];
}

const isList = (module: ParsedModule, value: SyntaxNode): boolean => {
  if (value.name === "CallExpression")
    return (
      value.firstChild?.name === "VariableName" &&
      ["list", "sorted"].includes(calledName(module, value) ?? "")
    );
  if (value.name !== "BinaryExpression") return /^Array(Comprehension)?Expression$/.test(value.name);
  return childrenOf(value).some(({ name }) => name === "ArrayExpression");
};

/** `line.split(",")` */
function split(context: AllocationContext, call: SyntaxNode): Allocation | null {
  const { module, place } = context;
  const receiver = call.firstChild?.firstChild;
  if (
    receiver == null ||
    /^(os|uos|re|ure|path)$|\.path$|^_?[A-Z_]*(RE|REGEX|PATTERN)$/.test(textOf(module, receiver))
  )
    return null;
  const isPattern = bindingsOf(context, textOf(module, receiver)).some(
    (value) => value?.name === "CallExpression" && calledName(module, value) === "compile",
  );
  if (isPattern) return null;
  if (!place.isHot || useOf(context, call) === "kept") return null;
  const [separator] = argumentsOf(module, call);
  const found = separator === undefined ? 'find(" ")' : `find(${shown(module, separator.value)})`;
  return {
    kind: "split",
    node: call,
    title: `${shown(module, call)} makes a new list, and a copy of each part, in each pass.`,
    change: `Look for the parts where they are: ${shown(module, receiver)}.${found} gives the place of the first separator, and startswith() says what a part begins with; then only the part that is needed is cut out.`,
    rewrite: null,
  };
}

/** Whether the value is forgotten in the pass, or only functions that get it by name may keep it. */
function isForThePass(context: AllocationContext, node: SyntaxNode): boolean {
  const keeping = keepingOf(context, node);
  const isNamed = assignedName(node) !== null;
  return isNamed ? keeping.kind === "nobody" || keeping.kind === "calls" : useOf(context, node) === "scratch";
}

const listOf = (
  context: AllocationContext,
  node: SyntaxNode,
  title: string,
  advice: string,
  what: "list" | "dictionary" = "list",
): Allocation => ({
  kind: "list",
  node,
  title,
  change: onlyIf(keepingCondition(context, node, what), advice),
  rewrite: null,
});
