import { Command } from "commander";
import { version } from "../app/version.ts";
import { addAdvise } from "./advise-command.ts";
import { addAnalyze } from "./analyze-command.ts";
import { addCheckConfig, type EnvironmentNames } from "./check-config-command.ts";
import type { CliIo } from "./cli-io.ts";
import { addConsole } from "./console-command.ts";
import { addEmulate } from "./emulate-command.ts";
import { addExport } from "./export-command.ts";
import { addHelper } from "./helper-command.ts";
import { addImport } from "./import-command.ts";
import { addLend } from "./lend-commands.ts";
import { addPorts } from "./ports-command.ts";
import { addRead } from "./read-command.ts";
import { addServe } from "./serve-command.ts";
import { addSoak } from "./soak-command.ts";
import { addToken } from "./token-command.ts";
import { addWatch } from "./watch-command.ts";
import { addWhatIf } from "./what-if-command.ts";

/** All commands. `environmentNames`: for the help of check-config. `parseAsync` rejects with a CommanderError for help, version and bad usage. */
export function buildProgram(io: CliIo, environmentNames: EnvironmentNames): Command {
  const program = new Command("heapscope")
    .description("Watches the heap of MicroPython boards: how full, how fragmented, what still fits.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError(`Try "heapscope --help", or --help behind a command.`)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.note,
      outputError: (text, write) => write(text.replace(/^error: /, "heapscope: ")),
    })
    .addHelpText(
      "after",
      `
Start here:
  heapscope ports                       what is attached
  heapscope read /dev/ttyACM0 --map     look at one board
  heapscope serve                       watch all of them
  heapscope watch                       look on, from another terminal
  heapscope emulate                     no board at hand

Exit codes: 0 fine, 1 failed, 2 bad usage or configuration, 3 a soak's limit is not met or
an allocation of what-if would fail, 130 interrupted.`,
    );
  addServe(program, io);
  addWatch(program, io);
  addPorts(program, io);
  addRead(program, io);
  addAnalyze(program, io);
  addAdvise(program, io);
  addEmulate(program, io);
  addHelper(program, io);
  addWhatIf(program, io);
  addSoak(program, io);
  addConsole(program, io);
  addLend(program, io);
  addExport(program, io);
  addImport(program, io);
  addToken(program, io);
  addCheckConfig(program, io, environmentNames);
  return program;
}
