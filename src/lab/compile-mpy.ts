import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { heapscopeError } from "../shared/errors.ts";

/** What compiled the module can be imported by: MicroPython 1.19 and later, `sys.implementation._mpy & 0xff`. */
export const mpyVersion = 6;

/** What heapscope uses of `@pybricks/mpy-cross-v6`, a CommonJS module. */
interface MpyCross {
  compile(
    fileName: string,
    source: string,
    options: readonly string[],
    wasmPath: string,
  ): Promise<{ readonly status: number; readonly mpy?: Uint8Array; readonly err: readonly string[] }>;
}

/** What mpy-cross is asked for. */
export interface CompileOptions {
  /** 0: all as in the source; 3: without asserts and line numbers, which saves heap. Default 0. */
  readonly optimization?: 0 | 1 | 2 | 3;
}

/**
 * Compiles the Python module `source` to bytecode (.mpy version 6), the same for every processor. `fileName` is what
 * tracebacks name. Throws "python-not-compiled" with what the compiler says.
 */
export async function compileMpy(
  fileName: string,
  source: string,
  { optimization = 0 }: CompileOptions = {},
): Promise<Uint8Array> {
  const { compile, wasmPath } = await loadMpyCross();
  const processEvents = ["uncaughtException", "unhandledRejection"] as const;
  // The compiler's start-up hooks the process: an unhandled rejection anywhere would end it from then on.
  const before = new Map(processEvents.map((event) => [event, process.listeners(event as never)]));
  // Its file system has no folders; what tracebacks name is told apart.
  const options = [`-O${optimization}`, "-s", fileName];
  const compiling = compile(basename(fileName), source, options, wasmPath);
  for (const event of processEvents) {
    for (const listener of process.listeners(event as never)) {
      if (before.get(event)?.includes(listener) === false) process.off(event, listener);
    }
  }
  const { status, mpy, err } = await compiling;
  if (status === 0 && mpy !== undefined) return mpy;
  throw heapscopeError("python-not-compiled", { file: fileName, reason: complaintIn(err) });
}

let loaded: Promise<{ readonly compile: MpyCross["compile"]; readonly wasmPath: string }> | undefined;

/** Loaded at the first use: most of the time heapscope compiles nothing. */
function loadMpyCross() {
  loaded ??= (async () => {
    const require = createRequire(import.meta.url);
    const path = require.resolve("@pybricks/mpy-cross-v6");
    const { compile } = require(path) as MpyCross;
    // Its loader fetches what it is told, and Node's fetch knows data URLs but no files.
    const wasm = await readFile(join(dirname(path), "mpy-cross-v6.wasm"));
    return { compile, wasmPath: `data:application/wasm;base64,${wasm.toString("base64")}` };
  })();
  return loaded;
}

/** The last line of the compiler's traceback and where it points, such as `line 3: SyntaxError: invalid syntax`. */
function complaintIn(lines: readonly string[]): string {
  const line = /line (\d+)/.exec(lines.join("\n"))?.[1];
  const last = lines.map((text) => text.trim()).findLast((text) => text !== "") ?? "no reason was given";
  return line === undefined ? last : `line ${line}: ${last}`;
}
