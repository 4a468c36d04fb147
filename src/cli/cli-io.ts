import type { TerminalStreams } from "./console-terminal.ts";
import type { Canvas } from "./render/canvas.ts";

/** What a command may touch of its process. */
export interface CliIo {
  /** Standard output: results. */
  readonly out: (text: string) => void;
  /** Standard error: notes. */
  readonly note: (text: string) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Standard input and output themselves, for a command that is a terminal. */
  readonly terminal: TerminalStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of standard output. */
  readonly canvas: Canvas;
  /** Aborts at the first SIGINT or SIGTERM once it was asked for; then they no longer end the process by themselves. */
  readonly stopSignal: () => AbortSignal;
  /** Reports a failure that does not end the command; the highest code wins. */
  readonly fail: (exitCode: number) => void;
}

/** Of --token, for every command that talks to the daemon. */
export const tokenHelp =
  "where the daemon asks for one (default: $HEAPSCOPE_TOKEN, which no process list shows)";

/** `lines` with their line ends. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** A value as one line for programs. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
