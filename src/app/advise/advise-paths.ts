import { adviseFiles } from "../../advice/files/advise-files.ts";
import { bestCopy } from "../../advice/files/best-copy.ts";
import type { FixedCopy } from "../../advice/files/fixed-copy.ts";
import { prepare } from "../../advice/files/prepare.ts";
import { type Total, totalOf } from "../../advice/files/total.ts";
import { type AdviceReport, type Finding, inOrder } from "../../advice/finding.ts";
import type { Firmware } from "../../lab/experiment.ts";
import { openLaboratory } from "../../lab/laboratory.ts";
import { compiledStandIns } from "../../lab/stand-ins/compiled.ts";
import { standInFolder } from "../../lab/stand-ins/index.ts";
import { sleep, systemClock } from "../../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError } from "../../shared/errors.ts";
import { helperFile } from "../helper-files.ts";
import { readApplication } from "./read-application.ts";
import { adviseWatching } from "./watched-while-running.ts";
import { checkCopyFolder, writeCopy } from "./write-copy.ts";

export interface AdvisePathsOptions {
  readonly paths: readonly string[];
  readonly firmware: Firmware;
  readonly heapBytes: number;
  /** Where the changed copy goes; null: none is made. */
  readonly fixFolder: string | null;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** The copy could not be written; the report comes nevertheless. */
  readonly unwritten: (error: HeapscopeError) => void;
}

/** The changed copy, and what all changes come to together. */
export interface FixReport {
  readonly folder: string;
  /** Changed sources, and everything that goes to the board, by name. */
  readonly source: readonly string[];
  readonly board: readonly string[];
  /** Findings that are followed in the copy, and those that are left to a person. */
  readonly applied: readonly FindingKey[];
  readonly left: readonly FindingKey[];
  /** main.py collects after each import though no finding says so: it pays together with the rest. */
  readonly alsoCollects: boolean;
  readonly total: Total;
}

/** Which finding: one per code and place. */
export type FindingKey = Pick<Finding, "tip" | "code" | "place">;

export interface PathsReport extends AdviceReport {
  /** Null: no copy was asked for. */
  readonly fix: FixReport | null;
}

const repeats = 3;

/**
 * Measures the application in `paths` on real interpreters, and writes the changed copy where one is asked for. Throws
 * `usage`, `file-unreadable`, `lab-failed`; the signal's reason.
 */
export async function advisePaths(options: AdvisePathsOptions): Promise<PathsReport> {
  const { paths, firmware, heapBytes, fixFolder, signal, progress, unwritten } = options;
  if (fixFolder !== null) checkCopyFolder(fixFolder, paths);
  const application = readApplication(paths);
  const lab = openLaboratory({ signal });
  try {
    progress("whether it runs");
    const standIns = { ...(await compiledStandIns()), ...(await helperStandIns()) };
    const prepared = await prepare(application, { lab, firmware, heapBytes, repeats, standIns });
    const [{ report: measured, changes }, watching] = await Promise.all([
      adviseFiles(prepared, paths, progress),
      adviseWatching(prepared, firmware, signal),
    ]);
    const findings = watching === null ? measured.findings : inOrder([...measured.findings, watching]);
    const report = { ...measured, findings };
    if (fixFolder === null) return { ...report, fix: null };
    if (measured.subject.kind === "files" && measured.subject.measured.length === 0)
      return { ...report, fix: null };
    progress("all changes together");
    const { copy, applied, left, alsoCollects } = await bestCopy(changes, report.findings);
    const total = await totalOf(changes, copy);
    try {
      writeCopy(fixFolder, copy);
    } catch (error) {
      // What was measured meanwhile is not lost with it.
      unwritten(asHeapscopeError(error));
      return { ...report, fix: null };
    }
    const sorted = { applied: applied.map(keyOf), left: left.map(keyOf), alsoCollects };
    return { ...report, fix: { folder: fixFolder, ...namesOf(copy), ...sorted, total } };
  } catch (error) {
    await throwAborted(signal);
    throw error;
  } finally {
    await lab.close();
  }
}

/** A Ctrl-C reaches the interpreters' processes as well, and that they have ended may be heard before it. */
async function throwAborted(signal: AbortSignal): Promise<void> {
  const heardByThenMs = 50;
  await sleep(systemClock, heardByThenMs, signal);
}

const keyOf = ({ tip, code, place }: Finding): FindingKey => ({ tip, code, place });

const namesOf = ({ sources, board }: FixedCopy) => ({
  source: [...sources.keys()].sort(),
  board: [...board.keys()].sort(),
});

/** The helpers, as if the board had them already: what they cost is in firmware-helpers/README.md. */
async function helperStandIns(): Promise<Readonly<Record<string, Uint8Array>>> {
  const files = await Promise.all([helperFile("heapscope", true), helperFile("heapscope_tiny", true)]);
  return Object.fromEntries(files.map(({ name, bytes }) => [`${standInFolder}/${name}`, bytes]));
}
