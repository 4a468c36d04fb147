import { heapscopeError } from "../shared/errors.ts";
import { fileSizes, LOADED_MODULES } from "./module-programs.ts";

/**
 * Where a module's code came from. `source`: a `.py` file, compiled on the board when it was imported. `compiled`: a `.mpy` file.
 * `frozen`: its name of a file is that of no file on the board, so it is part of the firmware (or was removed since). `unknown`:
 * it has no `__file__` (written in C, or a firmware without it), or the board cannot say whether the file is there.
 */
export type ModuleOrigin = "source" | "compiled" | "frozen" | "unknown";

export interface LoadedModule {
  /** As in `sys.modules`. */
  readonly name: string;
  /** `__file__`; null: it has none. */
  readonly file: string | null;
  readonly origin: ModuleOrigin;
  /** Of the file; null: there is none, or its size is not known. */
  readonly sizeBytes: number | null;
}

/** What a board had loaded when it was asked. */
export interface ModulesSeen {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** By name; null: its firmware keeps no list of them. */
  readonly modules: readonly LoadedModule[] | null;
}

/** Modules whose files are asked for in one program: about 1 KB of text. */
const filesAtATime = 8;
/** What may stand between quotes as it is: the names are the board's, and go into a program. */
const plainPath = /^[\w./-]{1,120}$/;

/**
 * The modules that a board has loaded, in the order of their names; null where its firmware keeps no list (micro:bit). `ask` runs a
 * program twice and returns what both printed. Throws what `ask` throws, and `program-garbled` where lines are missing.
 */
export async function loadedModules(
  port: string,
  ask: (program: string) => Promise<string>,
): Promise<readonly LoadedModule[] | null> {
  const [count = "", ...lines] = (await ask(LOADED_MODULES)).split(/\r?\n/);
  if (count === "-") return null;
  if (Number(count) !== lines.length) throw incomplete(port, `${count} modules`, lines.length);
  const named = lines.map(nameAndFile);
  const paths = named.flatMap(({ file }) => (file !== null && plainPath.test(file) ? [file] : []));
  const sizes = new Map<string, string>();
  for (let at = 0; at < paths.length; at += filesAtATime) {
    const some = paths.slice(at, at + filesAtATime);
    const answers = (await ask(fileSizes(some))).split(/\r?\n/);
    if (answers.length !== some.length) throw incomplete(port, `${some.length} sizes`, answers.length);
    for (const [index, path] of some.entries()) sizes.set(path, answers[index] ?? "?");
  }
  return named
    .map(({ name, file }) => moduleOf(name, file, file === null ? "?" : (sizes.get(file) ?? "?")))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function nameAndFile(line: string): { readonly name: string; readonly file: string | null } {
  const space = line.indexOf(" ");
  const file = space < 0 ? "" : line.slice(space + 1).trim();
  return { name: space < 0 ? line : line.slice(0, space), file: file === "" ? null : file };
}

function moduleOf(name: string, file: string | null, size: string): LoadedModule {
  if (file === null || size === "?") return { name, file, origin: "unknown", sizeBytes: null };
  if (size === "-") return { name, file, origin: "frozen", sizeBytes: null };
  const origin = file.endsWith(".mpy") ? "compiled" : file.endsWith(".py") ? "source" : "unknown";
  return { name, file, origin, sizeBytes: Number(size) };
}

function incomplete(port: string, wanted: string, found: number): Error {
  return heapscopeError("program-garbled", { port, traceback: `expected ${wanted}, found ${found}` });
}
