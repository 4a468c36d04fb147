import type { ConsoleLink } from "../app/console-client.ts";

/** A command's standard input and output, as a terminal needs them. */
export interface TerminalStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

export interface Terminal {
  /** A person types. */
  readonly isInteractive: boolean;
  /**
   * Ties it to a board. Resolves when the person leaves; where nobody types, when the input has ended and the board has
   * been silent for `waitMs`.
   */
  connect(link: ConsoleLink, waitMs: number): Promise<void>;
  /** Back to how it was. Twice does no harm. */
  restore(): void;
}

/** Ctrl-X and Ctrl-], as in mpremote. */
const LEAVE_KEYS: ReadonlySet<number> = new Set([0x18, 0x1d]);
const LINE_FEED = 0x0a;

/** Makes a terminal raw: every key is the board's, even Ctrl-C. A pipe stays as it is. */
export function openTerminal({ input, output }: TerminalStreams): Terminal {
  const isInteractive = input.isTTY === true;
  let lastByte = LINE_FEED;
  let onInput: (bytes: Buffer) => void = () => {};
  let onEnd = (): void => {};
  let onQuiet: (() => void) | null = null;
  let quiet: NodeJS.Timeout | undefined;
  let isOver = false;
  const waitForQuiet = (ms: number): void => {
    clearTimeout(quiet);
    if (onQuiet && !isOver) quiet = setTimeout(onQuiet, ms);
  };

  return {
    isInteractive,
    connect: (link, waitMs) =>
      new Promise((resolve) => {
        link.listen((bytes) => {
          lastByte = bytes.at(-1) ?? lastByte;
          waitForQuiet(waitMs);
          if (output.write(bytes)) return null;
          return new Promise((drained) => output.once("drain", drained));
        });
        onInput = (keys) => {
          const at = isInteractive ? keys.findIndex((key) => LEAVE_KEYS.has(key)) : -1;
          const typed = at === -1 ? keys : keys.subarray(0, at);
          const forBoard = isInteractive ? typed : enterKeys(typed);
          const held = forBoard.length > 0 ? link.write(forBoard) : null;
          if (at !== -1) resolve();
          if (!held) return;
          input.pause();
          void held.then(() => isOver || input.resume());
        };
        // A pipe that was read to its end, or a terminal that is gone.
        onEnd = () => {
          onQuiet = resolve;
          waitForQuiet(isInteractive ? 0 : waitMs);
        };
        if (isInteractive) input.setRawMode(true);
        input.on("data", onInput).once("end", onEnd).once("error", onEnd);
      }),
    restore: () => {
      isOver = true;
      clearTimeout(quiet);
      input.off("data", onInput).off("end", onEnd).off("error", onEnd);
      input.pause();
      if (!isInteractive || !input.isRaw) return;
      input.setRawMode(false);
      // What comes next begins a line of its own.
      if (lastByte !== LINE_FEED) output.write("\n");
    },
  };
}

/** Lines of a pipe end in LF; the key that ends them on a board is CR. */
function enterKeys(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replace(/\r?\n/g, "\r"), "latin1");
}
