import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { LoadedModule } from "../shared/module-facts.ts";
import { fileSizes, LOADED_MODULES } from "./module-programs.ts";

/** Files that are asked for in one program: about 1 KB of text, and as much again where the board compiles it. */
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
  const files = named.flatMap(({ file }) => (file !== null && plainPath.test(file) ? [file] : []));
  const paths = [...new Set(files)];
  const sizes = await sizesOf(port, paths, ask);
  return named
    .map(({ name, file }) => moduleOf(name, file, file === null ? "?" : (sizes.get(file) ?? "?")))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Of each path the line that the board said. Where its heap is too small for the program, in smaller ones. */
async function sizesOf(
  port: string,
  paths: readonly string[],
  ask: (program: string) => Promise<string>,
): Promise<ReadonlyMap<string, string>> {
  const sizes = new Map<string, string>();
  let most = filesAtATime;
  while (sizes.size < paths.length) {
    const some = paths.slice(sizes.size, sizes.size + most);
    try {
      const answers = (await ask(fileSizes(some))).split(/\r?\n/);
      if (answers.length !== some.length) throw incomplete(port, `${some.length} sizes`, answers.length);
      for (const [index, path] of some.entries()) sizes.set(path, answers[index] ?? "?");
    } catch (error) {
      const isFull = error instanceof HeapscopeError && error.code === "heap-exhausted";
      if (!isFull || most === 1) throw error;
      most = Math.floor(most / 2);
    }
  }
  return sizes;
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
