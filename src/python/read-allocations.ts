import {
  type Allocation,
  type AllocationContext,
  bufferName,
  intoBuffer,
  shown,
  useOf,
} from "./allocation-context.ts";
import { keepingCondition, methodsOn, onlyIf } from "./keepers.ts";
import type { SyntaxNode } from "./parsed-module.ts";
import { type Argument, argumentsOf, calledName, literalText, textOf } from "./tree.ts";

/** A call that makes a bytes object for what it reads or packs. */
export function readAllocation(context: AllocationContext, call: SyntaxNode): Allocation | null {
  const { module, devices } = context;
  const receiver = call.firstChild?.name === "MemberExpression" ? call.firstChild.firstChild : null;
  const called = calledName(module, call) ?? "";
  const given = argumentsOf(module, call);
  if (given.some(({ isSpread }) => isSpread)) return null;
  const isPack = called === "pack" && given.length > 0;
  if (isPack) return packed(context, call, given, receiver);
  if (receiver === null || useOf(context, call) === "kept") return null;
  const device = devices.of(receiver);
  if (device === "other") return null;
  if (called === "readfrom" && given.length === 2) return exact(context, call, given, 1, "readfrom_into");
  if (called === "readfrom_mem" && given.length >= 3) {
    return exact(context, call, given, 2, "readfrom_mem_into");
  }
  if (called === "read" && device === "spi" && given.length >= 1) {
    return exact(context, call, given, 0, "readinto");
  }
  const from = textOf(module, receiver);
  const size = given[0] === undefined ? "64" : textOf(module, given[0].value);
  const condition = keepingCondition(context, call, "buffer");
  const [method] = methodsOn(context, call);
  const without =
    method === undefined
      ? ""
      : ` A view has no ${method}(); buf has, but it sees the bytes behind n as well.`;
  const viewed =
    "Each slice of the view takes a block or two (16 to 32 bytes): hand on buf and n where the callee can take both." +
    without;
  if (called === "read" && (device === "uart" || (given.length === 1 && device !== null))) {
    return {
      kind: "read",
      node: call,
      title: `${shown(module, call)} makes a new bytes object in each pass.`,
      change: onlyIf(
        condition,
        `Make buf = bytearray(${size}) and view = memoryview(buf) once before the loop, and write n = ${from}.readinto(buf) ` +
          `in it. n is how many bytes came (None: none yet), and view[:n] is what was read. ${viewed}`,
      ),
      rewrite: null,
    };
  }
  if (called === "recv" && given.length === 1) {
    return {
      kind: "recv",
      node: call,
      title: `${shown(module, call)} makes a new bytes object in each pass.`,
      change: onlyIf(
        condition,
        `Make buf = bytearray(${size}) and view = memoryview(buf) once before the loop, and write n = ${from}.recv_into(buf) ` +
          `in it, or ${from}.readinto(buf) where the firmware has no recv_into; readinto waits until buf is full or the ` +
          `connection ends, unless the socket does not block. view[:n] is what came. ${viewed}`,
      ),
      rewrite: null,
    };
  }
  return null;
}

/** A read that always gives as many bytes as it is asked for, number `count` of the arguments. */
function exact(
  context: AllocationContext,
  call: SyntaxNode,
  given: readonly Argument[],
  count: number,
  into: string,
): Allocation | null {
  const { module } = context;
  const wanted = given[count];
  const member = call.firstChild;
  if (wanted === undefined || wanted.keyword !== null || member?.firstChild == null) return null;
  const size = textOf(module, wanted.value);
  const receiver = textOf(module, member.firstChild);
  const buffer = bufferName(module, call);
  const filled = (name: string): string => {
    const all = given.map(({ keyword, value }, index) =>
      index === count ? name : `${keyword === null ? "" : `${keyword}=`}${textOf(module, value)}`,
    );
    return `${receiver}.${into}(${all.join(", ")})`;
  };
  return {
    kind: "read",
    node: call,
    title: `${shown(module, call)} makes a new bytes object in each pass.`,
    change: onlyIf(
      keepingCondition(context, call, "buffer"),
      `Make ${buffer} = bytearray(${size}) once before the loop, and write ${filled(buffer)} in it.`,
    ),
    rewrite: isFixed(context, wanted.value)
      ? intoBuffer(context, call, { size, fill: (name) => [filled(name)] })
      : null,
  };
}

/** A number that is the same before the loop and in it. */
export function isFixed({ module, constants }: AllocationContext, node: SyntaxNode): boolean {
  const text = textOf(module, node);
  return node.name === "VariableName" ? constants.has(text) : /^(0x[0-9a-f]+|\d+)$/i.test(text);
}

function packed(
  context: AllocationContext,
  call: SyntaxNode,
  given: readonly Argument[],
  receiver: SyntaxNode | null,
): Allocation | null {
  const { module } = context;
  const name = receiver === null ? "" : textOf(module, receiver);
  if (receiver !== null && !/^u?struct$/.test(name)) return null;
  if (useOf(context, call) === "kept") return null;
  const [format, ...values] = given.map(({ value }) => textOf(module, value));
  const isLiteral = given[0] !== undefined && literalText(module, given[0].value) !== null;
  const dot = name === "" ? "" : `${name}.`;
  const fill = (buffer: string): string => `${dot}pack_into(${[format, buffer, "0", ...values].join(", ")})`;
  const size = `${dot}calcsize(${format})`;
  const buffer = bufferName(module, call);
  return {
    kind: "pack",
    node: call,
    title: `${shown(module, call)} makes a new bytes object in each pass.`,
    change: onlyIf(
      keepingCondition(context, call, "buffer"),
      `Make ${buffer} = bytearray(${size}) once before the loop, and write ${fill(buffer)} in it.`,
    ),
    // Of names imported singly, pack_into may be missing.
    rewrite:
      isLiteral && receiver !== null ? intoBuffer(context, call, { size, fill: (to) => [fill(to)] }) : null,
  };
}
