import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { leastTrendPoints } from "../../analysis/trend.ts";
import type { WhenBusy } from "../../board/when-busy.ts";
import { compileMpy } from "../../lab/compile-mpy.ts";
import { systemClock } from "../../shared/clock.ts";
import { asHeapscopeError, HeapscopeError, heapscopeError } from "../../shared/errors.ts";
import { openPort } from "../../transport/open-port.ts";
import { canonicalPortUrl } from "../../transport/port-url.ts";
import { startBoards } from "../emulate.ts";
import { portKindOf } from "../port-settings.ts";
import { writeAtomically } from "../write-atomically.ts";
import {
  type BaselineEntry,
  type BaselineKey,
  entryFor,
  readBaseline,
  updateBaseline,
} from "./baseline-file.ts";
import { bootLines } from "./boot-console.ts";
import { junitXml } from "./junit.ts";
import { mustBeWritable } from "./must-be-writable.ts";
import type { SoakObserved } from "./observed.ts";
import { type SoakReport, type SoakSubject, soakReport, unknownCheck } from "./soak-report.ts";
import { judge, type SoakJudgement, type SoakLimits, verdictOf } from "./soak-verdict.ts";
import { type WatchedSoak, watchSoak } from "./watch-soak.ts";

export type SoakTarget =
  | { readonly kind: "port"; readonly port: string }
  /** An emulated board with this main.py. */
  | { readonly kind: "emulated"; readonly app: string; readonly heapBytes: number };

export interface SoakOptions {
  readonly target: SoakTarget;
  readonly seconds: number;
  /** Between collections; null = what fits the time. */
  readonly intervalSeconds: number | null;
  readonly whenBusy: WhenBusy;
  readonly limits: Omit<SoakLimits, "baseline">;
  readonly junitFile: string | null;
  readonly baseline: {
    readonly file: string;
    readonly update: boolean;
    /** 0 … 1 */
    readonly tolerance: number;
  } | null;
  /** The application's name in the baseline; null = its file's name. */
  readonly name: string | null;
}

export interface SoakEnd {
  readonly report: SoakReport;
  /** Files that were asked for and could not be written. */
  readonly unwritten: readonly HeapscopeError[];
}

/** Two more than the trend wants, for a first one that comes late. */
const leastCollections = leastTrendPoints + 2;
const usualCollections = 90;
const shortestIntervalSeconds = 0.25;
const longestUsualIntervalSeconds = 10;
/** An application that reports by itself may do so once a minute. */
const patience = { leastSeconds: 30, mostSeconds: 120, shareOfRun: 0.25 } as const;

/** The time between collections for a run of so many seconds. Throws `usage` where too few would fit in. */
export function intervalFor(seconds: number, asked: number | null): number {
  const usual = Math.min(longestUsualIntervalSeconds, seconds / usualCollections);
  const interval = asked ?? Math.max(shortestIntervalSeconds, usual);
  if (seconds / interval >= leastCollections) return interval;
  throw heapscopeError("usage", {
    detail: `A run of ${seconds} s with a collection every ${interval} s has ${Math.floor(seconds / interval)} of them, and a verdict on growth takes ${leastCollections}. Take more --minutes or a shorter --interval.`,
  });
}

/**
 * Watches a board, judges it, and writes what was asked for: JUnit XML, the baseline. The port is closed and the emulated board gone
 * afterwards. When `signal` aborts, the report is of what was seen. Throws `usage`, `soak-unmeasured`, `baseline-unusable`,
 * and what starting the emulated board ends in.
 */
export async function runSoak(
  options: SoakOptions,
  signal: AbortSignal,
  onProgress: (observed: SoakObserved) => void,
): Promise<SoakEnd> {
  const { target, seconds } = options;
  const intervalSeconds = intervalFor(seconds, options.intervalSeconds);
  if (options.junitFile !== null) mustBeWritable(options.junitFile, "--junit");
  if (options.baseline?.update) mustBeWritable(options.baseline.file, "--baseline");
  const entries = baselineEntries(options.baseline);
  const application = applicationOf(options);
  if (target.kind === "emulated") await mustCompile(target.app);
  const { url, path, stop } = await boardFor(target, signal);
  let watched: WatchedSoak;
  const startedAt = new Date(systemClock.nowMs()).toISOString();
  try {
    const emulated = target.kind === "emulated";
    const kind = await portKindOf(url);
    const { leastSeconds, mostSeconds, shareOfRun } = patience;
    const patienceSeconds = Math.min(mostSeconds, Math.max(leastSeconds, seconds * shareOfRun));
    watched = await watchSoak(
      {
        ...{ url, kind, emulated, seconds, intervalSeconds, whenBusy: options.whenBusy, patienceSeconds },
        ...(path !== null && { bootLines: await bootLines(path, systemClock, signal) }),
      },
      signal,
      onProgress,
      { clock: systemClock, openPort },
    );
  } catch (error) {
    // Whoever reads only the XML is to know, too.
    if (options.junitFile !== null && error instanceof HeapscopeError) {
      const name = suiteName(application);
      const checks = [unknownCheck("growth", error.message)];
      const xml = junitXml({ name, startedAt, seconds: 0, checks, notes: [] });
      // What the run failed with says more than that this failed, too.
      const file = options.junitFile;
      orNote([], () => writeAtomically(file, xml));
    }
    throw error;
  } finally {
    await stop();
  }
  const unwritten: HeapscopeError[] = [];
  const report = reportOf(options, url, application, watched, entries, unwritten);
  const { junitFile } = options;
  if (junitFile !== null) orNote(unwritten, () => writeAtomically(junitFile, junitOf(report)));
  return { report, unwritten };
}

