import { applyEdits } from "./edits.ts";
import { callBefore, counterModule } from "./instrument.ts";
import { firstStatement } from "./module-head.ts";
import type { ParsedModule, SyntaxNode } from "./parsed-module.ts";
import { childrenOf, enclosing, nodesOf } from "./tree.ts";

/** Whether a loop's head, up to its colon, is `while True` or `while 1`: it has no other end than `break`, `return` or an exception. */
export function isEndlessHead(text: string): boolean {
  return /^while\s*\(?\s*(True|1)\s*\)?\s*$/.test(text);
}

/**
 * A copy of the module that calls `__heapscope.turn()` as the first thing in each pass of its endless loops, so that they can be
 * ended. Null: it has none.
 */
export function withTurns(module: ParsedModule): string | null {
  if (module.syntaxErrors.length > 0) return null;
  const calls = nodesOf(module.tree.topNode, ["WhileStatement"]).flatMap((loop) => {
    const body = loop.getChild("Body");
    if (body === null || !isEndlessHead(module.text.slice(loop.from, body.from)) || isAssembler(loop))
      return [];
    const first = childrenOf(body).find(({ name }) => name !== ":");
    return first === undefined ? [] : [callBefore(module, first, `${counterModule}.turn()`)];
  });
  const head = firstStatement(module);
  if (calls.length === 0 || head === null) return null;
  return applyEdits(module.text, [callBefore(module, head, `import ${counterModule}`), ...calls]);
}

/** A decorated function may be for the assembler, or machine code, where such a call is none. */
const isAssembler = (loop: SyntaxNode): boolean => enclosing(loop, ["DecoratedStatement"]) !== null;
