import { compileMpy } from "../compile-mpy.ts";
import { standInFolder, standIns } from "./index.ts";

let compiled: Promise<Readonly<Record<string, Uint8Array>>> | undefined;

/** The stand-ins by their paths in the interpreter, compiled: source would leave holes in the heap that is measured. */
export function compiledStandIns(): Promise<Readonly<Record<string, Uint8Array>>> {
  compiled ??= compileAll();
  return compiled;
}

async function compileAll(): Promise<Readonly<Record<string, Uint8Array>>> {
  const files: Record<string, Uint8Array> = {};
  for (const [path, source] of Object.entries(standIns)) {
    const compiledPath = `${standInFolder}/${path.replace(/\.py$/, ".mpy")}`;
    files[compiledPath] = await compileMpy(path, source, { optimization: 3 });
  }
  return files;
}
