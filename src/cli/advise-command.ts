import { type Command, Option } from "commander";
import { type FirmwareName, firmwareNames, newestFirmware } from "../app/advise/advice-report.ts";
import { daemonAddress, defaultDaemonUrl } from "../app/daemon-client.ts";
import { asHeapscopeError, heapscopeError } from "../shared/errors.ts";
import { type CliIo, joinLines, jsonLine, tokenHelp } from "./cli-io.ts";
import { parseHeap } from "./parse-size.ts";
import { adviceLines, fixLines } from "./render/advice.ts";

interface AdviseFlags {
  readonly heap: string;
  readonly firmware: FirmwareName;
  readonly fix?: string;
  readonly board?: string;
  readonly url: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** `heapscope advise` */
export function addAdvise(program: Command, io: CliIo): void {
  program
    .command("advise")
    .summary("measure what each of the five tips would save in an application")
    .description(
      "Runs the application's modules on fresh real interpreters, as they are and changed, and says what each change saves: " +
        "heap in use, largest free block, fragmentation, heap needed at the peak. Nothing is reported that was not measured. Needs no board; devices are stood in for.",
    )
    .argument("[path...]", "the folder that is copied to the board, or files of it")
    .option("--heap <size>", "heap of the interpreters with its tables, 8k to 8M", "64k")
    .addOption(
      new Option("--firmware <version>", "MicroPython to measure on")
        .choices([...firmwareNames])
        .default(newestFirmware),
    )
    .option(
      "--fix <dir>",
      "write the changed copy there, run both versions, and say what all changes save together",
    )
    .option(
      "--board <board>",
      "what the running daemon's history of a board speaks for, besides or instead: id or name",
    )
    .option("--url <url>", "the daemon, for --board", defaultDaemonUrl)
    .option("--token <token>", tokenHelp)
    .option("--json", "each report as one line of JSON")
    .addHelpText(
      "after",
      `
A folder is taken for the board's root: main.py and boot.py are what it starts, /lib and the root are
searched by imports, a manifest.py says which modules are frozen.

--fix changes no file of yours: DIR/board is what to copy to the board, DIR/source the
changed sources. Read them before you use them.

Exit codes: 0 measured, with or without findings; 1 nothing could be measured; 2 bad
usage, no Python; 130 interrupted.

Examples:
  heapscope advise src/
  heapscope advise main.py sensors.py --heap 192k --firmware 1.23
  heapscope advise src/ --fix changed && mpremote cp -r changed/board/. :
  heapscope advise --board greenhouse
  heapscope advise src/ --json | jq '.findings[].title'`,
    )
    .action(async (paths: readonly string[], flags: AdviseFlags, command: Command) => {
      try {
        if (paths.length === 0 && flags.board !== undefined) mustNotBeAboutFiles(flags.board, command);
        if (flags.board !== undefined) await adviseOnBoard(flags.board, flags, io);
        if (paths.length > 0 || flags.board === undefined) await adviseOnPaths(paths, flags, io);
      } catch (error) {
        const { code, message } = asHeapscopeError(error);
        if (flags.json && code !== "internal") io.out(jsonLine({ error: { code, message } }));
        throw error;
      }
    });
}

/** Throws `usage` where an option was given that says something about files, and there are none. */
function mustNotBeAboutFiles(board: string, command: Command): void {
  const given = ["fix", "heap", "firmware"].filter((name) => command.getOptionValueSource(name) === "cli");
  if (given.length === 0) return;
  const names = given.map((name) => `--${name}`).join(" and ");
  throw heapscopeError("usage", {
    detail: `${names} ${given.length === 1 ? "is" : "are"} about an application's files, and --board ${board} alone looks at a board's history. Give the folder that is copied to the board, too, or leave ${names} out.`,
  });
}

async function adviseOnPaths(paths: readonly string[], flags: AdviseFlags, io: CliIo): Promise<void> {
  if (paths.length === 0)
    throw heapscopeError("usage", {
      detail: "What to measure? Give the folder that is copied to the board, or --board for a watched one.",
    });
  const heapBytes = parseHeap(flags.heap);
  const { advisePaths } = await import("../app/advise/advise-paths.ts");
  const progress = progressOf(flags.json === true, io);
  let unwritten = "nothing was measured, so no copy was written.\n";
  const report = await advisePaths({
    paths,
    firmware: flags.firmware,
    heapBytes,
    fixFolder: flags.fix ?? null,
    signal: io.stopSignal(),
    progress: progress.note,
    unwritten: ({ message, exitCode }) => {
      unwritten = `${message}\n`;
      io.fail(exitCode);
    },
  }).finally(progress.end);
  const { canvas } = io;
  io.out(
    flags.json
      ? jsonLine(report)
      : joinLines([...adviceLines(report, canvas), ...fixLines(report.fix, canvas)]),
  );
  if (flags.fix !== undefined && report.fix === null) io.note(`heapscope: ${unwritten}`);
  if (report.subject.kind === "files" && report.subject.measured.length === 0) io.fail(1);
}

/** A board that cannot be asked for its modules has a history all the same. */
async function adviseOnBoard(board: string, flags: AdviseFlags, io: CliIo): Promise<void> {
  const { adviseBoard } = await import("../app/advise-board.ts");
  const daemon = daemonAddress(flags, io.env);
  const report = await adviseBoard({ daemon, board, refreshModules: true }).catch(async (error: unknown) => {
    const { code, message } = asHeapscopeError(error);
    if (code !== "daemon-refused") throw error;
    const unasked = await adviseBoard({ daemon, board, refreshModules: false });
    io.note(`heapscope: its modules are not listed anew: ${message}\n`);
    return unasked;
  });
  io.out(flags.json ? jsonLine(report) : joinLines(adviceLines(report, io.canvas)));
}

/** One line that changes, on a terminal only. */
function progressOf(isQuiet: boolean, io: CliIo) {
  const { output } = io.terminal;
  const isLive = output.isTTY === true && !isQuiet;
  return {
    note: (text: string): void => {
      if (isLive)
        output.write(`\r${`measuring: ${text}`.slice(0, Math.max(0, (output.columns || 80) - 1))}\x1b[K`);
    },
    end: (): void => {
      if (isLive) output.write("\r\x1b[K");
    },
  };
}
