import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { heapscopeError } from "../shared/errors.ts";
import type { BoardApp, BoardModule } from "./board-files.ts";
import type { RawPaste } from "./console.ts";
import type { BoardSetup } from "./control.ts";
import { demoAppFor } from "./demo-app.ts";
import type { FaultPlan } from "./faults.ts";

export interface EmulatedBoardOptions {
  /** Default "emulated". The default unique id follows from it. */
  readonly name?: string;
  /**
   * The module that brings MicroPython: a release of `@micropython/micropython-webassembly-pyscript` under whatever name
   * it is installed, or the absolute path of its `micropython.mjs`. Default: the release heapscope depends on.
   */
  readonly interpreter?: string;
  /** Size of MicroPython's heap with its tables, 8192 or more; default 65536, of which 64000 are usable. */
  readonly heapBytes?: number;
  /**
   * Its files are copied to the board's file system at every (re)start. At a soft reset those stay that the board wrote or
   * removed; nothing else does, and a hard reset or replug makes all as new.
   */
  readonly filesDir?: string;
  /** Further files of its file system, unless `filesDir` has others at these paths. */
  readonly modules?: readonly BoardModule[];
  /** What runs as main.py: a file; null for none. Default: the folder's main.py, or the demo without a folder. */
  readonly app?: string | null;
  /** Hex digits, what `machine.unique_id()` gives. Default: 8 bytes made from the name. */
  readonly uniqueId?: string;
  readonly faults?: FaultPlan;
  /** Decides what the faults leave to chance; default 1. */
  readonly seed?: number;
  readonly rawPaste?: RawPaste;
  /** A symbolic link kept pointing at the current path while the board is plugged in. */
  readonly linkPath?: string;
}

const bundled = "@micropython/micropython-webassembly-pyscript";

/** What the board's process is told. Throws "emulator-failed" for options that cannot be. */
export function setupOf(options: EmulatedBoardOptions): BoardSetup {
  const heapBytes = options.heapBytes ?? 65_536;
  if (!Number.isInteger(heapBytes) || heapBytes < 8_192 || heapBytes > 8_388_608) {
    throw heapscopeError("emulator-failed", { reason: `a heap of ${heapBytes} bytes (8192 to 8388608)` });
  }
  const uniqueId = options.uniqueId ?? idFromName(options.name ?? "emulated");
  if (!/^([0-9a-f]{2})+$/.test(uniqueId)) {
    throw heapscopeError("emulator-failed", { reason: `the unique id "${uniqueId}" is not hex digits` });
  }
  return {
    interpreter: fileOf(options.interpreter ?? bundled),
    heapBytes,
    uniqueId,
    modules: options.modules ?? [],
    filesDir: options.filesDir ?? null,
    app: appOf(options),
    faults: options.faults ?? [],
    seed: options.seed ?? 1,
    rawPaste: options.rawPaste ?? { kind: "accept" },
  };
}

function fileOf(interpreter: string): string {
  try {
    return createRequire(import.meta.url).resolve(interpreter);
  } catch {
    throw heapscopeError("emulator-failed", { reason: `the interpreter "${interpreter}" is not installed` });
  }
}

function appOf({ app, filesDir, heapBytes = 65_536 }: EmulatedBoardOptions): BoardApp {
  if (app === null) return { kind: "none" };
  if (app !== undefined) return { kind: "file", path: app };
  return filesDir === undefined ? { kind: "source", source: demoAppFor(heapBytes) } : { kind: "folder" };
}

function idFromName(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 16);
}
