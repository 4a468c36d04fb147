import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { nodesOf, textOf } from "./tree.ts";

/** What a name does where it stands. */
export type NameRole =
  | "read"
  /** Assigned, deleted, declared, defined, imported, a parameter, a target: anything that makes it other than read. */
  | "bound"
  /** `name=` of an argument. */
  | "keyword"
  /** Part of what an import or a decorator names behind a dot, no name of this module. */
  | "foreign";

/** One occurrence of a name. */
export interface NameUse {
  readonly name: string;
  readonly role: NameRole;
  readonly node: SyntaxNode;
}

/** Every name in the module, wherever it stands; attributes (`.name`) are not among them. */
export function namesIn(module: ParsedModule): readonly NameUse[] {
  const known = seen.get(module);
  if (known !== undefined) return known;
  const uses = nodesOf(module.tree.topNode, ["VariableName"]).map((node) => ({
    name: textOf(module, node),
    role: roleOf(module, node),
    node,
  }));
  seen.set(module, uses);
  return uses;
}

/** Asked for at every site; a module never changes. */
const seen = new WeakMap<ParsedModule, readonly NameUse[]>();

const targetWrappers = ["TupleExpression", "ArrayExpression", "ParenthesizedExpression"];

function roleOf(module: ParsedModule, node: SyntaxNode): NameRole {
  let top = node;
  while (top.parent !== null && targetWrappers.includes(top.parent.name)) top = top.parent;
  const parent = top.parent;
  const before = top.prevSibling?.name;
  switch (parent?.name) {
    case "AssignStatement":
      return hasAfter(top, "AssignOp") || before === undefined ? "bound" : "read";
    case "UpdateStatement":
    case "NamedExpression":
      return before === undefined ? "bound" : "read";
    case "ArgList":
      // `f(a := 1)` has no node of its own.
      if (top.nextSibling?.name === "AssignOp") {
        return textOf(module, top.nextSibling) === "=" ? "keyword" : "bound";
      }
      return isTarget(top) ? "bound" : "read";
    case "ForStatement":
    case "ArrayComprehensionExpression":
    case "ComprehensionExpression":
    case "SetComprehensionExpression":
    case "DictionaryComprehensionExpression":
      return isTarget(top) ? "bound" : "read";
    case "WithStatement":
    case "TryStatement":
      return before === "as" ? "bound" : "read";
    case "ParamList":
      return before === "AssignOp" ? "read" : "bound";
    case "FunctionDefinition":
    case "ClassDefinition":
      return "bound";
    case "ImportStatement":
      return importRole(node);
    case "Decorator":
      return before === "." ? "foreign" : "read";
    case "DeleteStatement":
    case "ScopeStatement":
    case "CapturePattern":
    case "AsPattern":
    case "StarPattern":
    case "KeywordPattern":
    case "TypeDefinition":
    case "TypeParam":
      return "bound";
    default:
      return "read";
  }
}

/** Between `for` and `in`: a loop's or comprehension's variable. */
function isTarget(node: SyntaxNode): boolean {
  for (let before = node.prevSibling; before !== null; before = before.prevSibling) {
    if (before.name === "for") return true;
    if (before.name === "in" || before.name === "if") return false;
  }
  return false;
}

function hasAfter(node: SyntaxNode, name: string): boolean {
  for (let after = node.nextSibling; after !== null; after = after.nextSibling) {
    if (after.name === name) return true;
  }
  return false;
}

/** `import a.b` binds a; `import a.b as c` and `from a import b as c` bind c. */
function importRole(node: SyntaxNode): NameRole {
  const [before, after] = [node.prevSibling?.name, node.nextSibling?.name];
  if (before === "as") return "bound";
  if (before === "." || before === "from" || after === "as") return "foreign";
  for (let next = node.nextSibling; next?.name === "." || next?.name === "VariableName"; ) {
    next = next.nextSibling;
    if (next?.name === "as") return "foreign";
  }
  return "bound";
}