/** Does `write`; what goes wrong is put into `unwritten`, and returned: a report of hours is not lost to a full disk. */
function orNote(unwritten: HeapscopeError[], write: () => void): HeapscopeError | null {
  try {
    write();
    return null;
  } catch (error) {
    const failure = asHeapscopeError(error);
    unwritten.push(failure);
    return failure;
  }
}

function reportOf(
  options: SoakOptions,
  url: string,
  application: SoakReport["application"],
  { observed, boardId, facts, cutShort }: WatchedSoak,
  entries: readonly BaselineEntry[],
  unwritten: HeapscopeError[],
): SoakReport {
  const { target, baseline, limits } = options;
  const emulated = target.kind === "emulated";
  const key: BaselineKey = {
    application: application.name,
    firmware: facts?.firmware ?? null,
    machine: facts?.machine ?? null,
    emulatedHeapBytes: emulated ? target.heapBytes : null,
  };
  const entry = entryFor(entries, key);
  const compares = baseline !== null && !baseline.update;
  const judged = judge(observed, {
    ...limits,
    baseline: compares && entry !== null ? { ...entry, tolerance: baseline.tolerance } : null,
  });
  const judgement = compares && entry === null ? withoutBaseline(judged, key) : judged;
  const subject: SoakSubject = {
    port: url,
    emulated,
    boardId,
    facts,
    application,
    secondsAsked: options.seconds,
  };
  return soakReport(subject, observed, judgement, {
    cutShort,
    baseline: baselineNews(options, judgement, cutShort, entry, unwritten, {
      ...key,
      applicationSha256: application.sha256,
      liveBytes: Math.round(judgement.figures.liveBytes ?? 0),
      leastLargestFreeBytes: judgement.figures.leastLargestFree?.bytes ?? null,
      collections: observed.points.length,
      at: new Date(observed.endMs).toISOString(),
    }),
  });
}

/** Nothing to compare with is no success: who renames a board or updates its firmware would never be told again. */
function withoutBaseline(
  judgement: SoakJudgement,
  { application, firmware, machine }: BaselineKey,
): SoakJudgement {
  const sentence = `The baseline knows nothing of ${application} on ${machine ?? "such a board"} with ${firmware ?? "a firmware that was not asked for"}. A run with --update-baseline adds it.`;
  const checks = [...judgement.checks, unknownCheck("baseline-live", sentence)];
  return { ...judgement, checks, verdict: verdictOf(checks) };
}

/** Writes the baseline where that was asked for and the run is fit for it, and says what became of it. */
function baselineNews(
  { baseline }: SoakOptions,
  { verdict }: SoakJudgement,
  cutShort: boolean,
  before: BaselineEntry | null,
  unwritten: HeapscopeError[],
  entry: BaselineEntry,
): string | null {
  if (baseline === null) return null;
  const { file, update } = baseline;
  if (!update) {
    const isOther = before !== null && before.applicationSha256 !== entry.applicationSha256;
    return `Compared with ${file}${isOther ? "; the application has changed since" : ""}.`;
  }
  if (cutShort || verdict !== "met")
    return `${file} stays as it was: only a whole run that meets its limits becomes a baseline.`;
  const failure = orNote(unwritten, () => updateBaseline(file, entry));
  if (failure !== null) return failure.message;
  return `${file} ${before === null ? "has these figures now" : `has these figures in place of those of ${before.at.slice(0, 10)}`}.`;
}

function baselineEntries(baseline: SoakOptions["baseline"]): readonly BaselineEntry[] {
  if (baseline === null) return [];
  const entries = readBaseline(baseline.file);
  if (entries !== null || baseline.update) return entries ?? [];
  throw heapscopeError("baseline-unusable", { file: baseline.file, reason: "there is no such file" });
}

function applicationOf({ target, name }: SoakOptions): SoakReport["application"] {
  if (target.kind === "port") return { name: name ?? "main.py", sha256: null };
  try {
    const sha256 = createHash("sha256").update(readFileSync(target.app)).digest("hex");
    return { name: name ?? basename(target.app), sha256 };
  } catch (error) {
    throw heapscopeError("file-unreadable", { file: target.app, reason: (error as Error).message });
  }
}

/** Before anything starts. Other complaints are left to the board: it may know more than the compiler. Throws `usage`. */
async function mustCompile(app: string): Promise<void> {
  try {
    await compileMpy(basename(app), readFileSync(app, "utf8"));
  } catch (error) {
    const reason = error instanceof HeapscopeError ? String(error.context["reason"]) : "";
    const found = /^(?:line (\d+): )?((?:Syntax|Indentation)Error\b.*)$/.exec(reason);
    if (found === null) return;
    const [, line, complaint] = found;
    const detail = `${app}${line === undefined ? "" : `:${line}`} would not run: ${complaint}.`;
    throw heapscopeError("usage", { detail });
  }
}

async function boardFor(
  target: SoakTarget,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly path: string | null; readonly stop: () => Promise<void> }> {
  if (target.kind === "port") return { url: canonicalPortUrl(target.port), path: null, stop: async () => {} };
  const { app, heapBytes } = target;
  const { boards, stop } = await startBoards({ count: 1, app, heapBytes }, signal);
  const path = boards[0]?.path ?? "";
  return { url: canonicalPortUrl(path), path, stop };
}

function junitOf(report: SoakReport): string {
  const { application, startedAt, seconds, checks, hints, cutShort, baseline } = report;
  const cut = cutShort ? ["The run was cut short: this is of what was seen until then."] : [];
  const notes = [...cut, ...hints, ...(baseline === null ? [] : [baseline])];
  return junitXml({ name: suiteName(application), startedAt, seconds, checks, notes });
}

function suiteName({ name }: SoakReport["application"]): string {
  return `heapscope soak: ${name}`;
}
