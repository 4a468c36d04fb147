import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, statementsOf, textOf } from "./tree.ts";

/** How a function is called. */
export interface Callable {
  /** Those without a default, by name, `self` left out. */
  readonly required: readonly string[];
  readonly isAsync: boolean;
  /** Its class, and what making one takes; null: a plain function. */
  readonly owner: { readonly name: string; readonly required: readonly string[] } | null;
}

/**
 * The function `name` or method `Class.name` at the module's top level. Null where there is none, or where it cannot be
 * called from outside: a function in a function, a property, parameters by keyword only.
 */
export function callableNamed(module: ParsedModule, name: string): Callable | null {
  const [first = "", second, ...rest] = name.split(".");
  if (rest.length > 0) return null;
  const found = definitionIn(module, module.tree.topNode, first);
  if (found === null) return null;
  if (second === undefined)
    return found.name === "FunctionDefinition" ? functionOf(module, found, null) : null;
  const body = found.name === "ClassDefinition" ? found.getChild("Body") : null;
  const method = body === null ? null : definitionIn(module, body, second);
  if (body === null || method?.name !== "FunctionDefinition") return null;
  const made = definitionIn(module, body, "__init__");
  const required = made?.name === "FunctionDefinition" ? requiredOf(module, made) : [];
  return required === null ? null : functionOf(module, method, { name: first, required: required.slice(1) });
}

function functionOf(module: ParsedModule, node: SyntaxNode, owner: Callable["owner"]): Callable | null {
  const required = requiredOf(module, node);
  if (required === null) return null;
  return {
    required: owner === null ? required : required.slice(1),
    isAsync: node.getChild("async") !== null,
    owner,
  };
}

/** Only undecorated ones: a decorator may make anything of it. */
function definitionIn(module: ParsedModule, node: SyntaxNode, name: string): SyntaxNode | null {
  return (
    statementsOf(node).find((statement) => {
      const named = statement.getChild("VariableName");
      return (
        /^(Function|Class)Definition$/.test(statement.name) &&
        named !== null &&
        textOf(module, named) === name
      );
    }) ?? null
  );
}

function requiredOf(module: ParsedModule, definition: SyntaxNode): readonly string[] | null {
  const list = definition.getChild("ParamList");
  const required: string[] = [];
  const parts = list === null ? [] : childrenOf(list).slice(1, -1);
  let byKeywordOnly = false;
  for (const [at, part] of parts.entries()) {
    if (part.name === "**") return required;
    if (part.name === "*") byKeywordOnly = true;
    // The name of `*args`
    if (parts[at - 1]?.name === "*") continue;
    if (part.name !== "VariableName" || parts[at - 1]?.name === "AssignOp") continue;
    const next = parts.slice(at + 1).find(({ name }) => name !== "TypeDef");
    if (next?.name === "AssignOp") continue;
    if (byKeywordOnly) return null;
    required.push(textOf(module, part));
  }
  return required;
}
