import { applyEdits, type Edit } from "../../python/edits.ts";
import { importsOf } from "../../python/imports.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { TurnAdvice } from "./imports-in-turn.ts";
import type { StartImport, StartSequence } from "./start-sequence.ts";

/** main.py with its imports in the advised order, and `gc.collect()` behind each, as far as that was advised. */
export function changedMain({ main, imports }: StartSequence, { order, collects }: TurnAdvice): string {
  const { text } = main.parsed;
  const ordered = order === null ? null : inOrder(imports, order);
  const edits = imports.flatMap((each, at): readonly Edit[] => {
    const moved = ordered?.[at];
    return moved === undefined || moved === each
      ? []
      : [{ from: each.from, to: each.to, insert: text.slice(moved.from, moved.to) }];
  });
  const reordered = applyEdits(text, edits);
  return collects
    ? withCollections(main.name, reordered, new Set(imports.map(({ module }) => module)))
    : reordered;
}

/** Null where a statement imports several modules: it cannot be moved as one. */
function inOrder(imports: readonly StartImport[], order: readonly string[]): readonly StartImport[] | null {
  const statements = new Set(imports.map(({ from }) => from));
  if (statements.size !== imports.length) return null;
  return order.flatMap((name) => imports.find(({ module }) => module === name) ?? []);
}

function withCollections(name: string, text: string, own: ReadonlySet<string>): string {
  const parsed = parseModule(name, text);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const all = importsOf(parsed).filter(({ place }) => place === "top-level");
  const edits: Edit[] = [];
  const behind = new Set<number>();
  for (const { module, to } of all) {
    if (!own.has(module) || behind.has(to) || /^\s*;?\s*gc\.collect\(\)/.test(text.slice(to))) continue;
    behind.add(to);
    edits.push({ from: to, to, insert: `${newline}gc.collect()` });
  }
  const first = all[0];
  const hasGc = all.some(
    ({ module, names }) => module === "gc" && names.kind === "module" && names.as === "gc",
  );
  const firstCollected = Math.min(...behind);
  const gcAt = all.find(({ module }) => module === "gc")?.from ?? Number.POSITIVE_INFINITY;
  if (first !== undefined && (!hasGc || gcAt > firstCollected))
    edits.push({ from: first.from, to: first.from, insert: `import gc${newline}` });
  return applyEdits(text, edits);
}
