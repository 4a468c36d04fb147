import { constantValue } from "./constant-values.ts";
import { namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, nodesOf, textOf } from "./tree.ts";

export type Collection = "list" | "dictionary" | "set";

const growing = ["append", "extend", "insert", "add", "setdefault", "update"];
const reducing = ["sum", "min", "max", "any", "all", "len"];

/** What a display or comprehension makes. */
export function collectionOf(module: ParsedModule, node: SyntaxNode): Collection {
  if (textOf(module, node).startsWith("[")) return "list";
  return node.name.startsWith("Dictionary") ? "dictionary" : "set";
}

/** The elements of a display; of a dictionary, keys and values in turn. Null for a comprehension. */
export function elementsOf(node: SyntaxNode): readonly SyntaxNode[] | null {
  if (node.name.includes("Comprehension")) return null;
  return childrenOf(node).filter(({ name }) => !["[", "]", "{", "}", ",", ":"].includes(name));
}

/** What to do instead of making a collection called `name` in each pass. */
export function namedAdvice(module: ParsedModule, node: SyntaxNode, name: string, scope: SyntaxNode): string {
  const what = collectionOf(module, node);
  const elements = elementsOf(node);
  const emptied = `Make ${name} once before the loop, and empty it with ${name}.clear() at the start of each pass`;
  if (what === "set") return `${emptied}, before its elements are added.`;
  const grows = isGrown(module, name, scope);
  if (what === "dictionary") {
    const [key, value] = elements ?? [];
    if (elements === null || key === undefined || value === undefined || grows) {
      return `${emptied}; or leave its keys and set their values, and delete keys that are gone with del ${name}[key].`;
    }
    const areFixed = elements.every((at, index) => index % 2 === 1 || isConstant(module, at));
    const set = `${name}[${textOf(module, key)}] = ${short(textOf(module, value))}`;
    const others = elements.length > 2 ? ", and so on" : "";
    return areFixed
      ? `Make ${name} once before the loop, and set its values in it: ${set}${others}.`
      : `Make ${name} once before the loop, set its values in it (${set}${others}), and delete keys that are gone with del ${name}[key], or empty it with ${name}.clear() at the start of each pass.`;
  }
  if (elements === null) {
    return `Make ${name} once before the loop, with a place for each element ([0] * n), and set them in a loop; or look at each element where it comes up, without a list.`;
  }
  const [first] = elements;
  if (first === undefined) return `${emptied}.`;
  if (grows) return `${emptied}, before its first elements are appended.`;
  if (elements.every((at) => isConstant(module, at)) && !isWritten(module, name, scope)) {
    return `Make ${name} once before the loop: its elements are the same in each pass.`;
  }
  const others = elements.length > 1 ? ", and so on" : "";
  return `Make ${name} once before the loop, and set its elements in it: ${name}[0] = ${short(textOf(module, first))}${others}.`;
}

/** What to do instead of handing a new collection to the function or method `called`. */
export function handedAdvice(module: ParsedModule, node: SyntaxNode, called: string): string {
  const what = collectionOf(module, node);
  const elements = elementsOf(node);
  const texts = elements?.map((at) => textOf(module, at)) ?? null;
  if (called === "join") {
    return `Where the text goes to a stream or is printed, hand on the parts one by one: print(…, sep=…, file=…) joins them without making a text. Where it is needed as a whole, keep one list from before the loop and set its elements in it; join still makes the text.`;
  }
  if (called === "dumps") {
    const [key, value] = texts ?? [];
    const set =
      what === "dictionary" && key !== undefined && value !== undefined
        ? ` (values[${key}] = ${short(value)}${texts !== null && texts.length > 2 ? ", and so on" : ""})`
        : "";
    return `Make this ${what} once before the loop as values, change it in the loop${set}, and give dumps that. The text that dumps makes is still a new one; where it goes to a stream, json.dump(values, stream) writes it without.`;
  }
  if (what !== "dictionary" && texts !== null && texts.length > 1 && elements?.every(isSimple) === true) {
    if (called === "sum") return `Add the values up without a ${what}: ${short(texts.join(" + "))}.`;
    if (called === "min" || called === "max")
      return `Hand on the values themselves: ${called}(${short(texts.join(", "))}).`;
    if (called === "any" || called === "all")
      return `Write ${short(texts.join(called === "any" ? " or " : " and "))}, which needs no ${what}.`;
  }
  if (reducing.includes(called))
    return "Go through the values in a loop of its own that keeps only the result.";
  if (called === "sorted")
    return `Keep one list from before the loop, set its elements in it, and put it in order with its method sort(), which needs no second list.`;
  if (called === "bytes" || called === "bytearray")
    return "Make buf = bytearray(n) once before the loop, and set its elements in a loop.";
  return `Keep one ${what} from before the loop, and change its elements.`;
}

/** Whether a method makes the collection longer, or a key is set. */
function isGrown(module: ParsedModule, name: string, scope: SyntaxNode): boolean {
  const methods = membersOf(module, name, scope).map((node) =>
    textOf(module, node).slice(name.length).trim(),
  );
  return (
    methods.some((method) => growing.includes(method.replace(/^\./, ""))) ||
    nodesOf(scope, ["UpdateStatement"]).some(
      ({ firstChild }) => firstChild !== null && textOf(module, firstChild) === name,
    )
  );
}

const isWritten = (module: ParsedModule, name: string, scope: SyntaxNode): boolean =>
  membersOf(module, name, scope).some(
    ({ parent, nextSibling }) =>
      parent?.name === "UpdateStatement" ||
      (parent?.name === "AssignStatement" && nextSibling?.name === "AssignOp"),
  );

const membersOf = (module: ParsedModule, name: string, scope: SyntaxNode): readonly SyntaxNode[] =>
  nodesOf(scope, ["MemberExpression"]).filter(
    ({ firstChild }) => firstChild?.name === "VariableName" && textOf(module, firstChild) === name,
  );

const isConstant = (module: ParsedModule, node: SyntaxNode): boolean =>
  constantValue(module, node, constantsIn(module)) !== null;

/** Names in capitals that are bound once are taken for constants. */
function constantsIn(module: ParsedModule): ReadonlyMap<string, { readonly kind: "none" }> {
  const bound = namesIn(module).filter(
    ({ role, name }) => role === "bound" && /^[A-Z_][A-Z0-9_]*$/.test(name),
  );
  const names = bound.map(({ name }) => name);
  return new Map(
    names
      .filter((name) => names.indexOf(name) === names.lastIndexOf(name))
      .map((name) => [name, { kind: "none" }] as const),
  );
}

const isSimple = ({ name }: SyntaxNode): boolean =>
  ["VariableName", "Number", "MemberExpression", "CallExpression"].includes(name);

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
