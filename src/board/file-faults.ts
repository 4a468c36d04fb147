import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

/** What a number of OSError says of the file system. */
type FileFault = "full" | "read-only" | "missing";

/** By name, as v1.10 and later print it, and by number: MicroPython's own (py/mperrno.h). */
const faults: Readonly<Record<string, FileFault>> = {
  ENOSPC: "full",
  28: "full",
  EROFS: "read-only",
  30: "read-only",
  EACCES: "read-only",
  13: "read-only",
  EPERM: "read-only",
  1: "read-only",
  ENODEV: "missing",
  19: "missing",
};

/** The error that an exception of a program with files ends in. `traceback`: as the board printed it. */
export function fileFault(port: string, traceback: string): HeapscopeError {
  const whole = traceback.trim();
  const last = whole.split(/\r?\n/).at(-1) ?? whole;
  if (whole.includes("MemoryError")) return heapscopeError("heap-exhausted", { port });
  // Our programs have no such faults, so the link made them.
  if (/^(SyntaxError|IndentationError|NameError)\b/.test(last))
    return heapscopeError("program-garbled", { port, traceback: last });
  const [, number = "", name = ""] = /^OSError: (?:\[Errno )?(\d+)\]?(?: ?(E[A-Z0-9]+))?/.exec(last) ?? [];
  switch (faults[name] ?? faults[number]) {
    case "full":
      return heapscopeError("board-files-full", { port });
    case "read-only":
      return heapscopeError("board-files-read-only", { port, raised: last });
    case "missing":
      return heapscopeError("board-files-missing", { port, reason: `no file system is mounted (${last})` });
    default:
      return heapscopeError("board-raised", { port, traceback: last });
  }
}
