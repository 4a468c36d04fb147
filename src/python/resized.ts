import type { ParsedModule } from "./parsed-module.ts";
import { nodesOf, textOf } from "./tree.ts";

/** Whether some statement of the module may make what the name stands for longer or shorter, or another object. */
export function isResized(module: ParsedModule, name: string): boolean {
  return nodesOf(module.tree.topNode, ["MemberExpression", "UpdateStatement"]).some((node) => {
    if (node.firstChild === null || textOf(module, node.firstChild) !== name) return false;
    if (node.name === "UpdateStatement") return true;
    // A slice may be replaced by a longer one.
    const isWritten = node.parent?.name === "AssignStatement" && node.nextSibling?.name === "AssignOp";
    if (isWritten && node.getChild(":") !== null) return true;
    return /\.(append|extend)$/.test(textOf(module, node));
  });
}
