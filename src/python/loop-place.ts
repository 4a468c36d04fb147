import type { SyntaxNode } from "./parsed-module.ts";
import { nodesOf, statementsOf } from "./tree.ts";

/** Where in a loop an expression stands. */
export interface LoopPlace {
  /** The statement around it; of a head such as that of `if`, the whole compound statement. */
  readonly statement: SyntaxNode;
  /** The innermost loop that repeats it. */
  readonly loop: SyntaxNode;
  /** The outermost one in the same function. */
  readonly outermost: SyntaxNode;
  /** The function around the loop, or the script. */
  readonly scope: SyntaxNode;
  readonly isHot: boolean;
}

const loopNames = ["WhileStatement", "ForStatement"];
const endings = ["BreakStatement", "ReturnStatement", "RaiseStatement"];

/**
 * The loop that repeats `node`. Null where there is none in its function, and where it is done at most once or only when
 * something went wrong: in `return`, `raise`, `assert`, an `except` part, or a block that leaves the loop.
 */
export function loopPlaceOf(node: SyntaxNode): LoopPlace | null {
  let statement: SyntaxNode | null = null;
  const loops: SyntaxNode[] = [];
  let at = node;
  for (let around = node.parent; around !== null; at = around, around = around.parent) {
    if (["ReturnStatement", "RaiseStatement", "AssertStatement"].includes(at.name)) return null;
    if (statement === null && ["Body", "Script", "StatementGroup"].includes(around.name)) statement = at;
    if (around.name === "TryStatement" && clauseOf(at) === "except") return null;
    if (loops.length === 0 && at.name === "Body" && endings.includes(statementsOf(at).at(-1)?.name ?? "")) {
      return null;
    }
    if (loopNames.includes(around.name) && isRepeated(around, at)) loops.push(around);
    if (["LambdaExpression", "ClassDefinition"].includes(around.name)) return null;
    if (around.name === "FunctionDefinition" || around.name === "Script") {
      const [loop, outermost] = [loops[0], loops.at(-1)];
      if (loop === undefined || outermost === undefined || statement === null) return null;
      const isHot =
        loops.some(({ name }) => name === "WhileStatement") ||
        (around.name === "FunctionDefinition" && nodesOf(around, ["WhileStatement"]).length > 0);
      return { statement, loop, outermost, scope: around, isHot };
    }
  }
  return null;
}

/** What a loop repeats: the body, not its `else`, and the condition of `while`. */
export function isRepeated(loop: SyntaxNode, part: SyntaxNode): boolean {
  if (part.name === "Body") return part.from === loop.getChild("Body")?.from;
  return loop.name === "WhileStatement";
}

function clauseOf(part: SyntaxNode): string | null {
  if (part.name !== "Body") return null;
  for (let before = part.prevSibling; before !== null; before = before.prevSibling) {
    if (["try", "except", "else", "finally"].includes(before.name)) return before.name;
  }
  return null;
}
