import { heapscopeError } from "../shared/errors.ts";
import type { LoadedModule } from "../shared/module-facts.ts";
import { fileSizes, LOADED_MODULES } from "./module-programs.ts";

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
