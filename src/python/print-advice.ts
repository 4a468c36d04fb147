import type { AllocationContext } from "./allocation-context.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { advisedParts, printParts } from "./print-parts.ts";
import { argumentsOf, textOf } from "./tree.ts";

/** What print can do, and how numbers are written without it. */
const noWidth =
  'print has no width or precision, and writes a float with its digits (15.0 where %d writes 15): give it int(x) for whole numbers, and whole tenths in two parts, such as t // 10, ".", t % 10 for a t that is not below zero.';

/** What to write instead of `print(text)`. */
export function printAdvice(module: ParsedModule, text: SyntaxNode): string {
  const parts = printParts(module, text) ?? advisedParts(module, text);
  return parts === null
    ? `Give print the parts as arguments of their own, with sep="". ${noWidth}`
    : `Give print the parts: ${printCall(parts, [])}.`;
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
  const device = devices.of(stream);
  const isStream = device === "file" || device === "uart" || device === "socket";
  const parts = printParts(module, text) ?? advisedParts(module, text);
  const ends = ['end=""', `file=${to}`];
  const advice =
    parts === null
      ? `let print write the parts as arguments of their own, with sep="", end="" and file=${to}. ${noWidth}`
      : `let print write the parts: ${printCall(parts, ends)}.`;
  return isStream
    ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}`
    : `Where ${to} is a file, UART or socket itself, ${advice}`;
}

const printCall = (parts: readonly string[], ends: readonly string[]): string =>
  `print(${[...parts, ...(parts.length > 1 ? ['sep=""'] : []), ...ends].join(", ")})`;
