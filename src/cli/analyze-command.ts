import type { Command } from "commander";
import type { Analyzed } from "../app/analyze.ts";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { type CliIo, joinLines, jsonLine } from "./cli-io.ts";
import { analyzedLines } from "./render/analyzed.ts";

interface AnalyzeFlags {
  readonly json?: boolean;
  readonly map?: boolean;
}

/** `heapscope analyze` */
export function addAnalyze(program: Command, io: CliIo): void {
  program
    .command("analyze")
    .summary("find and explain every heap dump in a text")
    .description(
      "Finds every mem_info output in logs, captures or pasted text, of any MicroPython version, and says what each one " +
        "means; where one is damaged: which line, what was expected, what stood there.",
    )
    .argument("[file...]", "files to look through; - or none = standard input")
    .option("--map", "draw the maps")
    .option("--json", "one JSON object per dump and line: a reading with its file and line, or a problem")
    .addHelpText(
      "after",
      `
Exit codes: 0 at least one dump could be read (others may be damaged), 1 none could,
2 a file could not be read.

Examples:
  heapscope analyze capture.txt --map
  mpremote exec "import micropython; micropython.mem_info(1)" | heapscope analyze
  heapscope analyze logs/*.txt --json | jq -c 'select(.problem) | [.file, .problem.text]'`,
    )
    .action(async (files: string[], flags: AnalyzeFlags) => {
      await analyzeAll(files.length > 0 ? files : ["-"], flags, io);
    });
}

async function analyzeAll(files: readonly string[], flags: AnalyzeFlags, io: CliIo): Promise<void> {
  const { analyzeBytes, analyzeFile } = await import("../app/analyze.ts");
  const silent: string[] = [];
  let readings = 0;
  let problems = 0;
  let unreadable = 0;
  for (const file of files) {
    const before = readings + problems;
    try {
      for await (const one of file === "-" ? analyzeBytes("-", io.stdin) : analyzeFile(file)) {
        if (one.kind === "reading") readings++;
        else problems++;
        io.out(
          flags.json ? json(one) : joinLines([...analyzedLines(one, flags.map === true, io.canvas), ""]),
        );
      }
      if (readings + problems === before) silent.push(file === "-" ? "standard input" : file);
    } catch (error) {
      if (!(error instanceof HeapscopeError) || error.code !== "file-unreadable") throw error;
      unreadable++;
      io.note(`heapscope: ${error.message}\n`);
      io.fail(error.exitCode);
    }
  }
  if (readings + problems === 0 && silent.length > 0) {
    throw heapscopeError("no-dump", { source: silent.join(", ") });
  }
  for (const file of silent) io.note(`heapscope: ${heapscopeError("no-dump", { source: file }).message}\n`);
  if (problems > 0 && !flags.json) {
    const whole = `${readings} of ${readings + problems}`;
    io.note(`heapscope: ${whole} dumps could be read, ${problems} damaged.\n`);
  }
  if (readings === 0 && unreadable < files.length) io.fail(1);
}

function json(one: Analyzed): string {
  const { file, line } = one;
  return jsonLine(
    one.kind === "reading"
      ? { file, line, ...one.reading }
      : { file, line, problem: one.problem, salvaged: one.salvaged },
  );
}
