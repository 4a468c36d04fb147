import { sizeText } from "../../shared/units-text.ts";
import type { Finding, NotMeasured, Place } from "../finding.ts";
import type { StartSequence } from "./start-sequence.ts";
import {
  type Bench,
  type BoardFiles,
  type Failed,
  measuredAs,
  methodOf,
  type StartStep,
  type Trial,
  tryImports,
} from "./trial.ts";

type Measured = Extract<Trial, { readonly kind: "measured" }>;

/** A gain below this share of the heap is not worth a change. */
const leastGainShare = 0.01;
/** So many modules are tried in every order; more in some. */
const mostPermuted = 4;

/** The imports of main.py, changed: the steps and what they left. */
export interface Turn {
  readonly steps: readonly StartStep[];
  readonly trial: Measured;
}

/** What becomes of the imports of main.py. */
export interface MainChanges {
  /** Null: they stay in the order they have. */
  readonly order: readonly string[] | null;
  /** `gc.collect()` comes behind each. */
  readonly collects: boolean;
}

export interface TurnAdvice extends MainChanges {
  readonly findings: readonly Finding[];
  readonly notMeasured: readonly NotMeasured[];
}

/**
 * Tips 5 and 2: whether `gc.collect()` after each import leaves a larger free block, and another order of the imports. Each
 * against main.py as it is.
 */
export async function adviseTurns(
  bench: Bench,
  files: BoardFiles,
  sequence: StartSequence,
): Promise<TurnAdvice> {
  const place: Place = { file: sequence.main.name, line: sequence.imports[0]?.line ?? 1 };
  const present = await tryImports(bench, files, sequence.steps);
  if (present.kind === "failed") return { ...unmeasured(place, present), order: null, collects: false };
  const before: Turn = { steps: sequence.steps, trial: present };
  const [collecting, ordering] = await Promise.all([
    collected(bench, files, before),
    sequence.isMovable ? reordered(bench, files, before) : null,
  ]);
  const findings: Finding[] = [];
  if (collecting !== null) findings.push(collectFinding(bench, place, before, collecting));
  if (ordering !== null) findings.push(orderFinding(bench, place, before, ordering));
  return {
    findings,
    notMeasured: [],
    order: ordering === null ? null : namesOf(ordering.steps),
    collects: collecting !== null,
  };
}

function unmeasured(place: Place, { exception, reason }: Failed) {
  const notMeasured: NotMeasured = {
    tip: 5,
    code: "collect-after-imports",
    place,
    title: "The imports of main.py in a row.",
    reason:
      exception === "MemoryError"
        ? "They do not fit into this heap together: the interpreter here collects only between them, where a board does so as soon as it is full. Try a larger --heap, or precompile first."
        : `They end with ${reason}.`,
  };
  return { findings: [], notMeasured: [notMeasured] };
}

async function collected(bench: Bench, files: BoardFiles, before: Turn): Promise<Turn | null> {
  const steps = before.steps.flatMap((step, at): readonly StartStep[] =>
    step.kind === "import" && before.steps[at + 1]?.kind !== "collect" ? [step, { kind: "collect" }] : [step],
  );
  if (steps.length === before.steps.length) return null;
  return better(before, steps, await tryImports(bench, files, steps));
}

/** The order with the largest free block; of those that are alike, the one nearest to the present. */
async function reordered(bench: Bench, files: BoardFiles, before: Turn): Promise<Turn | null> {
  const names = namesOf(before.steps);
  const once = { ...bench, repeats: 1 };
  const tried = await Promise.all(
    ordersOf(names).map(
      async (order): Promise<{ readonly steps: readonly StartStep[]; readonly bytes: number }> => {
        const steps = inOrderOf(before.steps, order);
        const trial = await tryImports(once, files, steps);
        return { steps, bytes: trial.kind === "measured" ? trial.heap.largestFreeBytes : 0 };
      },
    ),
  );
  const best = tried.reduce<(typeof tried)[number] | null>(
    (most, each) => (most === null || each.bytes > most.bytes ? each : most),
    null,
  );
  if (best === null) return null;
  return better(before, best.steps, await tryImports(bench, files, best.steps));
}

/** The turn, where it gains enough. */
function better(before: Turn, steps: readonly StartStep[], trial: Trial): Turn | null {
  if (trial.kind === "failed") return null;
  const gained = trial.heap.largestFreeBytes - before.trial.heap.largestFreeBytes;
  return gained >= leastGainShare * trial.heap.totalBytes ? { steps, trial } : null;
}

const namesOf = (steps: readonly StartStep[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === "import" ? [step.module] : []));

/** The same steps with the imports in another order. */
function inOrderOf(steps: readonly StartStep[], order: readonly string[]): readonly StartStep[] {
  let next = 0;
  return steps.map((step) =>
    step.kind === "import" ? { kind: "import", module: order[next++] ?? step.module } : step,
  );
}

/** Every other order of a few names; of many: each one first, each one last, and all backwards. */
function ordersOf(names: readonly string[]): readonly (readonly string[])[] {
  const without = (at: number): readonly string[] => names.toSpliced(at, 1);
  const all =
    names.length <= mostPermuted
      ? permutations(names)
      : [
          ...names.map((name, at) => [name, ...without(at)]),
          ...names.map((name, at) => [...without(at), name]),
          names.toReversed(),
        ];
  const seen = new Set([names.join()]);
  return all.filter((order) => !seen.has(order.join()) && seen.add(order.join()));
}

function permutations(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length < 2) return [names];
  return names.flatMap((name, at) => permutations(names.toSpliced(at, 1)).map((rest) => [name, ...rest]));
}

function collectFinding(bench: Bench, place: Place, before: Turn, after: Turn): Finding {
  return {
    ...compared(bench, place, before, after, "gc.collect() after each import"),
    tip: 5,
    code: "collect-after-imports",
    title: `Collecting after each import leaves a largest free block of ${largest(after)} instead of ${largest(before)}.`,
    change: `Put gc.collect() behind each import of ${namesOf(before.steps).join(", ")}: what an import leaves as garbage is then filled again before the next one allocates behind it.`,
  };
}

function orderFinding(bench: Bench, place: Place, before: Turn, after: Turn): Finding {
  const order = namesOf(after.steps).join(", ");
  return {
    ...compared(bench, place, before, after, "in that order"),
    tip: 2,
    code: "import-order",
    title: `Another order of imports leaves a largest free block of ${largest(after)} instead of ${largest(before)}.`,
    change: `Import in the order ${order}, if none of them needs another one to have run before.`,
  };
}

function compared(bench: Bench, place: Place, before: Turn, after: Turn, label: string) {
  const spreadBytes = Math.max(before.trial.spreadBytes, after.trial.spreadBytes);
  const [largestBefore, largestAfter] = [before, after].map(({ trial }) => trial.heap.largestFreeBytes) as [
    number,
    number,
  ];
  return {
    place,
    before: measuredAs("as it is", before.trial),
    after: measuredAs(label, after.trial),
    others: [],
    saving: { bytes: largestAfter - largestBefore, of: "largest-free", atMost: false },
    method: methodOf(bench, spreadBytes),
    confidence: spreadBytes === 0 ? "high" : "medium",
    curve: [],
  } as const;
}

const largest = ({ trial }: Turn): string => sizeText(trial.heap.largestFreeBytes);
