import { applyConstants } from "../../python/apply-constants.ts";
import { type ConstantCandidate, findConstants } from "../../python/constants.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { Finding, Measured, NotMeasured, Place } from "../finding.ts";
import { type Application, type ApplicationSource, compiledPath } from "./application.ts";
import { withForm } from "./forms.ts";
import { tryMain } from "./loop-run.ts";
import {
  type Bench,
  type BoardFiles,
  importing,
  measuredAs,
  methodOf,
  type Trial,
  tryImports,
  usedOnly,
} from "./trial.ts";

/** Two blocks: less is what a dict that happens to grow costs. */
const leastSavedBytes = 32;
const mostNamed = 6;

/** What constants of a source come to. */
export type ConstantAdvice =
  /** With the source that it comes to. */
  | { readonly kind: "saves"; readonly finding: Finding; readonly text: string }
  /** There are some, but they save nothing here. */
  | { readonly kind: "saves-nothing"; readonly note: NotMeasured };

/**
 * Tip 3: a module or main.py with its constants in `const()`, private where nobody else asks for them, against the source as it is.
 * Null where there are none, or the source does not run.
 */
export async function adviseConstants(
  bench: Bench,
  files: BoardFiles,
  application: Application,
  source: ApplicationSource,
): Promise<ConstantAdvice | null> {
  const candidates = candidatesOf(application, source);
  const [first] = candidates;
  if (first === undefined) return null;
  const text = applyConstants(source.parsed, candidates);
  const run = runnerOf(bench, files, application, source);
  const [before, after] = await Promise.all([run(source.parsed.text), run(text)]);
  if (before.kind === "failed" || after.kind === "failed") return null;
  const bytes = before.usedBytes - after.usedBytes;
  const place: Place = { file: source.name, line: first.line };
  if (bytes < leastSavedBytes)
    return { kind: "saves-nothing", note: nothingSaved(source, place, candidates, bytes) };
  const form = (label: string, trial: Trial): Measured =>
    source.path === application.main?.path ? usedOnly(measuredAs(label, trial)) : measuredAs(label, trial);
  const spreadBytes = Math.max(before.spreadBytes, after.spreadBytes);
  const finding: Finding = {
    tip: 3,
    code: "const",
    title: `${countOf(candidates)} of ${source.name} ${candidates.length === 1 ? "stays" : "stay"} on the heap as ${candidates.length === 1 ? "a variable" : "variables"}, and could be in the bytecode.`,
    place,
    before: form("as it is", before),
    after: form("const()", after),
    others: [],
    saving: { bytes, of: "heap", atMost: false },
    method: methodOf(bench, spreadBytes),
    change: changeOf(candidates, source.parsed.text),
    confidence: spreadBytes < bytes ? "high" : "medium",
    curve: [],
  };
  return { kind: "saves", finding, text };
}

function nothingSaved(
  { name }: ApplicationSource,
  place: Place,
  candidates: readonly ConstantCandidate[],
  bytes: number,
): NotMeasured {
  return {
    tip: 3,
    code: "const",
    place,
    title: `${countOf(candidates)} of ${name} could be in const().`,
    reason: `That saves ${Math.max(0, bytes)} B here: the table of a module's names grows in steps, and stays within one.`,
  };
}

/** Bytecode without its source does not say which names it asks for, so all that it could ask for stay. */
function candidatesOf(
  { files, sources }: Application,
  { path, parsed }: ApplicationSource,
): readonly ConstantCandidate[] {
  const others = sources.filter((other) => other.path !== path).map((other) => other.parsed);
  const candidates = findConstants(parsed, others).filter(({ isDead }) => !isDead);
  const compiledPaths = new Set(sources.map((source) => compiledPath(source.path)));
  if (!files.some((file) => file.path.endsWith(".mpy") && !compiledPaths.has(file.path))) return candidates;
  return candidates
    .filter(({ name, isConst }) => !name.startsWith("_") && !isConst)
    .map((candidate) => ({ ...candidate, mayBePrivate: false }));
}

/** Modules are imported, main.py runs until its loops have gone round. Always as source: a frozen module gains its names, not its bytecode. */
function runnerOf(
  bench: Bench,
  files: BoardFiles,
  { modules }: Application,
  source: ApplicationSource,
): (text: string) => Promise<Trial> {
  const module = modules.find(({ path }) => path === source.path);
  if (module === undefined)
    return (text) => tryMain(bench, files, { ...source, parsed: parseModule(source.name, text) });
  return (text) =>
    tryImports(bench, withForm(files, module, { kind: "source", text }), importing([module.module]));
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
      ? `The underscore takes the name off the heap as well; nothing else imports ${listOf(hidden)}.${keptText(candidates)}`
      : `Other modules use ${listOf(candidates)}, so the ${candidates.length === 1 ? "name stays" : "names stay"}.`;
  return `Write ${shown}. ${rest}`;
}

/** Those that others ask for. */
function keptText(candidates: readonly ConstantCandidate[]): string {
  const kept = candidates.filter(({ mayBePrivate }) => !mayBePrivate);
  return kept.length === 0 ? "" : ` Without one, because other modules ask for it: ${listOf(kept)}.`;
}

function listOf(candidates: readonly ConstantCandidate[]): string {
  const named = candidates.slice(0, mostNamed).map(({ name, line }) => `${name} (line ${line})`);
  const more = candidates.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
}
