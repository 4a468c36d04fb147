import { importsOf } from "../../python/imports.ts";
import type { Problem } from "../finding.ts";
import type { ApplicationModule, ApplicationSource } from "./application.ts";
import type { Failed } from "./trial.ts";

/** Modules of the application that are left out, by their names in `import`: the files they are. */
export type LeftOut = ReadonlyMap<string, string>;

/** Why a module whose import failed is not measured. */
export function importProblem(module: ApplicationModule, failed: Failed, leftOut: LeftOut): Problem {
  const missing = /no module named '([^']+)'/.exec(failed.reason)?.[1];
  if (missing !== undefined) return missingProblem(module, missing, leftOut);
  return { file: module.name, line: null, text: failureText(module, failed) };
}

/** Source that needs a module which is not there. */
export function missingProblem(
  { name, parsed }: ApplicationSource,
  missing: string,
  leftOut: LeftOut,
): Problem {
  const line = importsOf(parsed).find(({ module }) => module === missing)?.line ?? null;
  const file = leftOut.get(missing);
  const what = line === null ? "It imports something that needs" : "It needs";
  const text =
    file === undefined
      ? `${what} the module ${missing}, which is neither among the given files nor one that heapscope has a stand-in for${hint(missing)}. It cannot run here, so it is not measured.`
      : `${what} ${file}, which is left out. It cannot run here, so it is not measured.`;
  return { file: name, line, text };
}

function failureText({ module }: ApplicationModule, { end, exception, reason }: Failed): string {
  if (end === "deadline")
    return `Importing it does not come to an end. Code that runs for ever belongs into main.py or a function; this file is not measured.`;
  if (end === "crashed") return `Importing it does not work here: ${reason}. It is not measured.`;
  if (!isImportable(module))
    return `No import can name it: ${module} is no name in Python. Give it another name, or leave it out; it is not measured.`;
  const why =
    exception === "MemoryError"
      ? "It allocates more than a heap of 8 MiB holds without a collection; this interpreter makes none while an import runs."
      : exception === "SystemExit"
        ? "Leaving or resetting belongs into main.py or a function."
        : "Devices are only stood in for here.";
  return `Importing it ends with ${reason}. ${why} It is not measured.`;
}

/** MicroPython's own; it knows no `match` and `case`. */
const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

function isImportable(module: string): boolean {
  return module.split(".").every((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part) && !keywords.has(part));
}

const circuitPython = new Set([
  "alarm",
  "analogio",
  "audioio",
  "board",
  "busio",
  "digitalio",
  "displayio",
  "microcontroller",
  "neopixel_write",
  "pwmio",
  "storage",
  "supervisor",
  "usb_hid",
]);
const cPython = new Set([
  "dataclasses",
  "multiprocessing",
  "numpy",
  "pathlib",
  "requests",
  "serial",
  "subprocess",
  "threading",
  "typing",
]);

function hint(module: string): string {
  const first = module.split(".")[0] ?? "";
  if (circuitPython.has(first) || first.startsWith("adafruit_")) return " (it belongs to CircuitPython)";
  return cPython.has(first) ? " (it belongs to desktop Python)" : "";
}
