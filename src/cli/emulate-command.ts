import type { Command } from "commander";
import type { StartedBoard } from "../app/emulate.ts";
import type { CliIo } from "./cli-io.ts";
import { parseCount, parseHeap } from "./parse-size.ts";

interface EmulateFlags {
  readonly count: string;
  readonly app?: string;
  readonly heap: string;
}

/** `heapscope emulate` */
export function addEmulate(program: Command, io: CliIo): void {
  program
    .command("emulate")
    .summary("run emulated boards: real MicroPython behind a pseudo-terminal")
    .description(
      "Starts emulated boards and prints the port of each, one per line. They are real MicroPython with a fixed heap and a " +
        "demo application that leaks and fragments; any tool that opens a serial port can talk to them. Each start gives new " +
        "boards, with unique ids of their own. Runs until Ctrl-C, or until the last board has ended.",
    )
    .option("--count <number>", "how many boards (1 to 64)", "1")
    .option(
      "--app <file>",
      "Python file to run as main.py instead of the demo; what is beside it comes along",
    )
    .option("--heap <size>", "heap of each board with its tables, 8k to 8M", "64k")
    .addHelpText(
      "after",
      `
What is in the folder of --app is on the board too, as if the folder had been copied to
it: .py and .mpy files, data, folders such as lib (without hidden ones, __pycache__ and
node_modules; 100 files and folders and 1 MiB at most). heapscope.py and heapscope_tiny.py
are in its /lib; an installed one goes before them. What is written to a board's files
outlives its soft reset (Ctrl-D), nothing more: a hard reset or another start makes them
new.

This port of MicroPython differs from a board in two points:
  - There is no asyncio.run(). Write asyncio.create_task(heapscope.task()) at the top
    level of main.py and let main.py end; the tasks go on beside the prompt.
  - gc.collect() takes effect when Python returns to the top level, so
    heapscope.measure() and the helper's collections show no garbage here.

Examples:
  heapscope emulate
  heapscope emulate --count 2 --heap 256k --app my-app.py`,
    )
    .action(async (flags: EmulateFlags) => {
      const count = parseCount(flags.count, "--count", 1, 64);
      const heapBytes = parseHeap(flags.heap);
      const { startBoards } = await import("../app/emulate.ts");
      const stop = io.stopSignal();
      const running = await startBoards({ count, app: flags.app ?? null, heapBytes }, stop);
      for (const { path } of running.boards) io.out(`${path}\n`);
      io.note(note(count));
      try {
        await Promise.race([aborted(stop), allEnded(running.boards, stop, io)]);
      } finally {
        await running.stop();
      }
    });
}

/** Names each board that ends by itself; the others live on. Once none is left, the command has failed. */
async function allEnded(boards: readonly StartedBoard[], stop: AbortSignal, io: CliIo): Promise<void> {
  let left = boards.length;
  await Promise.all(
    boards.map(async ({ path, ended }) => {
      const how = await ended;
      left -= 1;
      // A terminal's Ctrl-C reaches the boards as well as us: no news then.
      if (stop.aborted) return;
      const others = left === 0 ? "" : `; ${left} of ${boards.length} still ${left === 1 ? "runs" : "run"}`;
      io.note(`heapscope: The board at ${path} ended (${how})${others}.\n`);
    }),
  );
  if (stop.aborted) return;
  io.note("heapscope: No emulated board is left, so there is nothing more to do.\n");
  io.fail(1);
}

function note(count: number): string {
  const boards = count === 1 ? "The emulated board runs" : `${count} emulated boards run`;
  return `${boards} until Ctrl-C. Look at one from another terminal: heapscope read PORT --map\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
