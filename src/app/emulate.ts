import { accessSync, constants } from "node:fs";
import { type EmulatedBoard, startEmulatedBoard } from "../emulator/emulated-board.ts";
import { heapscopeError } from "../shared/errors.ts";

export interface EmulateOptions {
  /** Boards to start. */
  readonly count: number;
  /** What runs as main.py; null = the demo application. */
  readonly app: string | null;
  readonly heapBytes: number;
}

export interface RunningBoards {
  readonly boards: readonly { readonly path: string; readonly uniqueId: string }[];
  /** Rejects with `emulator-failed` when one of them ends by itself; otherwise stays pending. */
  readonly failed: Promise<never>;
  /** Ends all of them; twice does no harm. */
  stop(): Promise<void>;
}

/** Starts emulated boards, all or none. Throws `emulator-failed` or `file-unreadable`. */
export async function startBoards(options: EmulateOptions, signal: AbortSignal): Promise<RunningBoards> {
  const { count, app, heapBytes } = options;
  if (app !== null) mustBeReadable(app);
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, index) =>
      startEmulatedBoard(
        { name: `standalone-${index + 1}`, heapBytes, ...(app === null ? {} : { app }) },
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
  let stopping = false;
  const failed = new Promise<never>((_, reject) => {
    for (const board of boards) {
      // A terminal's Ctrl-C reaches the boards as well as us.
      void board.exited.then(() => stopping || signal.aborted || reject(endedByItself(board)));
    }
  });
  failed.catch(() => {}); // whoever does not look at it shall not crash
  return {
    boards: boards.map(({ path, uniqueId }) => ({ path, uniqueId })),
    failed,
    stop: () => {
      stopping = true;
      return stop();
    },
  };
}

function endedByItself(board: EmulatedBoard): Error {
  return heapscopeError("emulator-failed", { reason: `the process of the board at ${board.path} ended` });
}

function mustBeReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw heapscopeError("file-unreadable", { file, reason: "there is no such file, or no permission" });
  }
}
