import { type ChildProcess, spawn } from "node:child_process";
import { renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import { heapscopeError } from "../shared/errors.ts";
import { type EmulatedBoardOptions, setupOf } from "./board-options.ts";
import type { RawPaste } from "./console.ts";
import { type BoardCommand, type BoardNews, lineSplitter } from "./control.ts";
import type { FaultPlan } from "./faults.ts";

export type { EmulatedBoardOptions } from "./board-options.ts";
export type { RawPaste } from "./console.ts";
export type { Fault, FaultPlan } from "./faults.ts";

/** How the board's process ended. `stderr`: the last of what it complained about. */
export interface BoardExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface EmulatedBoard {
  /** The pseudo-terminal a client opens; another one after replug(). */
  readonly path: string;
  /** The same as a port URL. */
  readonly url: string;
  readonly uniqueId: string;
  readonly pid: number;
  readonly exited: Promise<BoardExit>;
  /** Replaces the fault plan. Resolves when it is in force, so positions can be counted on. */
  setFaults(plan: FaultPlan): Promise<void>;
  setRawPaste(rawPaste: RawPaste): Promise<void>;
  /** Cuts the power and hangs up: the client sees its port vanish. Nothing on the board survives. */
  unplug(): Promise<void>;
  /** Plugs it in again: boots at a new path, which it returns. The present path where it is plugged in. */
  replug(): Promise<string>;
  /** The reset button. Unlike a USB board's, the port stays. */
  reset(): Promise<void>;
  /** Ends the process, whatever runs on the board. May be called again. */
  stop(): Promise<void>;
}

const killAfterMs = 1_000;
const stderrTailChars = 4_000;

/**
 * Starts a board: real MicroPython in its own process behind a pseudo-terminal. Resolves when the port can be
 * opened; the board may then still be booting. Throws "emulator-failed".
 */
export async function startEmulatedBoard(
  options: EmulatedBoardOptions = {},
  signal?: AbortSignal,
): Promise<EmulatedBoard> {
  signal?.throwIfAborted();
  const setup = setupOf(options);
  const child = spawn(process.execPath, [...nodeFlags, boardProcessPath(), JSON.stringify(setup)], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const exited = exitOf(child);
  const control = child.stdio[3] as Duplex;
  const waiting = new Map<number, () => void>();
  let path: string | null = null;
  let lastPath = "";
  let lastId = 0;
  let plugged: (() => void) | undefined;

  const onNews = (news: BoardNews): void => {
    if (news.kind === "done") {
      waiting.get(news.id)?.();
      waiting.delete(news.id);
    } else if (news.kind === "plugged") {
      path = lastPath = news.path;
      if (options.linkPath !== undefined) pointLink(options.linkPath, news.path);
      plugged?.();
    } else {
      path = null;
      if (options.linkPath !== undefined) rmSync(options.linkPath, { force: true });
    }
  };
  control.on(
    "data",
    lineSplitter((line) => onNews(JSON.parse(line) as BoardNews)),
  );
  control.on("error", () => {}); // the process is gone; `exited` tells

  const stop = async (): Promise<void> => {
    signal?.removeEventListener("abort", stop);
    const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
    if (isAlive()) child.kill("SIGTERM"); // no handler: ends it even in a tight Python loop
    const grace = setTimeout(() => {
      if (isAlive()) child.kill("SIGKILL");
    }, killAfterMs);
    await exited;
    clearTimeout(grace);
    if (options.linkPath !== undefined) rmSync(options.linkPath, { force: true });
  };
  signal?.addEventListener("abort", stop, { once: true });

  /** Rejects when the process ends first. */
  const orExit = async (work: Promise<void>): Promise<void> => {
    const end = await Promise.race([work, exited]);
    if (end === undefined) return;
    signal?.throwIfAborted();
    const how = end.signal === null ? `exit code ${end.code}` : `signal ${end.signal}`;
    throw heapscopeError("emulator-failed", {
      reason: `its process ended with ${how} ${end.stderr.trim()}`.trim(),
    });
  };
  const tell = (command: BoardCommand): Promise<void> => {
    const id = ++lastId;
    const done = new Promise<void>((resolve) => waiting.set(id, resolve));
    control.write(`${JSON.stringify({ ...command, id })}\n`);
    return orExit(done);
  };

  await orExit(
    new Promise((resolve) => {
      plugged = resolve;
    }),
  );
  return {
    get path() {
      return path ?? lastPath;
    },
    get url() {
      return `serial:${path ?? lastPath}`;
    },
    uniqueId: setup.uniqueId,
    pid: child.pid ?? -1,
    exited,
    setFaults: (plan) => tell({ kind: "set-faults", plan }),
    setRawPaste: (rawPaste) => tell({ kind: "set-raw-paste", rawPaste }),
    unplug: () => tell({ kind: "unplug" }),
    async replug() {
      await tell({ kind: "replug" });
      return lastPath;
    },
    reset: () => tell({ kind: "reset" }),
    stop,
  };
}

/** The small heaps these set are plenty for a board, and halve what a process takes. */
const nodeFlags = ["--max-semi-space-size=1", "--no-warnings"];

/** Always the built file: a source file cannot be started by plain node. */
function boardProcessPath(): string {
  try {
    return createRequire(import.meta.url).resolve("#board-process");
  } catch {
    throw heapscopeError("emulator-failed", {
      reason: 'dist/emulator/board-process.js is missing; run "npm run build"',
    });
  }
}

function exitOf(child: ChildProcess): Promise<BoardExit> {
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-stderrTailChars);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, stderr: error.message }));
    child.once("close", (code, signal) => resolve({ code, signal, stderr }));
  });
}

function pointLink(linkPath: string, target: string): void {
  const fresh = `${linkPath}.${process.pid}.new`;
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh);
  renameSync(fresh, linkPath);
}
