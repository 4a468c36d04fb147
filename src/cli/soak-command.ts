import { type Command, Option } from "commander";
import { type WhenBusy, whenBusyPolicies } from "../app/busy-policies.ts";
import type { SoakObserved } from "../app/soak/observed.ts";
import type { SoakEnd, SoakOptions, SoakTarget } from "../app/soak/run-soak.ts";
import { asHeapscopeError, heapscopeError } from "../shared/errors.ts";
import { type CliIo, joinLines, jsonLine } from "./cli-io.ts";
import { parseCount, parseHeap, parseSize } from "./parse-size.ts";
import { soakLines, soakProgress } from "./render/soak.ts";

interface SoakFlags {
  readonly minutes: string;
  readonly maxGrowth: string;
  readonly minLargestFree?: string;
  readonly allowRestarts: string;
  readonly allowMissed: string;
  readonly interval?: string;
  readonly whenBusy: WhenBusy;
  readonly app?: string;
  readonly heap: string;
  readonly junit?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly tolerance: string;
  readonly name?: string;
  readonly json?: boolean;
}

const notMetCode = 3;
const unmeasuredCode = 1;
const weekMinutes = 10_080;
const longestNoteMs = 60_000;

/** `heapscope soak` */
export function addSoak(program: Command, io: CliIo): void {
  program
    .command("soak")
    .summary("watch an application for a while and judge it, for tests and CI")
    .description(
      "Watches one board for so long, collections included, and says whether the application held its limits: growth of " +
        "live memory, the largest free run, restarts, missed readings. Needs no daemon; with --app and without a port, no " +
        "board either. Growth is claimed only where it is significant.",
    )
    .argument("[port]", "device path, serial:PATH or tcp://HOST:PORT; left out with --app")
    .option("--minutes <number>", "how long, from the first reading on; 0.5 is half a minute", "30")
    .option("--max-growth <size>", "growth of live memory that is allowed, bytes per hour", "0")
    .option("--min-largest-free <size>", "the largest free run after each collection must be so long")
    .option("--allow-restarts <number>", "restarts that are no failure", "0")
    .option("--allow-missed <number>", "readings that may be missing", "0")
    .option("--interval <seconds>", "between collections (default: 10, less in a short run)")
    .addOption(
      new Option(
        "--when-busy <policy>",
        "what to do while a program holds the prompt, as in the configuration",
      )
        .choices([...whenBusyPolicies])
        .default("skip"),
    )
    .option(
      "--app <file>",
      "watch an emulated board that runs this Python file as main.py; what is beside it comes along",
    )
    .option("--heap <size>", "heap of the emulated board with its tables, 8k to 8M", "64k")
    .option("--junit <file>", "write the verdict as JUnit XML, one test case per check")
    .option("--baseline <file>", "compare live memory and largest free run with an earlier run's")
    .option("--update-baseline", "put this run's figures into the baseline, if it meets the limits")
    .option("--tolerance <percent>", "how much worse than the baseline is allowed", "5")
    .option("--name <text>", "the application's name in the baseline (default: its file's, else main.py)")
    .option("--json", "the report as one line of JSON")
    .addHelpText(
      "after",
      `
The board must come to its prompt, or its application reports by itself (heapscope
helper install), or --when-busy says how its program may be stopped for a reading.

A baseline has one entry per application name, firmware and machine. Its entry is
compared whatever the application has become since: that is what it is for.

Exit codes: 0 every limit is met, 3 one is not, 1 nothing or too little could be
measured, 2 bad usage, 130 interrupted (with a report of what was seen).

Examples:
  heapscope soak /dev/ttyACM0 --minutes 30 --min-largest-free 4k
  heapscope soak --app main.py --minutes 2 --junit soak.xml
  heapscope soak --app main.py --minutes 2 --baseline heap.json --update-baseline
  heapscope soak /dev/ttyACM0 --when-busy resume --max-growth 1k --json | jq .checks`,
    )
    .action(async (port: string | undefined, flags: SoakFlags) => {
      const stop = io.stopSignal();
      const { report, unwritten } = await ended(port, flags, stop, io);
      io.out(flags.json ? jsonLine(report) : joinLines(soakLines(report, io.canvas)));
      for (const { message, exitCode } of unwritten) {
        io.note(`heapscope: ${message}\n`);
        io.fail(exitCode);
      }
      if (report.cutShort) throw stop.reason;
      if (report.verdict === "not-met") io.fail(notMetCode);
      if (report.verdict === "unmeasured") io.fail(unmeasuredCode);
    });
}

