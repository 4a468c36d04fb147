import type { Interpreter } from "./interpreter.ts";

/**
 * Runs boot.py and main.py, those that are there. As on a board, main.py is left out where the REPL is to be raw.
 * `ended` is called after each, with the traceback that ended it or "".
 */
export function runBootFiles(
  interpreter: Interpreter,
  raw: boolean,
  ended: (traceback: string) => void,
): void {
  for (const name of raw ? ["boot.py"] : ["boot.py", "main.py"]) {
    if (interpreter.hasFile(name)) ended(interpreter.runFile(name) ?? "");
  }
}
