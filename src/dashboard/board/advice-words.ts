import type { AdviceView } from "../../client/views.ts";
import { basisText, nothingToAdvise } from "../../shared/advice-text.ts";
import { countText, durationText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";

export type FindingView = AdviceView["findings"][number];
type Measured = NonNullable<FindingView["before"]>;
type Subject = AdviceView["subject"];
export type Modules = Extract<Subject, { readonly kind: "board" }>["modules"];

const tips: Readonly<Record<FindingView["tip"], string>> = {
  1: "Monitor",
  2: "Precompile",
  3: "Constants",
  4: "Garbage",
  5: "Collect",
};

/** "Tip 4 · Garbage". */
export function tipText(tip: FindingView["tip"]): string {
  return `Tip ${tip} · ${tips[tip]}`;
}

/** One figure of a finding, before its change and after. Null: not measured there. */
export interface ComparedFigure {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

const figures: readonly (readonly [
  key: Exclude<keyof Measured, "label">,
  name: string,
  text: (value: number) => string,
])[] = [
  ["bytesPerSecond", "Allocated", (bytes) => `${sizeText(Math.round(bytes))}/s`],
  ["usedBytes", "In use", sizeText],
  ["neededBytes", "Needed", sizeText],
  ["bytesPerPass", "Each pass", sizeText],
  ["largestFreeBytes", "Largest free block", sizeText],
  ["fragmentation", "Fragmentation", percentText],
  ["pauseMs", "Pause", millisecondsText],
];

/** Every figure that either side has. */
export function comparedFigures({ before, after }: FindingView): readonly ComparedFigure[] {
  return figures.flatMap(([key, name, text]) => {
    const [was, is] = [before?.[key] ?? null, after?.[key] ?? null];
    if (was === null && is === null) return [];
    return [{ name, before: was === null ? null : text(was), after: is === null ? null : text(is) }];
  });
}

const savedOf: Readonly<Record<NonNullable<FindingView["saving"]>["of"], string>> = {
  heap: " of heap",
  peak: " at the peak",
  "largest-free": " for the largest free block",
  "each-pass": " in each pass",
  "each-second": " per second",
  "each-second-or-more": " per second",
};

/** "Up to 18.5 KiB per second", "At least 18.5 KiB per second"; null where it saves no bytes by itself. */
export function savingText({ saving }: FindingView): string | null {
  if (saving === null) return null;
  const bound = saving.of === "each-second-or-more" ? "At least " : saving.atMost ? "Up to " : "";
  return `${bound}${sizeText(saving.bytes)}${savedOf[saving.of]}`;
}

/** "Measured in 1200 readings and 300 collections of 7 days; confidence medium." */
export function methodText({ method, confidence }: FindingView): string {
  const sure = `confidence ${confidence}`;
  switch (method.kind) {
    case "history":
      return `Measured in ${basisText(method)}; ${sure}.`;
    case "interpreter":
      return `Measured on ${method.interpreter} with ${method.heapBytes === null ? "a heap that grows" : `${sizeText(method.heapBytes)} of heap`}, ${countText(method.repeats, "time")} each; ${sure}.`;
    case "emulated-board":
      return `Measured on an emulated board (${method.interpreter}, ${sizeText(method.heapBytes)} of heap) in ${durationText(method.seconds)}; ${sure}.`;
  }
}

/** What was looked at, where nothing came of it. */
export function nothingText(subject: Subject): string {
  return subject.kind === "board" ? nothingToAdvise(subject) : "Nothing to advise.";
}

/** What is known of the modules that the board has loaded. */
export function modulesText(modules: Modules): string {
  if (modules === null) return "Which modules the board has loaded has not been asked yet.";
  const { modules: list } = modules;
  if (list === null) return "The board's firmware keeps no list of the modules it has loaded.";
  const count = (origin: (typeof list)[number]["origin"]): number =>
    list.filter((module) => module.origin === origin).length;
  const parts = [
    [count("source"), "compiled on the board from source"],
    [count("compiled"), "loaded as .mpy"],
    [count("frozen"), "frozen into the firmware"],
    [count("unknown"), "built in, or of unknown origin"],
  ] as const;
  const known = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return list.length === 0
    ? "The board has loaded no modules."
    : `The board has loaded ${countText(list.length, "module")}: ${known.join(", ")}.`;
}

/** What became of asking, as a sentence. */
export function modulesOutcome({ modules }: NonNullable<Modules>): string {
  return modules === null
    ? "The board was asked: its firmware keeps no list of modules."
    : `The board was asked: ${countText(modules.length, "module")} loaded.`;
}
