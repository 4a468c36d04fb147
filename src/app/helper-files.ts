import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileMpy } from "../lab/compile-mpy.ts";
import { heapscopeError } from "../shared/errors.ts";

/** The helpers of firmware-helpers/, by their modules' names. */
export type HelperModule = "heapscope" | "heapscope_tiny";

/** A file as it is to be on the board. */
export interface HelperFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where the helpers are: the same folder seen from src/app and from dist/app. */
export const helperFolder = fileURLToPath(new URL("../../firmware-helpers/", import.meta.url));

/** The helpers' sources as files, for a board that is to have them from the start. */
export const helperModuleFiles: readonly string[] = (
  ["heapscope", "heapscope_tiny"] satisfies HelperModule[]
).map((module) => join(helperFolder, `${module}.py`));

/** The helper as it is shipped, or compiled without asserts and line numbers. Throws `file-unreadable` or `python-not-compiled`. */
export async function helperFile(module: HelperModule, compiled: boolean): Promise<HelperFile> {
  const path = join(helperFolder, `${module}.py`);
  const source = await readFile(path).catch((error: Error) => {
    throw heapscopeError("file-unreadable", { file: path, reason: error.message });
  });
  if (!compiled) return { name: `${module}.py`, bytes: source };
  const bytes = await compileMpy(`${module}.py`, source.toString("utf8"), { optimization: 3 });
  return { name: `${module}.mpy`, bytes };
}
