import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { argumentsOf, calledName, childrenOf, textOf } from "./tree.ts";

/**
 * The arguments with which `print(…, sep="")` prints the same as `print(text)`, without putting the text together first;
 * null where widths, conversions, or values whose form is not certain stand in the way.
 */
export function printParts(module: ParsedModule, text: SyntaxNode): readonly string[] | null {
  switch (text.name) {
    case "FormatString":
      return formatStringParts(module, text);
    case "CallExpression":
      if (text.firstChild?.name === "VariableName") return sumParts(module, text);
      return text.firstChild?.firstChild?.name === "String" ? formatCallParts(module, text) : null;
    case "BinaryExpression": {
      const [left, operator, right] = childrenOf(text);
      if (left === undefined || operator === undefined || right === undefined) return null;
      return textOf(module, operator) === "%" ? percentParts(module, left, right) : sumParts(module, text);
    }
    default:
      return null;
  }
}

/**
 * The same for people: `%d` becomes `int(…)`, a lone value behind `%` is taken for no tuple, and what is added to a text is taken
 * for one.
 */
export function advisedParts(module: ParsedModule, text: SyntaxNode): readonly string[] | null {
  const [left, operator, right] = text.name === "BinaryExpression" ? childrenOf(text) : [];
  if (left === undefined || operator === undefined || right === undefined) return null;
  if (textOf(module, operator) === "+") return addedParts(module, text);
  const of = left.name === "String" ? quoted(textOf(module, left)) : null;
  if (of === null || textOf(module, operator) !== "%") return null;
  const isTuple = right.name === "TupleExpression";
  const values = isTuple ? childrenOf(right).filter(({ name }) => !["(", ")", ","].includes(name)) : [right];
  const pieces = [""];
  const conversions: string[] = [];
  for (const token of of.inner.match(/%.?|[^%]+/g) ?? []) {
    if (token === "%s" || token === "%d") conversions.push(token);
    else if (token.startsWith("%") && token !== "%%") return null;
    if (conversions.length === pieces.length) pieces.push("");
    else pieces[pieces.length - 1] += token === "%%" ? "%" : token;
  }
  if (conversions.length !== values.length || values.some(({ name }) => name === "*")) return null;
  return interleaved(
    of,
    pieces,
    values.map((value, at) =>
      conversions[at] === "%d" ? `int(${bare(module, value)})` : textOf(module, value),
    ),
  );
}

/** What is added up, `str(…)` without it. */
function addedParts(module: ParsedModule, node: SyntaxNode): readonly string[] | null {
  const [left, operator, right] = node.name === "BinaryExpression" ? childrenOf(node) : [];
  if (left !== undefined && right !== undefined && operator !== undefined) {
    if (textOf(module, operator) !== "+") return null;
    const [before, after] = [addedParts(module, left), addedParts(module, right)];
    return before === null || after === null ? null : [...before, ...after];
  }
  const isPlain = ["VariableName", "MemberExpression"].includes(node.name);
  return isPlain ? [textOf(module, node)] : sumParts(module, node);
}

/** Without the parentheses around it. */
const bare = (module: ParsedModule, node: SyntaxNode): string =>
  node.name === "ParenthesizedExpression"
    ? module.text.slice(node.from + 1, node.to - 1)
    : textOf(module, node);

interface Quoted {
  readonly prefix: string;
  readonly quote: string;
  readonly inner: string;
}

