import { adviseFiles } from "../../advice/files/advise-files.ts";
import { type FixedCopy, fixedCopy } from "../../advice/files/fixed-copy.ts";
import { prepare } from "../../advice/files/prepare.ts";
import { type Total, totalOf } from "../../advice/files/total.ts";
import { type AdviceReport, inOrder } from "../../advice/finding.ts";
import type { Firmware } from "../../lab/experiment.ts";
import { openLaboratory } from "../../lab/laboratory.ts";
import { compiledStandIns } from "../../lab/stand-ins/compiled.ts";
import { standInFolder } from "../../lab/stand-ins/index.ts";
import { sleep, systemClock } from "../../shared/clock.ts";
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
}

/** The changed copy, and what all changes come to together. */
export interface FixReport {
  readonly folder: string;
  /** Changed sources, and everything that goes to the board, by name. */
  readonly source: readonly string[];
  readonly board: readonly string[];
  readonly total: Total;
}

export interface PathsReport extends AdviceReport {
  /** Null: no copy was asked for. */
  readonly fix: FixReport | null;
}

const repeats = 3;

/**
 * Measures the application in `paths` on real interpreters, and writes the changed copy where one is asked for. Throws
 * `usage`, `file-unreadable`, `file-unwritable`, `lab-failed`; the signal's reason.
 */
export async function advisePaths(options: AdvisePathsOptions): Promise<PathsReport> {
  const { paths, firmware, heapBytes, fixFolder, signal, progress } = options;
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
    progress("all changes together");
    const copy = await fixedCopy(changes);
    const total = await totalOf(changes, copy);
    writeCopy(fixFolder, copy);
    return { ...report, fix: { folder: fixFolder, ...namesOf(copy), total } };
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

const namesOf = ({ sources, board }: FixedCopy) => ({
  source: [...sources.keys()].sort(),
  board: [...board.keys()].sort(),
});

/** The helpers, as if the board had them already: what they cost is in firmware-helpers/README.md. */
async function helperStandIns(): Promise<Readonly<Record<string, Uint8Array>>> {
  const files = await Promise.all([helperFile("heapscope", true), helperFile("heapscope_tiny", true)]);
  return Object.fromEntries(files.map(({ name, bytes }) => [`${standInFolder}/${name}`, bytes]));
}
