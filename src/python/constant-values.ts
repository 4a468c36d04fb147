import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, textOf } from "./tree.ts";

export type ConstantKind = "int" | "float" | "str" | "bytes" | "tuple" | "bool" | "none";

/** A value that MicroPython's compiler knows while it compiles. */
export type ConstantValue =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: Exclude<ConstantKind, "int"> };

/** A value and the names of constants that it is built on. */
export interface Evaluated {
  readonly value: ConstantValue;
  readonly needs: readonly string[];
}

/**
 * The value of an expression, if `const()` takes it in every release from 1.19 on: literals, tuples of such, and
 * integers with `+ - * // % ** << >> & | ^ ~`. Null for all others, which may still be constant in newer releases.
 * Source: `fold_constants` and `mp_parse_node_is_const` of MicroPython's py/parse.c. `known` are constants by name.
 */
export function constantValue(
  module: ParsedModule,
  node: SyntaxNode,
  known: ReadonlyMap<string, ConstantValue>,
): Evaluated | null {
  const text = textOf(module, node);
  switch (node.name) {
    case "Number":
      return plain(numberValue(text));
    case "String":
      return plain({ kind: /^[a-z]*b/i.test(text) ? "bytes" : "str" });
    case "ContinuedString":
      return continuedString(module, node);
    case "Boolean":
      return plain({ kind: "bool" });
    case "None":
      return plain({ kind: "none" });
    case "VariableName": {
      const value = known.get(text);
      return value === undefined ? null : { value, needs: [text] };
    }
    case "ParenthesizedExpression": {
      const inner = childrenOf(node)[1];
      return inner === undefined ? null : constantValue(module, inner, known);
    }
    case "TupleExpression":
      return tupleValue(
        module,
        childrenOf(node).filter(({ name }) => !["(", ")", ","].includes(name)),
        known,
      );
    case "UnaryExpression": {
      const [operator, operand] = childrenOf(node);
      const of = operand === undefined ? null : constantValue(module, operand, known);
      if (operator === undefined || of?.value.kind !== "int") return null;
      const value = unary(textOf(module, operator), of.value.value);
      return value === null ? null : { value: { kind: "int", value }, needs: of.needs };
    }
    case "BinaryExpression": {
      const [left, operator, right] = childrenOf(node);
      if (left === undefined || operator === undefined || right === undefined) return null;
      const [one, other] = [constantValue(module, left, known), constantValue(module, right, known)];
      if (one?.value.kind !== "int" || other?.value.kind !== "int") return null;
      const value = binary(one.value.value, textOf(module, operator), other.value.value);
      return value === null ? null : { value: { kind: "int", value }, needs: [...one.needs, ...other.needs] };
    }
    default:
      return null;
  }
}

/** A tuple of the given parts; null where one of them is not constant. */
export function tupleValue(
  module: ParsedModule,
  parts: readonly SyntaxNode[],
  known: ReadonlyMap<string, ConstantValue>,
): Evaluated | null {
  const needs: string[] = [];
  for (const part of parts) {
    const value = constantValue(module, part, known);
    if (value === null) return null;
    needs.push(...value.needs);
  }
  return { value: { kind: "tuple" }, needs };
}

const plain = (value: ConstantValue | null): Evaluated | null =>
  value === null ? null : { value, needs: [] };

function numberValue(text: string): ConstantValue | null {
  const digits = text.replaceAll("_", "");
  if (/^(0x[0-9a-f]+|0o[0-7]+|0b[01]+|[1-9]\d*|0+)$/i.test(digits)) {
    return { kind: "int", value: BigInt(digits) };
  }
  return /j$/i.test(digits) ? null : { kind: "float" };
}

function continuedString(module: ParsedModule, node: SyntaxNode): Evaluated | null {
  const parts = childrenOf(node);
  if (parts.some(({ name }) => name !== "String")) return null;
  const areBytes = parts.map((part) => /^[a-z]*b/i.test(textOf(module, part)));
  if (areBytes.every((is) => is)) return plain({ kind: "bytes" });
  return areBytes.some((is) => is) ? null : plain({ kind: "str" });
}

function unary(operator: string, value: bigint): bigint | null {
  if (operator === "-") return -value;
  if (operator === "+") return value;
  return operator === "~" ? ~value : null;
}

/** Python's integer arithmetic. Null: not folded, or an error at run time. */
function binary(left: bigint, operator: string, right: bigint): bigint | null {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "<<":
      return right < 0n || right > 256n ? null : left << right;
    case ">>":
      return right < 0n || right > 256n ? null : left >> right;
    case "**":
      return right < 0n || right > 64n ? null : left ** right;
    case "//":
      return right === 0n ? null : (left - modulo(left, right)) / right;
    case "%":
      return right === 0n ? null : modulo(left, right);
    default:
      return null;
  }
}

const modulo = (left: bigint, right: bigint): bigint => ((left % right) + right) % right;
