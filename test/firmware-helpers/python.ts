import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadMicroPython, MicroPython } from "../../src/emulator/micropython.ts";

export const helperFolder = join(import.meta.dirname, "../../firmware-helpers");
export const helperSource = (name = "heapscope"): string =>
  readFileSync(join(helperFolder, `${name}.py`), "utf8");

/** Releases of MicroPython's WebAssembly port, by the module that brings them. */
export const releases = [
  "micropython-1.23",
  "micropython-1.24",
  "micropython-1.25",
  "micropython-1.26",
  "@micropython/micropython-webassembly-pyscript",
] as const;

/** MicroPython in this process, without a board around it. */
export interface Python {
  /** Runs `code` and returns what it printed. Collections asked for take effect when it is over. */
  run(code: string): string;
  /** The value of `expression` as Python prints it. */
  value(expression: string): string;
  /** What was printed and not returned yet. */
  printed(): string;
  readonly bare: MicroPython;
}

/** An interpreter with a heap of 64000 bytes and `files` in its root folder. */
export async function python(
  release: string,
  files: Readonly<Record<string, string | Uint8Array>> = { "heapscope.py": helperSource() },
): Promise<Python> {
  const path = createRequire(import.meta.url).resolve(release);
  const { loadMicroPython } = (await import(pathToFileURL(path).href)) as {
    readonly loadMicroPython: LoadMicroPython;
  };
  let text = "";
  const written = (bytes: Uint8Array): void => {
    text += Buffer.from(bytes).toString("latin1");
  };
  const bare = await loadMicroPython({
    heapsize: 65_536,
    linebuffer: false,
    stdout: written,
    stderr: written,
  });
  for (const [name, content] of Object.entries(files)) bare.FS.writeFile(`/${name}`, content);
  bare.runPython("import sys\nsys.path[:] = ['/', '.frozen']");
  const printed = (): string => {
    const taken = text;
    text = "";
    return taken;
  };
  return {
    bare,
    printed,
    run(code) {
      bare.runPython(code);
      return printed();
    },
    value(expression) {
      bare.runPython(`print(${expression})`);
      return printed().trimEnd();
    },
  };
}

/** A `machine` module whose only timer is driven by the test. */
export function handDrivenTimers() {
  const timers: { id: unknown; period: number; live: boolean; fire(): void }[] = [];
  const Timer = (id: unknown) => {
    let settings: { readonly period: number; readonly callback: (timer: object) => void } | undefined;
    const object = {
      init(given: NonNullable<typeof settings>) {
        settings = given;
        timers.push({
          id,
          period: given.period,
          live: true,
          fire() {
            // Another object each time: 1.26 forgets one that it was given twice as soon as one of the two is garbage.
            if (this.live) settings?.callback({ ...object });
          },
        });
      },
      deinit() {
        for (const timer of timers) if (timer.id === id) timer.live = false;
      },
    };
    return object;
  };
  return { module: { Timer }, timers };
}
