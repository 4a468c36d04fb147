import { applyConstants } from "../../python/apply-constants.ts";
import { type ConstantCandidate, findConstants } from "../../python/constants.ts";
import type { Finding } from "../finding.ts";
import { type Application, type ApplicationModule, sourcesOf } from "./application.ts";
import { withForm } from "./forms.ts";
import { type Bench, type BoardFiles, importing, measuredAs, methodOf, tryImports } from "./trial.ts";

/** Two blocks: less is what a dict that happens to grow costs. */
const leastSavedBytes = 32;
const mostNamed = 6;

/** A finding and the source that it comes to. */
export interface ConstantAdvice {
  readonly finding: Finding;
  readonly text: string;
}

/**
 * Tip 3: a module with its constants in `const()`, private where nobody else asks for them, against the module as it is.
 * Null where that saves nothing.
 */
export async function adviseConstants(
  bench: Bench,
  files: BoardFiles,
  application: Application,
  module: ApplicationModule,
): Promise<ConstantAdvice | null> {
  const others = sourcesOf(application).filter(({ path }) => path !== module.path);
  const candidates = findConstants(
    module.parsed,
    others.map(({ parsed }) => parsed),
  ).filter(({ isDead }) => !isDead);
  const [first] = candidates;
  if (first === undefined) return null;
  const text = applyConstants(module.parsed, candidates);
  // Both as source: a frozen module gains its names, not its bytecode.
  const [before, after] = await Promise.all([
    tryImports(
      bench,
      withForm(files, module, { kind: "source", text: module.parsed.text }),
      importing([module.module]),
    ),
    tryImports(bench, withForm(files, module, { kind: "source", text }), importing([module.module])),
  ]);
  if (before.kind === "failed" || after.kind === "failed") return null;
  const bytes = before.usedBytes - after.usedBytes;
  if (bytes < leastSavedBytes) return null;
  const spreadBytes = Math.max(before.spreadBytes, after.spreadBytes);
  const finding: Finding = {
    tip: 3,
    code: "const",
    title: `${countOf(candidates)} of ${module.name} ${candidates.length === 1 ? "stays" : "stay"} on the heap as ${candidates.length === 1 ? "a variable" : "variables"}, and could be in the bytecode.`,
    place: { file: module.name, line: first.line },
    before: measuredAs("as it is", before),
    after: measuredAs("const()", after),
    others: [],
    saving: { bytes, of: "heap", atMost: false },
    method: methodOf(bench, spreadBytes),
    change: changeOf(candidates, module.parsed.text),
    confidence: spreadBytes < bytes ? "high" : "medium",
    curve: [],
  };
  return { finding, text };
}

const countOf = ({ length }: readonly ConstantCandidate[]): string =>
  length === 1 ? "1 constant" : `${length} constants`;

function changeOf(candidates: readonly ConstantCandidate[], text: string): string {
  const hidden = candidates.filter(({ mayBePrivate }) => mayBePrivate);
  const [example] = hidden.length > 0 ? hidden : candidates;
  if (example === undefined) return "";
  const name = hidden.length > 0 ? `_${example.name.replace(/^_/, "")}` : example.name;
  const line = `${name} = const(${text.slice(example.valueFrom, example.valueTo)})`;
  const shown = example.valueTo - example.valueFrom > 40 ? `${name} = const(…)` : line;
  const rest =
    hidden.length > 0
      ? `The underscore takes the name off the heap as well; nothing else imports ${listOf(hidden)}.`
      : `Other modules use ${listOf(candidates)}, so the ${candidates.length === 1 ? "name stays" : "names stay"}.`;
  return `Write ${shown}. ${rest}`;
}

function listOf(candidates: readonly ConstantCandidate[]): string {
  const named = candidates.slice(0, mostNamed).map(({ name, line }) => `${name} (line ${line})`);
  const more = candidates.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
}
