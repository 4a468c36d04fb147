import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, enclosing, nodesOf, textOf } from "./tree.ts";

/** A name that a `from … import` takes from its module. */
export interface ImportedName {
  readonly name: string;
  /** What it is called in the importing module: the alias, or the name itself. */
  readonly as: string;
}

/** When an import is done. */
export type ImportPlace =
  /** Always, when the module is imported. */
  | "top-level"
  /** At the module's top level, but inside `if`, `try`, `with`, or a loop. */
  | "conditional"
  /** When a function is called. */
  | "function";

/** One imported module; `import a, b` gives two. */
export interface ImportedModule {
  /** Dotted, without leading dots: `umqtt.simple`; empty for `from . import x`. */
  readonly module: string;
  /** Leading dots; 0: absolute. */
  readonly level: number;
  readonly names: /** `import module`: bound as `as`, which for `import a.b` is `a`. */
    | { readonly kind: "module"; readonly as: string }
    | { readonly kind: "names"; readonly names: readonly ImportedName[] }
    | { readonly kind: "star" };
  /** From 1. */
  readonly line: number;
  /** Offsets of the whole statement. */
  readonly from: number;
  readonly to: number;
  readonly place: ImportPlace;
  /** Somewhere inside a `try` statement, so that it may fail. */
  readonly isInTry: boolean;
}

/** Every import of the module, in the order of the text. */
export function importsOf(module: ParsedModule): readonly ImportedModule[] {
  return nodesOf(module.tree.topNode, ["ImportStatement"]).flatMap((statement): readonly ImportedModule[] => {
    const parts = childrenOf(statement).filter(({ name }) => name !== "(" && name !== ")");
    const common = {
      line: module.lineOf(statement.from),
      from: statement.from,
      to: statement.to,
      place: placeOf(statement),
      isInTry: enclosing(statement, ["TryStatement"]) !== null,
    };
    const split = parts.findIndex(({ name }) => name === "import");
    if (parts[0]?.name !== "from") {
      return groupsOf(parts.slice(split + 1)).map((group) => ({
        ...common,
        level: 0,
        ...plainImport(module, group),
      }));
    }
    const source = parts.slice(1, split).map((part) => textOf(module, part));
    const level = source.findIndex((part) => part !== ".");
    const taken = parts.slice(split + 1);
    return [
      {
        ...common,
        module: source.slice(level === -1 ? source.length : level).join(""),
        level: level === -1 ? source.length : level,
        names:
          taken[0]?.name === "*"
            ? { kind: "star" as const }
            : { kind: "names" as const, names: groupsOf(taken).flatMap((group) => takenName(module, group)) },
      },
    ];
  });
}

function plainImport(module: ParsedModule, group: readonly SyntaxNode[]) {
  const alias = group.findIndex(({ name }) => name === "as");
  const path = group.slice(0, alias === -1 ? group.length : alias).map((part) => textOf(module, part));
  const [first = ""] = path;
  const bound = alias === -1 ? undefined : group[alias + 1];
  return {
    module: path.join(""),
    names: { kind: "module" as const, as: bound === undefined ? first : textOf(module, bound) },
  };
}

function takenName(module: ParsedModule, group: readonly SyntaxNode[]): readonly ImportedName[] {
  const [first, , alias] = group;
  if (first === undefined) return [];
  const name = textOf(module, first);
  return [{ name, as: alias === undefined ? name : textOf(module, alias) }];
}

function groupsOf(parts: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === ",") groups.push([]);
    else groups.at(-1)?.push(part);
  }
  return groups.filter((group) => group.length > 0);
}

function placeOf(statement: SyntaxNode): ImportPlace {
  if (enclosing(statement, ["FunctionDefinition"]) !== null) return "function";
  const around = statement.parent?.name === "StatementGroup" ? statement.parent.parent : statement.parent;
  return around?.name === "Script" ? "top-level" : "conditional";
}
