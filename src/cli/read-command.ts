import type { Command } from "commander";
import type { ReadOnceOptions, ReadOnceResult } from "../app/read-once.ts";
import type { RecordingNews } from "../app/record-ports.ts";
import { type CliIo, joinLines, jsonLine } from "./cli-io.ts";
import type { Canvas } from "./render/canvas.ts";
import { collectionLines } from "./render/collection.ts";
import { heapMapLines } from "./render/heap-map.ts";
import { boardLines, readingLines } from "./render/reading.ts";

interface ReadFlags {
  readonly map?: boolean;
  readonly collect?: boolean;
  readonly json?: boolean;
  readonly record?: string;
}

/** `heapscope read` */
export function addRead(program: Command, io: CliIo): void {
  program
    .command("read")
    .summary("read one board's heap once")
    .description(
      "Reads the heap of one board and leaves it at its friendly prompt. A program that is running is not interrupted: " +
        "the board must be at a prompt.",
    )
    .argument("<port>", "device path, serial:PATH or tcp://HOST:PORT")
    .option("--map", "also the map of every block (slower: the board prints one character per block)")
    .option("--collect", "run gc.collect() in between and show what it brought")
    .option("--json", "one JSON value per line: the reading; with --collect reading, collection, reading")
    .option(
      "--record <dir>",
      "keep what goes over the wire in a new folder in DIR, also when the reading fails",
    )
    .addHelpText(
      "after",
      `
The map shows each object as a bar that begins with the letter of its type; a
legend says what the letters mean. Colours follow NO_COLOR and FORCE_COLOR; without
colour the letters are as mem_info prints them.

Examples:
  heapscope read /dev/ttyACM0
  heapscope read /dev/ttyACM0 --map --collect
  heapscope read tcp://192.168.1.20:8880 --json | jq .fragmentation
  heapscope read /dev/ttyACM0 --record .     (a folder to send with a bug report)`,
    )
    .action(async (port: string, flags: ReadFlags) => {
      const options = { port, map: flags.map === true, collect: flags.collect === true };
      const result = await read(options, flags.record, io);
      io.out(flags.json ? readJson(result) : joinLines(readLines(result, io.canvas)));
      if (options.map && result.map === null)
        io.note("heapscope: this board's firmware has no mem_info, so there is no map.\n");
    });
}

async function read(
  options: ReadOnceOptions,
  recordDir: string | undefined,
  io: CliIo,
): Promise<ReadOnceResult> {
  const { readOnce, readRecorded } = await import("../app/read-once.ts");
  if (recordDir === undefined) return readOnce(options, io.stopSignal());
  const news: RecordingNews = {
    onRecorded: (folder) => io.note(`heapscope: what went over the wire is in ${folder}\n`),
    onFailed: ({ message }) => io.note(`heapscope: ${message}\n`),
  };
  return readRecorded(options, recordDir, news, io.stopSignal());
}

function readJson({ reading, collected }: ReadOnceResult): string {
  if (collected === null) return jsonLine(reading);
  return jsonLine(collected.before) + jsonLine(collected.collection) + jsonLine(reading);
}

function readLines({ facts, port, reading, map, collected }: ReadOnceResult, canvas: Canvas): string[] {
  return [
    ...boardLines(facts, reading.boardId ?? port, port, canvas),
    ...(collected === null ? [] : collectionLines(collected.before, collected.collection, reading, canvas)),
    ...readingLines(reading, canvas),
    ...(map === null ? [] : ["", ...heapMapLines(map, canvas)]),
  ];
}
