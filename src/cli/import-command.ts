import type { Command } from "commander";
import type { ImportReport } from "../app/import-history.ts";
import type { HistoryFlags } from "../app/run-export.ts";
import { heapscopeError } from "../shared/errors.ts";
import { countText } from "../shared/units-text.ts";
import { type CliIo, jsonLine } from "./cli-io.ts";
import { historyHelp } from "./history-help.ts";

interface Flags extends HistoryFlags {
  readonly board?: string;
  readonly at?: string;
  readonly every: string;
  readonly json?: boolean;
}

/** `heapscope import` */
export function addImport(program: Command, io: CliIo): void {
  program
    .command("import")
    .summary("take exports, and texts with heap dumps, into the history")
    .description(
      "Takes files that heapscope export wrote (NDJSON), and any text with mem_info output, into the history. The daemon must " +
        "not be running on it. A file is checked as a whole first, and what is there already is left out, so that an " +
        "import can be repeated.",
    )
    .argument("<file...>", "files of either kind")
    .option("--board <name>", "of texts with dumps: whose they are")
    .option(
      "--at <time>",
      "of texts with dumps: when the first was printed (default: the last is as old as the file)",
    )
    .option("--every <seconds>", "of texts with dumps: time between two", "1")
    .option("--json", "one JSON object per file and line")
    .option("--database <file>", historyHelp.database)
    .option("--config <file>", historyHelp.config)
    .addHelpText(
      "after",
      `
Examples:
  heapscope import history.ndjson
  heapscope import --board greenhouse --at 2026-11-22T17:00:00Z --every 10 capture.txt
  heapscope export --maps | ssh elsewhere 'cat > h.ndjson && heapscope import h.ndjson'`,
    )
    .action(async (files: readonly string[], flags: Flags) => {
      const everySeconds = Number(flags.every);
      if (!(everySeconds > 0)) {
        throw heapscopeError("usage", { detail: `--every must be a number above 0, not "${flags.every}".` });
      }
      const [{ importFiles }, { historyFile, timeOf }] = await Promise.all([
        import("../app/import-history.ts"),
        import("../app/run-export.ts"),
      ]);
      const options = {
        database: historyFile(flags, io.env),
        board: flags.board ?? null,
        at: timeOf("--at", flags.at) ?? null,
        everySeconds,
      };
      await importFiles(files, options, (report) =>
        io.out(flags.json ? jsonLine(report) : `${reportText(report)}\n`),
      );
    });
}

function reportText({ file, form, imported, known, damaged }: ImportReport): string {
  const things = form === "export" ? "event" : "dump";
  const parts = [
    `${countText(imported, things)} imported`,
    ...(known === 0 ? [] : [`${known} already there`]),
    ...(damaged === 0 ? [] : [`${damaged} damaged and left out ("heapscope analyze" says why)`]),
  ];
  return `${file}: ${parts.join(", ")}.`;
}