function quoted(text: string): Quoted | null {
  const match = /^([a-z]*)('''|"""|'|")([\s\S]*)\2$/i.exec(text);
  if (match === null) return null;
  const [, prefix = "", quote = "", inner = ""] = match;
  return /b/i.test(prefix) ? null : { prefix: prefix.replace(/[fu]/gi, ""), quote, inner };
}

/** Pieces of text and what stands between them, as arguments. Empty pieces are left out. */
function interleaved(
  of: Quoted,
  pieces: readonly string[],
  values: readonly string[],
): readonly string[] | null {
  // A backslash at its end would take the quote along.
  if (pieces.some((piece) => /(^|[^\\])(\\\\)*\\$/.test(piece))) return null;
  const parts = pieces.flatMap((piece, index) => [
    ...(piece === "" ? [] : [`${of.prefix}${of.quote}${piece}${of.quote}`]),
    ...(values[index] === undefined ? [] : [values[index]]),
  ]);
  return parts.length === 0 ? null : parts;
}

function formatStringParts(module: ParsedModule, node: SyntaxNode): readonly string[] | null {
  const of = quoted(textOf(module, node));
  if (of === null) return null;
  const end = node.to - of.quote.length;
  let from = node.from + textOf(module, node).indexOf(of.quote) + of.quote.length;
  const pieces: string[] = [];
  const values: string[] = [];
  for (const replacement of node.getChildren("FormatReplacement")) {
    const [, value, ...rest] = childrenOf(replacement);
    if (value === undefined || rest.length !== 1 || ["*", "yield", "lambda"].includes(value.name))
      return null;
    pieces.push(unbraced(module.text.slice(from, replacement.from)));
    values.push(textOf(module, value));
    from = replacement.to;
  }
  return interleaved(of, [...pieces, unbraced(module.text.slice(from, end))], values);
}

const unbraced = (piece: string): string => piece.replaceAll("{{", "{").replaceAll("}}", "}");

/** Only `{}`, as many as there are arguments. */
function formatCallParts(module: ParsedModule, call: SyntaxNode): readonly string[] | null {
  const receiver = call.firstChild?.firstChild;
  const of = receiver == null ? null : quoted(textOf(module, receiver));
  const given = argumentsOf(module, call);
  if (of === null || given.some(({ keyword, isSpread }) => keyword !== null || isSpread)) return null;
  const plain = of.inner.replace(/\{\{|\}\}/g, "");
  if (/[{}]/.test(plain.replaceAll("{}", ""))) return null;
  if (/\{\{|\}\}/.test(of.inner)) return null;
  const pieces = of.inner.split("{}");
  if (pieces.length !== given.length + 1) return null;
  return interleaved(
    of,
    pieces,
    given.map(({ value }) => textOf(module, value)),
  );
}

/** Only `%s` before a tuple of as many values. */
function percentParts(module: ParsedModule, left: SyntaxNode, right: SyntaxNode): readonly string[] | null {
  const of = left.name === "String" ? quoted(textOf(module, left)) : null;
  if (of === null || right.name !== "TupleExpression") return null;
  const values = childrenOf(right).filter(({ name }) => !["(", ")", ","].includes(name));
  const pieces = of.inner.split("%s");
  if (pieces.some((piece) => piece.includes("%")) || pieces.length !== values.length + 1) return null;
  if (childrenOf(right).some(({ name }) => name === "*")) return null;
  return interleaved(
    of,
    pieces,
    values.map((value) => textOf(module, value)),
  );
}

/** Literals and `str(…)`, joined by `+`. */
function sumParts(module: ParsedModule, node: SyntaxNode): readonly string[] | null {
  if (node.name === "String") return quoted(textOf(module, node)) === null ? null : [textOf(module, node)];
  if (node.name === "CallExpression") {
    const given = argumentsOf(module, node);
    const [only] = given;
    const isStr = node.firstChild?.name === "VariableName" && calledName(module, node) === "str";
    if (!isStr || given.length !== 1 || only === undefined || only.isSpread || only.keyword !== null)
      return null;
    return [textOf(module, only.value)];
  }
  const [left, operator, right] = node.name === "BinaryExpression" ? childrenOf(node) : [];
  if (left === undefined || right === undefined || operator === undefined) return null;
  if (textOf(module, operator) !== "+") return null;
  const [before, after] = [sumParts(module, left), sumParts(module, right)];
  return before === null || after === null ? null : [...before, ...after];
}
