import type { Command } from "commander";
import type { ConsoleLink } from "../app/console-client.ts";
import { daemonAddress, defaultDaemonUrl } from "../app/daemon-client.ts";
import { heapscopeError } from "../shared/errors.ts";
import { type CliIo, tokenHelp } from "./cli-io.ts";
import { openTerminal, type Terminal } from "./console-terminal.ts";
import { bold, dim } from "./render/canvas.ts";

interface ConsoleFlags {
  readonly url: string;
  readonly token?: string;
  readonly wait: string;
}

/** `heapscope console` */
export function addConsole(program: Command, io: CliIo): void {
  program
    .command("console")
    .summary("a terminal on a board that the daemon watches")
    .description(
      "Opens a board's REPL through the running daemon, which keeps the port. Readings pause while you are there and go " +
        "on when you leave. Ctrl-] or Ctrl-X leaves. Where standard input is no terminal, it is sent as it is, and the " +
        "command ends when the board has been silent for a moment after its end.",
    )
    .argument("<board>", "id or name, as in GET /api/v1/boards")
    .option("--wait <seconds>", "how long that silence is", "1")
    .option("--url <url>", "the daemon", defaultDaemonUrl)
    .option("--token <token>", tokenHelp)
    .addHelpText(
      "after",
      `
Examples:
  heapscope console greenhouse
  printf 'import gc; gc.mem_free()\\r' | heapscope console greenhouse`,
    )
    .action(async (board: string, flags: ConsoleFlags) => {
      const waitMs = Number(flags.wait) * 1000;
      if (!(waitMs > 0)) {
        throw heapscopeError("usage", { detail: `--wait must be a number above 0, not "${flags.wait}".` });
      }
      const stop = io.stopSignal();
      const { openConsoleLink } = await import("../app/console-client.ts");
      const link = await openConsoleLink(daemonAddress(flags, io.env), board, stop);
      await talk(io, link, openTerminal(io.terminal), waitMs, stop);
    });
}

/** Until somebody leaves. Throws console-closed where it is not us, and the signal's reason. */
async function talk(
  io: CliIo,
  link: ConsoleLink,
  terminal: Terminal,
  waitMs: number,
  stop: AbortSignal,
): Promise<void> {
  if (terminal.isInteractive) io.note(greeting(io, link));
  const aborted = new Promise<"stopped">((resolve) => {
    stop.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
  try {
    const left = terminal.connect(link, waitMs).then(() => "left" as const);
    // Somebody who sees nothing cannot know where the board stands; an empty line is harmless at a prompt.
    if (terminal.isInteractive && link.atPrompt) void link.write(Uint8Array.of(0x0d));
    const end = await Promise.race([left, aborted, link.closed.then((reason) => ({ reason }))]);
    if (end === "stopped") throw stop.reason;
    if (end !== "left") throw heapscopeError("console-closed", { board: link.board, reason: end.reason });
  } finally {
    terminal.restore();
    await link.leave();
  }
  if (terminal.isInteractive) io.note(dim(io.canvas, `Left ${link.board}. Its readings go on.\n`));
}

function greeting({ canvas }: CliIo, { board, port, atPrompt }: ConsoleLink): string {
  const way = `${port.replace(/^serial:/, "")} through the daemon; its readings pause`;
  const state = atPrompt
    ? ""
    : dim(canvas, "Its prompt has not been seen. Enter may show it; Ctrl-C stops a program.\n");
  return `${bold(canvas, board)}  ${dim(canvas, way)}\n${dim(canvas, "Ctrl-] or Ctrl-X leaves.")}\n${state}`;
}
