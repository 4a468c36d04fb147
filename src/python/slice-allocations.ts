import { type Allocation, type AllocationContext, linesBefore, shown } from "./allocation-context.ts";
import { bindingsOf, boundIn } from "./bindings.ts";
import type { Edit } from "./edits.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { isResized } from "./resized.ts";
import { structSize } from "./struct-size.ts";
import { argumentsOf, calledName, childrenOf, enclosing, literalText, textOf } from "./tree.ts";
import { useOfValue } from "./value-use.ts";

const makers = ["bytearray", "bytes", "read", "readfrom", "readfrom_mem", "recv", "pack"];

/** `data[a:b]` of bytes or a bytearray, handed to a call that could as well take a view. */
export function sliceAllocation(context: AllocationContext, member: SyntaxNode): Allocation | null {
  const { module, devices } = context;
  const base = member.firstChild;
  const call = member.parent?.name === "ArgList" ? member.parent.parent : null;
  if (member.getChild(":") === null || member.getChild(",") !== null) return null;
  if (base?.name !== "VariableName" || call?.name !== "CallExpression") return null;
  const name = textOf(module, base);
  if (calledName(module, call) === "unpack") return unpacked(context, member, call, name);
  const bindings = bindingsOf(context, name);
  if (!bindings.some((value) => value !== null && isBytes(module, value))) return null;
  if (bindings.some((value) => value !== null && calledName(module, value) === "memoryview")) return null;
  const called = calledName(module, call) ?? "";
  if (called === "len" || useOfValue(module, devices, member) !== "scratch") return null;
  const slice = module.text.slice(base.to, member.to);
  return {
    kind: "slice",
    node: member,
    title: `${shown(module, member)} copies a part of ${name} in each pass.`,
    change: `Make view = memoryview(${name}) once, where ${name} is made, and hand on view${slice}: a view takes one small block (a slice of one 16 to 32 bytes), however long it is.`,
    rewrite: viewed(context, base, name),
  };
}

/** `unpack(fmt, data[a:b])` → `unpack_from(fmt, data, a)` */
function unpacked(
  { module }: AllocationContext,
  member: SyntaxNode,
  call: SyntaxNode,
  name: string,
): Allocation {
  const parts = childrenOf(member);
  const inner = parts.slice(2, -1);
  const start = inner[0]?.name === ":" ? "0" : textOf(module, inner[0] ?? member);
  const end = inner.at(-1);
  const callee = call.firstChild;
  const dot = callee?.name === "MemberExpression" ? `${textOf(module, callee.firstChild ?? callee)}.` : "";
  const [format] = argumentsOf(module, call);
  const text = format === undefined ? null : literalText(module, format.value);
  const size = text === null ? null : structSize(text);
  const isWhole =
    inner.filter(({ name: part }) => part === ":").length === 1 &&
    /^\d+$/.test(start) &&
    end?.name === "Number" &&
    size === Number(textOf(module, end)) - Number(start);
  const written = `${dot}unpack_from(${format === undefined ? "" : textOf(module, format.value)}, ${name}, ${start})`;
  return {
    kind: "slice",
    node: member,
    title: `${shown(module, member)} copies a part of ${name} in each pass.`,
    change: `Write ${written}: it reads ${name} where it is.`,
    // Of names imported singly, unpack_from may be missing.
    rewrite: isWhole && /^u?struct\.$/.test(dot) ? [{ from: call.from, to: call.to, insert: written }] : null,
  };
}

const isBytes = (module: ParsedModule, value: SyntaxNode): boolean =>
  value.name === "CallExpression"
    ? makers.includes(calledName(module, value) ?? "")
    : value.name === "String" && /^[a-z]*b/i.test(textOf(module, value));

/** One view for the loop, of a bytearray that is made before it in the same block and never again. */
function viewed(context: AllocationContext, base: SyntaxNode, name: string): readonly Edit[] | null {
  const { module, place } = context;
  const bound = boundIn(context, name);
  const [only] = bound;
  const statement = only?.node.parent;
  if (bound.length !== 1 || statement?.name !== "AssignStatement" || isResized(module, name)) return null;
  const value = childrenOf(statement)[2];
  if (value === undefined || calledName(module, value) !== "bytearray") return null;
  const block = enclosing(statement, ["Body", "Script"]);
  const isSame = block !== null && enclosing(place.outermost, ["Body", "Script"])?.from === block.from;
  const isGlobal = block?.name === "Script" && place.scope.name !== "Script";
  if ((!isSame && !isGlobal) || statement.to > place.outermost.from) return null;
  const view = context.freshName("view");
  return [
    ...linesBefore(module, place.outermost, [`${view} = memoryview(${name})`]),
    { from: base.from, to: base.to, insert: view },
  ];
}
