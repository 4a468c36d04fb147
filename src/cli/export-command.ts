import { createWriteStream, existsSync, realpathSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import type { ExportFlags } from "../app/run-export.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { CliIo } from "./cli-io.ts";
import { historyHelp } from "./history-help.ts";

interface Flags extends ExportFlags {
  readonly output?: string;
}

/** `heapscope export` */
export function addExport(program: Command, io: CliIo): void {
  program
    .command("export")
    .summary("write the history to a file or to standard output")
    .description(
      "Writes what is stored of the boards, also while the daemon runs. NDJSON has every event on a line of its own, and " +
        '"heapscope import" takes it back; CSV has one kind of event, one column per figure, for spreadsheets.',
    )
    .argument("[board...]", "ids or names (default: all)")
    .addOption(
      new Option("--format <format>", "form of the file").choices(["ndjson", "csv"]).default("ndjson"),
    )
    .addOption(
      new Option(
        "--type <type>",
        "only this kind of event; CSV has one: readings where none is named",
      ).choices(["reading", "collection", "missed", "board", "alert"]),
    )
    .option("--from <time>", "not before, such as 2026-11-22 or 2026-11-22T17:00:00Z")
    .option("--to <time>", "before")
    .option("--maps", "with each reading the dump of its map, base64 (NDJSON)")
    .option(
      "--output <file>",
      "write here instead; the file appears when it is complete (-: standard output)",
    )
    .option("--database <file>", historyHelp.database)
    .option("--config <file>", historyHelp.config)
    .addHelpText(
      "after",
      `
Examples:
  heapscope export --output history.ndjson --maps
  heapscope export greenhouse --format csv --from 2026-11-01 > november.csv
  heapscope export --type collection | jq -c 'select(.data.pauseMs > 20)'`,
    )
    .action(async (boards: readonly string[], flags: Flags) => {
      const { openExport } = await import("../app/run-export.ts");
      const { lines, close } = openExport(boards, flags, io.env);
      try {
        if (flags.output === undefined || flags.output === "-") for await (const line of lines) io.out(line);
        else await writeWhole(flags.output, lines, io);
      } finally {
        close();
      }
    });
}

/**
 * Writes beside `file` and renames: what is there is never half an export. A link is followed to its file; a device or pipe is no
 * file to be replaced, and is refused.
 */
async function writeWhole(named: string, lines: AsyncIterable<string>, io: CliIo): Promise<void> {
  const file = existsSync(named) ? realpathSync(named) : named;
  if (existsSync(file) && !statSync(file).isFile()) {
    const reason = "it is no ordinary file; leave --output out, and send standard output there";
    throw heapscopeError("file-unwritable", { file: named, reason });
  }
  const part = `${file}.part`;
  let count = 0;
  async function* counted(): AsyncGenerator<string> {
    for await (const line of lines) {
      count++;
      yield line;
    }
  }
  try {
    await pipeline(counted(), createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw heapscopeError("file-unwritable", { file, reason });
  }
  io.note(`${file}: ${count} lines.\n`);
}
