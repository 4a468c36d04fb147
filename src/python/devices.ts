import { type NameUse, namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { calledName, childrenOf, nodesOf, textOf } from "./tree.ts";

/** What a name stands for, as far as the source tells. `other`: something else is assigned to it. */
export type Device = "i2c" | "spi" | "uart" | "file" | "socket" | "other";

const makers: Readonly<Record<string, Device>> = {
  I2C: "i2c",
  SoftI2C: "i2c",
  SPI: "spi",
  SoftSPI: "spi",
  UART: "uart",
  open: "file",
  BytesIO: "file",
  socket: "socket",
  wrap_socket: "socket",
  accept: "socket",
};

const hints: readonly (readonly [RegExp, Device])[] = [
  [/i2c/i, "i2c"],
  [/spi/i, "spi"],
  [/uart|^serial$/i, "uart"],
  [/^(f|fp|file)$|_file$/i, "file"],
  [/^sock|socket$|_sock$/i, "socket"],
];

/** Devices of a module by the last part of their names: `uart` of `self.uart`. */
export interface Devices {
  /** What `receiver` in `receiver.read(…)` is; null: not known. */
  of(receiver: SyntaxNode): Device | null;
}

/** Reads what is assigned to names and attributes; where nothing is, a telling name such as `i2c` is believed. */
export function devicesOf(module: ParsedModule): Devices {
  const made = new Map<string, Device>();
  const note = (target: SyntaxNode | null | undefined, value: SyntaxNode | null | undefined): void => {
    const name = target == null ? null : lastName(module, target);
    if (name === null || value?.name !== "CallExpression") return;
    const maker = calledName(module, value) ?? "";
    made.set(name, (Object.hasOwn(makers, maker) ? makers[maker] : undefined) ?? made.get(name) ?? "other");
  };
  for (const statement of nodesOf(module.tree.topNode, ["AssignStatement"])) {
    const parts = childrenOf(statement);
    note(parts[0], parts.length === 3 ? parts[2] : undefined);
  }
  for (const { node, role } of namesIn(module)) if (isWithTarget(node, role)) note(node, valueBeforeAs(node));
  return {
    of(receiver) {
      const name = lastName(module, receiver);
      if (name === null) return null;
      return made.get(name) ?? hints.find(([hint]) => hint.test(name))?.[1] ?? null;
    },
  };
}

const isWithTarget = (node: SyntaxNode, role: NameUse["role"]): boolean =>
  role === "bound" && node.parent?.name === "WithStatement";
const valueBeforeAs = (node: SyntaxNode): SyntaxNode | null => node.prevSibling?.prevSibling ?? null;

function lastName(module: ParsedModule, node: SyntaxNode): string | null {
  if (node.name === "VariableName") return textOf(module, node);
  const last = node.name === "MemberExpression" ? node.lastChild : null;
  return last?.name === "PropertyName" ? textOf(module, last) : null;
}
