import type { Command } from "commander";
import { daemonAddress, defaultDaemonUrl } from "../app/daemon-client.ts";
import { heapscopeError } from "../shared/errors.ts";
import { type CliIo, tokenHelp } from "./cli-io.ts";

interface LendFlags {
  readonly url: string;
  readonly token?: string;
  readonly seconds?: string;
}

/** `heapscope release` and `heapscope attach` */
export function addLend(program: Command, io: CliIo): void {
  program
    .command("release")
    .summary("free a board's port for another program")
    .description(
      "Asks the running daemon to leave a board at its friendly prompt and to close its port, so that mpremote, " +
        "Thonny or a flash tool can open it. Returns when the port is free. Nothing is read until attach.",
    )
    .argument("<board>", "id or name, as in GET /api/v1/boards")
    .option("--seconds <number>", "take the port back by itself after so long")
    .option("--url <url>", "the daemon", defaultDaemonUrl)
    .option("--token <token>", tokenHelp)
    .addHelpText(
      "after",
      `
Examples:
  heapscope release greenhouse && mpremote connect /dev/ttyACM0; heapscope attach greenhouse
  heapscope release greenhouse --seconds 120`,
    )
    .action(async (board: string, flags: LendFlags) => {
      await lend(io, board, "release", flags);
    });
  program
    .command("attach")
    .summary("take a released port back")
    .description("Asks the running daemon to open a released board again. Reading goes on.")
    .argument("<board>", "id or name")
    .option("--url <url>", "the daemon", defaultDaemonUrl)
    .option("--token <token>", tokenHelp)
    .action(async (board: string, flags: LendFlags) => {
      await lend(io, board, "attach", flags);
    });
}

async function lend(io: CliIo, board: string, action: "release" | "attach", flags: LendFlags): Promise<void> {
  const seconds = flags.seconds === undefined ? undefined : Number(flags.seconds);
  if (seconds !== undefined && !(seconds > 0)) {
    throw heapscopeError("usage", { detail: `--seconds must be a number above 0, not "${flags.seconds}".` });
  }
  const { lendPort } = await import("../app/daemon-client.ts");
  const { name, port, state } = await lendPort(daemonAddress(flags, io.env), board, action, seconds);
  io.out(action === "release" ? `${port.replace(/^serial:/, "")}\n` : `${name}: ${state.kind}\n`);
  if (action === "release") io.note(`${name}: ${state.message}\n`);
}
