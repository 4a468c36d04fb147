import { applyEdits, type Edit } from "../../python/edits.ts";
import { importsOf } from "../../python/imports.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { MainChanges } from "./imports-in-turn.ts";
import type { StartSequence } from "./start-sequence.ts";

/** main.py with its imports in the advised order, if they are movable, and `gc.collect()` behind each, as far as that was advised. */
export function changedMain(
  { main, imports, isMovable }: StartSequence,
  { order, collects }: MainChanges,
): string {
  const { text } = main.parsed;
  const ordered =
    order === null || !isMovable
      ? null
      : order.flatMap((name) => imports.find(({ module }) => module === name) ?? []);
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

function withCollections(name: string, text: string, own: ReadonlySet<string>): string {
  const parsed = parseModule(name, text);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const all = importsOf(parsed).filter(({ place }) => place === "top-level");
  const edits: Edit[] = [];
  const behind = new Set<number>();
  for (const { module, to } of all) {
    if (!own.has(module) || behind.has(to) || isCollected(text.slice(to))) continue;
    behind.add(to);
    const at = to + lengthOfComment(text.slice(to));
    edits.push({ from: at, to: at, insert: `${newline}gc.collect()` });
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

/** After an import: the next thing that is done is a collection. */
const isCollected = (rest: string): boolean => /^(?:[\s;]|#[^\n]*\n)*gc\.collect\(\)/.test(rest);

/** Of what follows in the same line, where that is a comment: it belongs to the import. */
const lengthOfComment = (rest: string): number => /^[ \t]*#[^\r\n]*/.exec(rest)?.[0].length ?? 0;
