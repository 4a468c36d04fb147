import { importsOf } from "./imports.ts";
import { namesIn } from "./names.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { literalText, nodesOf, textOf } from "./tree.ts";

/** What may be done to a module's names from outside, as far as can be seen. In doubt the answer is true. */
export interface OutsideUse {
  /** It may be read, imported, or written by other modules, or found by its text. */
  isAsked(name: string): boolean;
  /** It may be assigned by another module. */
  isWritten(name: string): boolean;
}

/**
 * Looks for uses of `module`'s names in the `others`: imports by name or star, attributes, texts that are the name (for
 * `getattr`, `__all__`), and the module object itself where it is more than the left side of a dot.
 */
export function outsideUse(module: ParsedModule, others: readonly ParsedModule[]): OutsideUse {
  const name = importName(module.file);
  const elsewhere = others.filter((other) => other !== module && other.file !== module.file);
  const asked = new Set<string>(textsIn(module));
  const written = new Set<string>();
  let isOpen = elsewhere.some(({ syntaxErrors }) => syntaxErrors.length > 0);
  for (const other of [module, ...elsewhere]) {
    const bound = new Set<string>();
    for (const { module: path, names } of importsOf(other)) {
      const isThis = (path.split(".").at(-1) ?? "") === name || path === "";
      if (names.kind === "names") for (const taken of names.names) asked.add(taken.name);
      if (names.kind === "star" && isThis) isOpen = true;
      if (names.kind === "module" && isThis) bound.add(names.as);
      if (names.kind === "names") {
        for (const taken of names.names) if (taken.name === name) bound.add(taken.as);
      }
    }
    if (givesAway(other, bound)) isOpen = true;
    if (other === module) continue;
    for (const text of textsIn(other)) asked.add(text);
    for (const attribute of nodesOf(other.tree.topNode, ["PropertyName"])) {
      const text = textOf(other, attribute);
      asked.add(text);
      if (isAssigned(other, attribute)) written.add(text);
    }
    // A text may be code that sets it, or the name for setattr.
    if (namesIn(other).some((use) => use.name === "setattr" || use.name === "exec")) {
      for (const text of textsIn(other)) written.add(text);
    }
  }
  return { isAsked: (asking) => isOpen || asked.has(asking), isWritten: (asking) => written.has(asking) };
}

/** `wifi` of `lib/wifi.py`, `umqtt` of `umqtt/__init__.py`. */
function importName(file: string): string {
  const parts = file.replace(/\.m?py$/, "").split(/[/\\]/);
  const last = parts.at(-1) ?? "";
  return last === "__init__" ? (parts.at(-2) ?? "") : last;
}

/** Texts that are a name, and each name in the texts of a module that runs texts as code. */
function textsIn(module: ParsedModule): readonly string[] {
  const runsTexts = namesIn(module).some(({ name }) => ["exec", "eval", "execfile"].includes(name));
  return nodesOf(module.tree.topNode, ["String", "FormatString"]).flatMap((node) => {
    const text = literalText(module, node) ?? textOf(module, node);
    if (runsTexts) return text.match(/\w+/g) ?? [];
    return /^\w+$/.test(text) ? [text] : [];
  });
}

/** Whether the module object, known as one of `names`, is used other than as `name.attribute`. */
function givesAway(module: ParsedModule, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  return namesIn(module).some(
    ({ name, role, node }) => names.has(name) && role === "read" && node.nextSibling?.name !== ".",
  );
}

/** `x.name = …`, `x.name += …`, `del x.name`, also as one of several targets; `self.name = …` sets no module's name. */
function isAssigned(module: ParsedModule, attribute: SyntaxNode): boolean {
  const member = attribute.parent;
  if (member === null || member.lastChild?.from !== attribute.from) return false;
  if (member.firstChild !== null && textOf(module, member.firstChild) === "self") return false;
  let top = member;
  while (
    top.parent !== null &&
    ["TupleExpression", "ArrayExpression", "ParenthesizedExpression"].includes(top.parent.name)
  ) {
    top = top.parent;
  }
  if (top.parent?.name === "DeleteStatement" || top.prevSibling?.name === "for") return true;
  if (top.parent?.name === "UpdateStatement") return top.prevSibling === null;
  for (let after = top.nextSibling; after !== null; after = after.nextSibling) {
    if (after.name === "AssignOp" || (after.name === "in" && top.parent?.name === "ForStatement"))
      return true;
  }
  return top.prevSibling?.name === "as";
}