/** The run; with --json, what it fails with is a line for programs as well as a note. */
async function ended(
  port: string | undefined,
  flags: SoakFlags,
  stop: AbortSignal,
  io: CliIo,
): Promise<SoakEnd> {
  try {
    const options = optionsOf(port, flags);
    const { runSoak } = await import("../app/soak/run-soak.ts");
    const progress = progressOf(options.seconds, flags.json === true, io);
    return await runSoak(options, stop, progress.note).finally(progress.end);
  } catch (error) {
    if (flags.json && !stop.aborted) {
      const { code, message } = asHeapscopeError(error);
      io.out(jsonLine({ error: { code, message } }));
    }
    throw error;
  }
}

/** Throws `usage`. */
function optionsOf(port: string | undefined, flags: SoakFlags): SoakOptions {
  const minutes = parseNumber(flags.minutes, "--minutes", 0, weekMinutes);
  const tolerance = parseNumber(flags.tolerance, "--tolerance", -1, 100) / 100;
  if (flags.updateBaseline && flags.baseline === undefined)
    throw heapscopeError("usage", { detail: "--update-baseline needs --baseline FILE." });
  return {
    target: targetOf(port, flags),
    seconds: minutes * 60,
    intervalSeconds:
      flags.interval === undefined ? null : parseNumber(flags.interval, "--interval", 0.1, 86_400),
    whenBusy: flags.whenBusy,
    limits: {
      maxGrowthBytesPerHour: parseSize(flags.maxGrowth, "--max-growth"),
      minLargestFreeBytes:
        flags.minLargestFree === undefined ? null : parseSize(flags.minLargestFree, "--min-largest-free"),
      allowedRestarts: parseCount(flags.allowRestarts, "--allow-restarts", 0, 1_000_000),
      allowedMissed: parseCount(flags.allowMissed, "--allow-missed", 0, 1_000_000),
    },
    junitFile: flags.junit ?? null,
    baseline:
      flags.baseline === undefined
        ? null
        : { file: flags.baseline, update: flags.updateBaseline === true, tolerance },
    name: flags.name ?? null,
  };
}

function targetOf(port: string | undefined, { app, heap }: SoakFlags): SoakTarget {
  if (port !== undefined && app !== undefined)
    throw heapscopeError("usage", {
      detail:
        "Give a port, or --app for an emulated board, not both. heapscope puts no application on a real board.",
    });
  if (port !== undefined) return { kind: "port", port };
  if (app === undefined)
    throw heapscopeError("usage", {
      detail: "Which board? Give its port, or --app main.py for an emulated one.",
    });
  return { kind: "emulated", app, heapBytes: parseHeap(heap) };
}

/** More than `above`, at most `most`. Throws `usage`. */
function parseNumber(text: string, option: string, above: number, most: number): number {
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > above && value <= most) return value;
  const range = above < 0 ? `from 0 to ${most}` : `above ${above}, up to ${most}`;
  throw heapscopeError("usage", { detail: `${option} takes a number ${range}, not "${text}".` });
}

/** On a terminal one line that changes; elsewhere a note at the start and each minute, in a short run at its half. */
function progressOf(secondsAsked: number, json: boolean, io: CliIo) {
  const { output } = io.terminal;
  const isLive = output.isTTY === true && !json;
  const noteEveryMs = Math.min(longestNoteMs, (secondsAsked * 1000) / 2);
  let nextNoteMs: number | null = null;
  let shown = false;
  return {
    note: (observed: SoakObserved): void => {
      const line = soakProgress(observed, secondsAsked);
      if (isLive) {
        output.write(`\r${line.slice(0, Math.max(0, (output.columns || 80) - 1))}\x1b[K`);
        shown = true;
        return;
      }
      nextNoteMs ??= observed.startMs;
      // The report says the end.
      const isOver = observed.endMs - observed.startMs >= secondsAsked * 950;
      if (observed.endMs < nextNoteMs || isOver) return;
      io.note(`${line}\n`);
      nextNoteMs += noteEveryMs * Math.ceil((observed.endMs - nextNoteMs + 1) / noteEveryMs);
    },
    end: (): void => {
      if (shown) output.write("\r\x1b[K");
    },
  };
}
