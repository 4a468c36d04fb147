import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
// tsx and vitest bring it along; only this test needs it by name.
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");

/** What cannot be put into one file: native code, worker threads, and files beside a module. */
const external = [
  "better-sqlite3",
  "koffi",
  "serialport",
  "@serialport/*",
  "@micropython/*",
  "pino",
  "pino-pretty",
  "@fastify/swagger-ui",
  "#board-process",
];

/**
 * The built program (`dist`), in one file in `folder`, behind a gate: it is loaded at once and runs when it is told to. Most of a
 * start is loading 1400 modules; this way the next daemon does so while the one before it still lives.
 */
export async function bundleProgram(folder: string): Promise<string> {
  const file = join(folder, "dist/cli/gated.js");
  mkdirSync(join(folder, "dist/cli"), { recursive: true });
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await build({
    stdin: {
      contents: `
        import { once } from "node:events";
        import "./dist/app/run-serve.js";
        await once(process, "message");
        process.disconnect();
        await import("./dist/cli/main.js");`,
      resolveDir: root,
    },
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    external,
    banner: {
      js: 'import * as nodeModule from "node:module"; const require = nodeModule.createRequire(import.meta.url);',
    },
  });
  return file;
}

export interface StandbyDaemon {
  readonly process: ChildProcess;
  /** Lets it run; resolves when it says that it is up. */
  run(): Promise<void>;
}

/** Starts `program` (of `bundleProgram`) with `args`, as far as the gate. */
export function standBy(program: string, args: readonly string[]): StandbyDaemon {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { PATH: process.env["PATH"] },
  });
  const spawned = once(child, "spawn");
  const isUp = new Promise<void>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes(" is up on ")) resolve();
    });
    child.once("exit", () => reject(new Error(`the daemon ended before it was up: ${text}`)));
  });
  // One that is never run may be killed.
  isUp.catch(() => {});
  return {
    process: child,
    run: async () => {
      await spawned;
      child.send("go");
      await isUp;
    },
  };
}
