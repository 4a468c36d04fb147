import {
  type Allocation,
  type AllocationContext,
  assignedName,
  bufferName,
  intoBuffer,
  linesBefore,
  shown,
  useOf,
} from "./allocation-context.ts";
import type { Edit } from "./edits.ts";
import { keepingCondition, keepingOf, onlyIf } from "./keepers.ts";
import type { SyntaxNode } from "./parsed-module.ts";
import { isFixed } from "./read-allocations.ts";
import { isResized } from "./resized.ts";
import { argumentsOf, calledName, childrenOf, statementsOf, textOf } from "./tree.ts";

/** `bytes(…)` or `bytearray(…)` in each pass. */
export function bufferAllocation(context: AllocationContext, call: SyntaxNode): Allocation | null {
  const { module } = context;
  const called = calledName(module, call);
  if (call.firstChild?.name !== "VariableName" || (called !== "bytes" && called !== "bytearray")) return null;
  const given = argumentsOf(module, call);
  const [only] = given;
  if (given.length !== 1 || only === undefined || only.keyword !== null || only.isSpread) return null;
  if (["ArrayExpression", "TupleExpression"].includes(only.value.name)) {
    return useOf(context, call) === "kept" ? null : ofElements(context, call, only.value, called);
  }
  if (!isFixed(context, only.value)) return null;
  return called === "bytes" ? zeros(context, call) : ofSize(context, call);
}

/** `bytes(8)`, which nobody can write to. */
function zeros({ module }: AllocationContext, call: SyntaxNode): Allocation {
  const target = assignedName(call);
  const name = target === null ? "zeros" : textOf(module, target);
  return {
    kind: "buffer",
    node: call,
    title: `${shown(module, call)} makes a new bytes object in each pass.`,
    change: `Make ${name} = ${shown(module, call)} once, before the loop or at the module's top: bytes cannot be written to, so one serves all passes.`,
    rewrite: null,
  };
}

/** `bytearray(8)`, which holds zeros at first. */
function ofSize(context: AllocationContext, call: SyntaxNode): Allocation | null {
  const { module } = context;
  const target = assignedName(call);
  const keeping = keepingOf(context, call);
  if (target === null || (keeping.kind !== "nobody" && keeping.kind !== "calls")) return null;
  const name = textOf(module, target);
  const length = isResized(module, name)
    ? ` Its length must stay the same: what takes the place of a part (${name}[a:b] = …) must be as long as that part, and append() and extend() make it longer in each pass.`
    : "";
  return {
    kind: "buffer",
    node: call,
    title: `${shown(module, call)} makes a new buffer in each pass.`,
    change: `${onlyIf(
      keepingCondition(context, call, "buffer"),
      `Make ${name} once before the loop.`,
    )} Where a pass does not write all of it, the rest is of the pass before.${length}`,
    rewrite: useOf(context, call) === "scratch" ? moved(context, call, name) : null,
  };
}

/** `bytes([a, b])`: a literal where all are numbers, else a buffer with its elements set. */
function ofElements(
  context: AllocationContext,
  call: SyntaxNode,
  list: SyntaxNode,
  called: "bytes" | "bytearray",
): Allocation | null {
  const { module } = context;
  const elements = childrenOf(list).filter(({ name }) => !["[", "]", "(", ")", ","].includes(name));
  if (elements.length === 0 || elements.some(({ name }) => name === "*")) return null;
  const title = `${shown(module, call)} makes a ${list.name === "TupleExpression" ? "tuple" : "list"} and a new ${called} object in each pass.`;
  const numbers = elements.map((element) => byteOf(textOf(module, element)));
  if (called === "bytes" && numbers.every((number) => number !== null)) {
    const literal = `b"${numbers.map((number) => `\\x${number.toString(16).padStart(2, "0")}`).join("")}"`;
    return {
      kind: "buffer",
      node: call,
      title,
      change: `Write the literal ${literal}: it is made once, when the module is loaded.`,
      rewrite: [{ from: call.from, to: call.to, insert: literal }],
    };
  }
  const fill = (name: string): readonly string[] =>
    elements.map((element, index) => `${name}[${index}] = ${textOf(module, element)}`);
  const size = String(elements.length);
  const buffer = bufferName(module, call);
  return {
    kind: "buffer",
    node: call,
    title,
    change: onlyIf(
      keepingCondition(context, call, "buffer"),
      `Make ${buffer} = bytearray(${size}) once before the loop, set its elements in it (${fill(buffer).join("; ")}), and use ${buffer}.`,
    ),
    // A value beyond a byte raises in bytes(), but is cut off in a buffer.
    rewrite: elements.every((element) => isByte(context, element))
      ? intoBuffer(context, call, { size, fill })
      : null,
  };
}

function byteOf(text: string): number | null {
  const value = /^(0x[0-9a-f]+|0b[01]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= 255 ? value : null;
}

/** A number up to 255, or something `& 255` or less. */
function isByte({ module }: AllocationContext, element: SyntaxNode): boolean {
  let node = element;
  while (node.name === "ParenthesizedExpression") node = childrenOf(node)[1] ?? node;
  if (node.name !== "BinaryExpression") return byteOf(textOf(module, node)) !== null;
  const [left, operator, right] = childrenOf(node);
  if (left === undefined || operator === undefined || right === undefined) return false;
  if (textOf(module, operator) !== "&") return false;
  return byteOf(textOf(module, left)) !== null || byteOf(textOf(module, right)) !== null;
}

/** Moves `name = bytearray(N)` before the loop, if the statement behind it fills all of it. */
function moved(context: AllocationContext, call: SyntaxNode, name: string): readonly Edit[] | null {
  const { module, place } = context;
  const { statement, outermost, scope } = place;
  if (scope.name === "Script" || calledName(module, call) !== "bytearray") return null;
  if (isResized(module, name)) return null;
  const block = statement.parent;
  const next = block === null ? undefined : statementsOf(block).find(({ from }) => from >= statement.to);
  const filling = next?.name === "ExpressionStatement" ? next.firstChild : null;
  if (next === undefined || filling?.name !== "CallExpression") return null;
  const how = calledName(module, filling) ?? "";
  const receiver = filling.firstChild?.firstChild;
  const isWhole =
    ["readfrom_into", "readfrom_mem_into"].includes(how) ||
    (how === "readinto" && receiver != null && context.devices.of(receiver) === "spi");
  if (!isWhole || !argumentsOf(module, filling).some(({ value }) => textOf(module, value) === name))
    return null;
  return [
    ...linesBefore(module, outermost, [textOf(module, statement)]),
    { from: statement.from, to: next.from, insert: "" },
  ];
}
