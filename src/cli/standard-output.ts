import type { Writable } from "node:stream";
import { heapscopeError } from "../shared/errors.ts";

/** What standard output's end needs of the process. */
export interface OutputDeps {
  readonly note: (text: string) => void;
  /** Ends the process; without a code with the one it has by then. */
  readonly exit: (code?: number) => void;
}

/**
 * Writes to standard output until that fails, which ends the command: without a word where the reader went away
 * (`heapscope … | head`), else with a sentence and the code of `output-failed`. A file fails within the write, a pipe later.
 */
export function outputTo(stream: Writable, { note, exit }: OutputDeps): (text: string) => void {
  let isOver = false;
  const fail = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "EPIPE") {
      exit();
      return;
    }
    const failure = heapscopeError("output-failed", { reason: reasons[code] ?? code });
    note(`heapscope: ${failure.message}\n`);
    exit(failure.exitCode);
  };
  stream.on("error", fail);
  return (text) => {
    if (isOver) return;
    try {
      stream.write(text);
    } catch (error) {
      fail(error);
    }
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EIO: "the device reports an error (EIO)",
  EFBIG: "the file would be too large",
  EBADF: "it is closed",
};
