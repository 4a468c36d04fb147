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
  const own = referencesOf(module);
  const elsewhere = others
    .filter((other) => other !== module && other.file !== module.file)
    .map((other) => referencesOf(other));
  const isOpen =
    elsewhere.some(({ isUnreadable }) => isUnreadable) ||
    [own, ...elsewhere].some(({ opened }) => opened.has(name) || opened.has(""));
  return {
    isAsked: (asking) =>
      isOpen ||
      own.texts.has(asking) ||
      own.imported.has(asking) ||
      elsewhere.some(
        ({ texts, imported, attributes }) =>
          texts.has(asking) || imported.has(asking) || attributes.has(asking),
      ),
    isWritten: (asking) => elsewhere.some(({ written }) => written.has(asking)),
  };
}

/** What one module says about the names of others. */
interface References {
  readonly isUnreadable: boolean;
  /** Texts that are a name. */
  readonly texts: ReadonlySet<string>;
  /** What it imports by name. */
  readonly imported: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
  /** What it assigns as an attribute, or may by text. */
  readonly written: ReadonlySet<string>;
  /** Last names of modules that it imports by star, or whose object it hands on. */
  readonly opened: ReadonlySet<string>;
}

/** Asked for once for each other module; a module never changes. */
const seen = new WeakMap<ParsedModule, References>();

function referencesOf(module: ParsedModule): References {
  const known = seen.get(module);
  if (known !== undefined) return known;
  const found = readReferences(module);
  seen.set(module, found);
  return found;
}

function readReferences(module: ParsedModule): References {
  const texts = new Set(textsIn(module));
  const imported = new Set<string>();
  const opened = new Set<string>();
  /** Names here for what may be a module, with the last name of the module. */
  const objects = new Map<string, string>();
  /** `b` of `import a.b`. */
  const parts = new Set<string>();
  for (const { module: path, names } of importsOf(module)) {
    const last = path.split(".").at(-1) ?? "";
    if (names.kind === "star") opened.add(last);
    if (names.kind === "module") {
      const isWhole = names.as !== path.split(".")[0] || !path.includes(".");
      objects.set(names.as, isWhole ? last : names.as);
      if (!isWhole) parts.add(last);
    }
    if (names.kind !== "names") continue;
    for (const taken of names.names) {
      imported.add(taken.name);
      objects.set(taken.as, taken.name);
    }
  }
  for (const { name, role, node } of namesIn(module)) {
    const object = objects.get(name);
    if (object !== undefined && role === "read" && node.nextSibling?.name !== ".") opened.add(object);
  }
  const attributes = new Set<string>();
  const isSetting = namesIn(module).some(({ name }) => name === "setattr" || name === "exec");
  const written = new Set<string>(isSetting ? texts : []);
  for (const attribute of nodesOf(module.tree.topNode, ["PropertyName"])) {
    const text = textOf(module, attribute);
    attributes.add(text);
    if (isAssigned(module, attribute)) written.add(text);
    if (parts.has(text) && attribute.parent?.nextSibling?.name !== ".") opened.add(text);
  }
  // sys.modules["a"], __import__("a"), sys.modules[__name__]
  if (attributes.has("modules") || namesIn(module).some(({ name }) => name === "__import__")) {
    for (const text of [...texts, importName(module.file)]) opened.add(text);
  }
  return { isUnreadable: module.syntaxErrors.length > 0, texts, imported, attributes, written, opened };
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
