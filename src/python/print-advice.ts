import type { AllocationContext } from "./allocation-context.ts";
import { isFixedText } from "./bindings.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { advisedParts, printParts } from "./print-parts.ts";
import { argumentsOf, nodesOf, textOf } from "./tree.ts";

/** What print can do, and how numbers are written without it. */
const noWidth =
  'print has no width or precision, and writes a float with its digits (15.0 where %d writes 15): give it int(x) for whole numbers, and whole tenths in two parts, such as t // 10, ".", t % 10 for a t that is not below zero.';

/** What to write instead of `print(text)`. */
export function printAdvice(module: ParsedModule, text: SyntaxNode): string {
  const parts = printParts(module, text) ?? advisedParts(module, text);
  if (parts !== null) return `Give print the parts: ${printCall(parts, [])}.`;
  const name = formatName(module, text);
  return name === null
    ? `Give print the parts as arguments of their own, with sep="". ${noWidth}`
    : `${cutUp(name)} print(part, value, part, sep="").`;
}

/** What to write instead of `print("x", str(value))`. */
export function strAdvice(module: ParsedModule, call: SyntaxNode): string {
  const [value] = argumentsOf(module, call);
  return `Give print ${value === undefined ? "the value" : textOf(module, value.value)} itself: it writes the same, without making a text.`;
}

/** What to write instead of `stream.write(text)`. */
export function streamAdvice(
  { module, devices }: AllocationContext,
  text: SyntaxNode,
  stream: SyntaxNode,
): string {
  const to = textOf(module, stream);
  const parts = printParts(module, text) ?? advisedParts(module, text);
  // print would write bytes as b'…'.
  if (holdsBytes(module, text))
    return `Write the parts one by one with ${to}.write(), without putting them together.`;
  const name = formatName(module, text);
  if (name !== null)
    return `${cutUp(name)} ${to}.write(part), print(value, end="", file=${to}), ${to}.write(part).`;
  const device = devices.of(stream);
  const isStream = device === "file" || device === "uart" || device === "socket";
  const advice =
    parts === null
      ? `let print write the parts as arguments of their own, with sep="", end="" and file=${to}. ${noWidth}`
      : `let print write the parts: ${printCall(parts, ['end=""', `file=${to}`])}.`;
  return isStream
    ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}`
    : `Where ${to} is a file, UART or socket itself, ${advice}`;
}

/** The name of the format, where it is no literal in its place. */
function formatName(module: ParsedModule, text: SyntaxNode): string | null {
  const format = text.name === "CallExpression" ? text.firstChild?.firstChild : text.firstChild;
  const isFormat = text.name === "CallExpression" || text.firstChild?.nextSibling?.name === "ArithOp";
  return isFormat && format?.name === "VariableName" && isFixedText(module, textOf(module, format))
    ? textOf(module, format)
    : null;
}

const cutUp = (name: string): string =>
  `Cut ${name} once, by hand, into the parts between its values, and write parts and values in turn:`;

/** Whether a bytes literal is among what is put together. */
export const holdsBytes = (module: ParsedModule, text: SyntaxNode): boolean =>
  nodesOf(text, ["String"]).some((literal) => /^[a-z]*b/i.test(textOf(module, literal)));

const printCall = (parts: readonly string[], ends: readonly string[]): string =>
  `print(${[...parts, ...(parts.length > 1 ? ['sep=""'] : []), ...ends].join(", ")})`;
