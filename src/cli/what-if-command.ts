import type { Command } from "commander";
import { daemonAddress, defaultDaemonUrl } from "../app/daemon-client.ts";
import { systemClock } from "../shared/clock.ts";
import { type CliIo, joinLines, tokenHelp } from "./cli-io.ts";
import { parseAllocations } from "./parse-allocations.ts";
import { whatIfLines } from "./render/what-if.ts";
import { whatIfJson } from "./what-if-json.ts";

interface WhatIfFlags {
  readonly allocate: string;
  readonly json?: boolean;
  readonly url: string;
  readonly token?: string;
}

/** A program would meet a MemoryError, or it is not known that it would not. */
const notMetCode = 3;

/** `heapscope what-if` */
export function addWhatIf(program: Command, io: CliIo): void {
  program
    .command("what-if")
    .summary("would these allocations succeed now, and how often")
    .description(
      "Tries allocations, in order, in a copy of a heap's map, as MicroPython's own allocator would: each takes the first " +
        "place that has room. Says where each one goes or why it does not fit, what is left, and how many more times the " +
        "whole sequence fits; the same after a collection. Nothing is allocated on the board.",
    )
    .argument("<board|dump>", "a board of the daemon (id or name), a port, a file with mem_info(1), or -")
    .requiredOption("--allocate <sizes>", "bytes, such as 4096,1k,512x10 (512 bytes ten times)")
    .option("--json", "one JSON value per line: the heap, each allocation, the verdict")
    .option("--url <url>", "the daemon", defaultDaemonUrl)
    .option("--token <token>", tokenHelp)
    .addHelpText(
      "after",
      `
A board at a port or at the daemon is read, gc.collect() is run on it, and it is read
again; a token of the daemon needs the scope control for that. A board that cannot be
asked now (its application reports by itself, or its program runs) is judged by the
newest map in the daemon's history, whose age is shown. Of several dumps the last whole
one with a map counts; what a collection would free a dump does not say.

Sizes are raw allocations: a whole number of blocks each. Objects take more than one:
bytearray(n) takes a block for the object and then n bytes, so --allocate 16,4096 is
bytearray(4096). Importing or compiling takes room of its own. gc.threshold() may
collect earlier, and CircuitPython places objects in another way.

MicroPython collects by itself before an allocation fails, and on some boards the heap
then grows. So the verdict is what a program would meet: what is placed before the
collection stays in its place, and may then lie in the way.

Exit codes: 0 all would succeed (as the heap is, after that collection, or by growing),
3 one would be a MemoryError, or has no room and whether a collection helps is not
known, 1 no map could be had, 2 bad usage, or there is no such board or file.

Examples:
  heapscope what-if /dev/ttyACM0 --allocate 16,4096
  heapscope what-if greenhouse --allocate 1k,1k,8k
  heapscope what-if capture.txt --allocate 512x100 --json | jq -c 'select(.type == "verdict")'`,
    )
    .action(async (word: string, flags: WhatIfFlags) => {
      const sizes = parseAllocations(flags.allocate);
      const { findHeap } = await import("../app/what-if/find-heap.ts");
      const { tryAllocations } = await import("../app/what-if/try-allocations.ts");
      const subject = await findHeap(word, {
        daemon: daemonAddress(flags, io.env),
        stdin: io.stdin,
        clock: systemClock,
        stopSignal: io.stopSignal,
      });
      const result = tryAllocations(subject, sizes);
      io.out(flags.json ? whatIfJson(subject, result) : joinLines(whatIfLines(subject, result, io.canvas)));
      if (result.verdict.kind === "fails" || result.verdict.kind === "unknown") io.fail(notMetCode);
    });
}
