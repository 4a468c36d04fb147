import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Application } from "../../advice/files/application.ts";
import { filesOf } from "../../advice/files/forms.ts";
import { portableFiles } from "../../advice/files/portable.ts";
import type { Prepared } from "../../advice/files/prepare.ts";
import { type BoardFiles, interpreterName } from "../../advice/files/trial.ts";
import { type Finding, nothingMeasured } from "../../advice/finding.ts";
import { startEmulatedBoard } from "../../emulator/emulated-board.ts";
import type { Firmware } from "../../lab/experiment.ts";
import { packageOf } from "../../lab/firmware-package.ts";
import { compiledStandIns } from "../../lab/stand-ins/compiled.ts";
import { standInFolder, standInSetup } from "../../lab/stand-ins/index.ts";
import { importsOf } from "../../python/imports.ts";
import { systemClock } from "../../shared/clock.ts";
import { HeapscopeError } from "../../shared/errors.ts";
import { makeFolder } from "../../shared/make-folder.ts";
import { openPort } from "../../transport/open-port.ts";
import { canonicalPortUrl } from "../../transport/port-url.ts";
import { appModules } from "../app-modules.ts";
import { portKindOf } from "../port-settings.ts";
import { watchSoak } from "../soak/watch-soak.ts";

/** What one run with the monitor beside it came to. */
type Watched =
  | { readonly kind: "readings"; readonly count: number; readonly restarts: number }
  /** None came: why. */
  | { readonly kind: "nothing"; readonly reason: string };

const seconds = 3;
const patienceSeconds = 4;
/** It is not the heap that is looked at, and stand-ins and helper take some of it. */
const heapBytes = 262_144;

/** Real devices' and time's names stay the board's; the rest of `machine` is stood in for. */
const prelude = `import sys, machine as _board
sys.path.insert(sys.path.index(".frozen") if ".frozen" in sys.path else len(sys.path), "${standInFolder}")
${standInSetup}
del sys.modules["machine"]
import machine
for _name in ("Timer", "WDT", "unique_id", "reset"): setattr(machine, _name, getattr(_board, _name))
del _board, _name
`;

/** Reports each second, so that a short run hears some. */
const helperLine = "import heapscope; heapscope.start(1)\n";

/**
 * Tip 1: whether anybody can look at the heap while main.py runs. The application runs on an emulated board, with heapscope
 * asking as it always does, and again with the helper. Null where readings come, and where main.py does not run here.
 */
export async function adviseWatching(
  { application, compiled }: Pick<Prepared, "application" | "compiled">,
  firmware: Firmware,
  signal: AbortSignal,
): Promise<Finding | null> {
  const { main } = application;
  if (main === null) return null;
  const files = filesOf(application, compiled);
  const run = (first: string): Promise<Watched> =>
    watchedRun({ ...files, "/main.py": `${prelude}${first}${main.parsed.text}` }, firmware, signal);
  const asItIs = await run("");
  if (asItIs.kind === "readings" || startsHelper(application)) return null;
  const withHelper = await run(helperLine);
  // An application that starts over and over is another problem.
  if (withHelper.kind === "readings" && withHelper.restarts > 0) return null;
  const helps = withHelper.kind === "readings";
  return {
    tip: 1,
    code: "not-watched-while-running",
    title: `While main.py runs nobody can look at its heap: it holds the prompt, and not one reading came in ${patienceSeconds} s of asking.${helps ? ` With the helper ${withHelper.count} came in ${seconds} s.` : ""}`,
    place: { file: main.name, line: 1 },
    before: { ...nothingMeasured, label: "as it is" },
    after: helps ? { ...nothingMeasured, label: "with the helper" } : null,
    others: [],
    saving: null,
    method: {
      kind: "emulated-board",
      interpreter: interpreterName(firmware),
      heapBytes,
      seconds: patienceSeconds + seconds,
    },
    change: helps
      ? `${installed} It reports every 10 s by itself, and leaves no garbage.`
      : `${installed} On the emulated board its timer runs only while the program sleeps, which this one did not; a sleep in the loop also lets Ctrl-C in.`,
    confidence: helps ? "high" : "medium",
    curve: [],
  };
}

const installed =
  'Install the helper ("heapscope helper install PORT") and start it in main.py: import heapscope; heapscope.start().';

function startsHelper({ main }: Application): boolean {
  return main !== null && importsOf(main.parsed).some(({ module }) => module.startsWith("heapscope"));
}

async function watchedRun(files: BoardFiles, firmware: Firmware, signal: AbortSignal): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-advise-"));
  try {
    for (const [path, content] of Object.entries(portableFiles(files))) write(join(folder, path), content);
    for (const [path, content] of Object.entries(await compiledStandIns())) {
      // A board has its own time, and waits for real.
      if (path !== `${standInFolder}/time.mpy`) write(join(folder, path), content);
    }
    const board = await startEmulatedBoard(
      {
        name: folder,
        filesDir: folder,
        modules: appModules(null),
        interpreter: packageOf(firmware),
        heapBytes,
      },
      signal,
    );
    try {
      return await readingsOf(canonicalPortUrl(board.path), signal);
    } finally {
      await board.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readingsOf(url: string, signal: AbortSignal): Promise<Watched> {
  try {
    const { observed } = await watchSoak(
      {
        url,
        kind: await portKindOf(url),
        emulated: true,
        seconds,
        intervalSeconds: 1,
        whenBusy: "skip",
        patienceSeconds,
      },
      signal,
      () => {},
      { clock: systemClock, openPort },
    );
    return { kind: "readings", count: observed.readings, restarts: observed.restartsMs.length };
  } catch (error) {
    if (!(error instanceof HeapscopeError && error.code === "soak-unmeasured")) throw error;
    return { kind: "nothing", reason: String(error.context["reason"]) };
  }
}

function write(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  writeFileSync(path, content);
}
