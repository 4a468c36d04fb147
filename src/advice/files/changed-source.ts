import { findAllocations, rewritesTogether } from "../../python/allocations.ts";
import { applyEdits } from "../../python/edits.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { ApplicationSource } from "./application.ts";

/**
 * The source with both kinds of changes: `withConstants`, if any, and the rewrites of the places numbered `rewritten`. Null: it stays as
 * it is. Constants move no place and make none, so places keep their numbers.
 */
export function changedSource(
  { name, parsed }: ApplicationSource,
  withConstants: string | null,
  rewritten: readonly number[],
): string | null {
  if (rewritten.length === 0) return withConstants;
  const module = withConstants === null ? parsed : parseModule(name, withConstants);
  const sites = findAllocations(module);
  if (sites.length !== findAllocations(parsed).length) return withConstants;
  const chosen = rewritten.flatMap((at) => sites[at] ?? []);
  return applyEdits(module.text, rewritesTogether(chosen));
}
