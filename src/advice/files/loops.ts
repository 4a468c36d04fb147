import { medianOf } from "../../analysis/order-statistics.ts";
import type { AllocationSite } from "../../python/allocation-site.ts";
import { findAllocations } from "../../python/allocations.ts";
import { type Instrumented, type InstrumentedSite, instrument } from "../../python/instrument.ts";
import type { NotMeasured, Place } from "../finding.ts";
import { type Finding, type Measured, nothingMeasured } from "../finding.ts";
import type { Application, ApplicationSource } from "./application.ts";
import { keptPasses } from "./counter.ts";
import { directCall } from "./direct-call.ts";
import { type LoopRun, runCounting } from "./loop-run.ts";
import { type Bench, type BoardFiles, methodOnGrowingHeap } from "./trial.ts";

/** One block: what does not allocate does not count. */
const leastBytes = 16;

/** What a run of loops came to. */
export interface LoopAdvice {
  readonly findings: readonly Finding[];
  readonly notMeasured: readonly NotMeasured[];
  /** Of `findAllocations` of the same source: places whose rewrite was seen to allocate less. */
  readonly rewritten: readonly number[];
}

/** What one place allocated each time. */
type Site =
  | { readonly kind: "counted"; readonly bytes: number; readonly times: number; readonly run: CountedRun }
  | { readonly kind: "not-reached"; readonly reason: string };

interface CountedRun {
  readonly counts: Extract<LoopRun, { readonly kind: "counted" }>["counts"];
  /** What was run, to be run again with changed copies. */
  readonly code: string;
}

/**
 * Tip 4: places in loops that allocate though they need not. The application is run with a counting copy of `source`, until its
 * loops have gone round often enough; functions that it does not come to are called by themselves. A place with a rewrite is run in
 * that form, too. What cannot be run is no finding.
 */
export async function adviseLoops(
  bench: Bench,
  files: BoardFiles,
  application: Application,
  source: ApplicationSource,
): Promise<LoopAdvice> {
  const sites = findAllocations(source.parsed);
  if (sites.length === 0) return { findings: [], notMeasured: [], rewritten: [] };
  const copy = instrument(source.parsed, sites);
  const runs = await runsOf(bench, files, application, source, copy);
  const findings: Finding[] = [];
  const notMeasured: NotMeasured[] = [];
  const rewritten: number[] = [];
  for (const [at, site] of sites.entries()) {
    const numbered = copy.sites[at];
    if (numbered === undefined) continue;
    const seen = countOf(numbered, runs);
    const place = { file: source.name, line: site.line };
    if (seen.kind === "not-reached") {
      if (site.isHot)
        notMeasured.push({
          tip: 4,
          code: "allocates-in-loop",
          place,
          title: site.title,
          reason: seen.reason,
        });
      continue;
    }
    // A `for` of a few elements is a loop that matters only where it is run over and over.
    if (!site.isHot && seen.times < keptPasses) continue;
    const changed = await changedBytes(bench, files, source, site, numbered, seen.run);
    if (changed === null && numbered.statement === null) {
      // What its whole pass allocates is not what it does; the lines of a pass are told apart in passes.ts.
      const reason = `It cannot be counted by itself: ${numbered.reason}.`;
      notMeasured.push({ tip: 4, code: "allocates-in-loop", place, title: site.title, reason });
      continue;
    }
    const saved = changed === null ? seen.bytes : changed.before - changed.after;
    if (saved < leastBytes) continue;
    if (changed !== null) rewritten.push(at);
    findings.push({
      tip: 4,
      code: "allocates-in-loop",
      title: site.title,
      place,
      before: perPass(changed === null ? "the statement" : "as it is", changed?.before ?? seen.bytes),
      after: changed === null ? null : perPass("changed", changed.after),
      others: [],
      saving: { bytes: saved, of: "each-pass", atMost: changed === null },
      method: methodOnGrowingHeap({ ...bench, repeats: 1 }, 0),
      change: site.change,
      confidence: changed === null ? "medium" : "high",
      curve: [],
    });
  }
  return { findings, notMeasured, rewritten };
}

interface Runs {
  readonly counted: readonly CountedRun[];
  /** Why what was not reached was not; a sentence without its end. */
  readonly reason: string;
}

/** The application as a whole, then each function by itself that it did not come to. */
async function runsOf(
  bench: Bench,
  files: BoardFiles,
  application: Application,
  source: ApplicationSource,
  copy: Instrumented,
): Promise<Runs> {
  const counted: CountedRun[] = [];
  let reason = "nothing that was run came to it";
  const run = async (code: string): Promise<void> => {
    const result = await runCounting(bench, files, source, copy, code);
    if (result.kind === "failed") reason = result.reason;
    else {
      counted.push({ counts: result.counts, code });
      const { exception } = result.counts;
      if (exception !== null)
        reason = `it ended with ${exception.text}${placeText(exception.place)} before it came there`;
    }
  };
  if (application.main !== null) await run('execfile("/main.py")');
  const missed = copy.sites.filter((site) => countOf(site, { counted, reason }).kind === "not-reached");
  const module = application.modules.find(({ path }) => path === source.path);
  for (const name of new Set(missed.map(({ site }) => site.functionName))) {
    const code =
      module === undefined ? null : name === null ? `import ${module.module}` : directCall(module, name);
    if (code !== null) await run(code);
  }
  return { counted, reason };
}

function countOf({ statement, loop, reason }: InstrumentedSite, runs: Runs): Site {
  let missed = runs.reason;
  for (const run of runs.counted) {
    if (statement !== null) {
      const { bytes, times } = run.counts.sites[statement] ?? { bytes: 0, times: 0 };
      if (times > 0) return { kind: "counted", bytes: Math.round(bytes / times), times, run };
    } else if (loop !== null) {
      const { passes, begun } = run.counts.loops[loop] ?? { passes: [], begun: 0 };
      if (begun > 0) missed = "its loop never goes round twice";
      // The whole pass stands for a place that has no statement of its own.
      if (passes.length > 0) return { kind: "counted", bytes: usual(passes), times: passes.length, run };
    }
  }
  return {
    kind: "not-reached",
    reason: `Not measured: ${missed}${reason === null ? "" : ` (${reason})`}.`,
  };
}

/** What a pass allocates, as it is and with the place rewritten. Null: it has no rewrite, or that does not run or does not save. */
async function changedBytes(
  bench: Bench,
  files: BoardFiles,
  source: ApplicationSource,
  site: AllocationSite,
  { loop }: InstrumentedSite,
  { counts, code }: CountedRun,
): Promise<{ readonly before: number; readonly after: number } | null> {
  if (site.rewrite === null || loop === null) return null;
  const copy = instrument(source.parsed, [site], site.rewrite);
  const result = await runCounting(bench, files, source, copy, code);
  const [passes, changedPasses] = [
    counts.loops[loop]?.passes ?? [],
    result.kind === "counted" ? (result.counts.loops[0]?.passes ?? []) : [],
  ];
  if (passes.length === 0 || changedPasses.length === 0) return null;
  const [before, after] = [usual(passes), usual(changedPasses)];
  return before - after >= leastBytes ? { before, after } : null;
}

const placeText = (place: Place | null): string => (place === null ? "" : ` in ${place.file}:${place.line}`);

const perPass = (label: string, bytesPerPass: number): Measured => ({
  ...nothingMeasured,
  label,
  bytesPerPass,
});

/** The median, so that a pass now and then that does more does not count. */
const usual = (passes: readonly number[]): number => Math.round(medianOf(passes) ?? 0);
