import { randomUUID } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { type BoardExit, startEmulatedBoard } from "../emulator/emulated-board.ts";
import { heapscopeError } from "../shared/errors.ts";
import { appModules } from "./app-modules.ts";

export interface EmulateOptions {
  /** Boards to start. */
  readonly count: number;
  /** What runs as main.py, with what is beside it as its files; null = the demo application. */
  readonly app: string | null;
  readonly heapBytes: number;
}

export interface StartedBoard {
  readonly path: string;
  readonly uniqueId: string;
  /** Resolves when its process has ended, for whatever reason, with how: "killed by SIGKILL". */
  readonly ended: Promise<string>;
}

export interface RunningBoards {
  readonly boards: readonly StartedBoard[];
  /** Ends all of them; twice does no harm. */
  stop(): Promise<void>;
}

/**
 * Starts emulated boards, all or none; no other run's have their unique ids. The helpers can be imported on
 * them. Throws `emulator-failed`, `file-unreadable`, or `usage` for too much beside the application.
 */
export async function startBoards(options: EmulateOptions, signal: AbortSignal): Promise<RunningBoards> {
  const { count, app, heapBytes } = options;
  if (app !== null) mustBeReadable(app);
  const modules = appModules(app);
  // The boards of two runs can be watched at once, and must not pass for each other.
  const run = randomUUID();
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, index) =>
      startEmulatedBoard(
        {
          name: `standalone-${run}-${index + 1}`,
          heapBytes,
          ...(app !== null && { app }),
          modules,
        },
        signal,
      ),
    ),
  );
  const boards = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(boards.map((board) => board.stop()));
  };
  const failure = started.find((result) => result.status === "rejected");
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return {
    boards: boards.map(({ path, uniqueId, exited }) => ({ path, uniqueId, ended: exited.then(howItEnded) })),
    stop,
  };
}

/** Such as "killed by SIGKILL", or "exit code 1, TypeError: …". */
export function howItEnded({ code, signal, stderr }: BoardExit): string {
  if (signal !== null) return `killed by ${signal}`;
  // Of a crash report, the line that names the error.
  const error = stderr.split("\n").find((line) => /^(\w*Error\b|FATAL ERROR)/.test(line));
  return `exit code ${code}${error === undefined ? "" : `, ${error.trim()}`}`;
}

function mustBeReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw heapscopeError("file-unreadable", { file, reason: "there is no such file, or no permission" });
  }
}
