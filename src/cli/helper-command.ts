import type { Command } from "commander";
import type { Installed } from "../app/install-helper.ts";
import { type CliIo, joinLines } from "./cli-io.ts";

interface InstallFlags {
  readonly mpy?: boolean;
  readonly tiny?: boolean;
  readonly force?: boolean;
  readonly interrupt?: boolean;
}

/** `heapscope helper install` */
export function addHelper(program: Command, io: CliIo): void {
  const helper = program
    .command("helper")
    .summary("put the helper on a board, which reports by itself")
    .description(
      "The helper is a MicroPython module that an application imports: it prints the heap's figures among the " +
        "application's output, so that nobody has to stop the application or use its prompt.",
    );
  helper
    .command("install")
    .summary("copy the helper to a board's file system")
    .description(
      "Copies heapscope.py to a board's file system over its prompt, and verifies it there. A file of other content is " +
        "never overwritten without --force, and main.py is left alone. A program that is running is not interrupted: the " +
        "board must be at a prompt.",
    )
    .argument("<port>", "device path, serial:PATH or tcp://HOST:PORT")
    .option("--mpy", "compiled, for MicroPython 1.19 and later: importing it takes less memory")
    .option("--tiny", "the small form, for short heaps: report(), start() and stop() only")
    .option("--force", "replace a file of other content")
    .option("--interrupt", "stop a running program with Ctrl-C first; it is not started again")
    .addHelpText(
      "after",
      `
A port that the running daemon holds has to be released first.

Examples:
  heapscope helper install /dev/ttyACM0
  heapscope helper install /dev/ttyACM0 --mpy --force
  heapscope release greenhouse && heapscope helper install /dev/ttyACM0 --tiny; heapscope attach greenhouse`,
    )
    .action(async (port: string, flags: InstallFlags) => {
      const module = flags.tiny ? "heapscope_tiny" : "heapscope";
      const interrupt = flags.interrupt === true;
      const { installHelper } = await import("../app/install-helper.ts");
      const installed = await installHelper(
        { port, module, interrupt, compiled: flags.mpy === true, force: flags.force === true },
        io.stopSignal(),
      );
      io.out(joinLines(installedLines(installed, module, interrupt)));
    });
}

function installedLines(installed: Installed, module: string, interrupted: boolean): string[] {
  const { facts, path, sizeBytes, outcome, verifiedBy, removed, removedOther, beside } = installed;
  const how = verifiedBy === "sha256" ? "SHA-256" : "length and checksum";
  const said = {
    written: `${path} (${sizeBytes} bytes) is on the board now, verified by its ${how}.`,
    replaced: `${path} (${sizeBytes} bytes) took the place of another file, verified by its ${how}.`,
    present: `${path} (${sizeBytes} bytes) is on the board already, with the same ${how}. Nothing was written.`,
  }[outcome];
  return [
    `${facts.machine ?? facts.platform}, ${facts.firmware}`,
    said,
    ...(removed === null
      ? []
      : [
          removedOther
            ? `${removed} was another file than this helper; import would have taken it first, and it is removed.`
            : `${removed}, the same helper's source, was in its way and is removed.`,
        ]),
    ...(beside.length === 0
      ? []
      : [
          `${beside.join(" and ")} (the other helper) is there as well. Start only one of the two: both would report.`,
        ]),
    ...(interrupted
      ? ["If a program was running, it is stopped; a reset, or Ctrl-D at the prompt, starts main.py again."]
      : []),
    "",
    "main.py is as it was. This line in it makes the board report every 10 s:",
    "",
    `  import ${module}; ${module}.start()`,
  ];
}
