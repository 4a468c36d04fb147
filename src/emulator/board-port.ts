import { closeSync, readSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import { openPty, type Polled, pollTwo } from "./pty.ts";

/** The board's end of the cable. */
export interface BoardPort {
  /** What a client opens. */
  readonly path: string;
  /** What the client sent and nobody took yet; empty when there is nothing. Never blocks. */
  read(): Uint8Array;
  /** Looks at the port and at `controlFd`; blocks at most `timeoutMs` for input. */
  poll(controlFd: number, timeoutMs: number): Polled;
  /**
   * Sends `bytes`. A client that does not read fills the pseudo-terminal; then this waits, calling `whileWaiting`
   * whenever something arrives, and after 500 ms without progress the rest is dropped. Until the client reads
   * again all further output is dropped at once. An RP2040 treats its USB just so (MICROPY_HW_USB_CDC_TX_TIMEOUT).
   */
  write(bytes: Uint8Array, controlFd: number, whileWaiting: () => void): void;
  /** Hangs up: the client sees its port vanish. */
  close(): void;
}

const giveUpAfterMs = 500;
const nothing = new Uint8Array(0);

/** Opens a port. `onInput` gets what arrives while the event loop runs; `read()` takes the rest. */
export function openBoardPort(onInput: (bytes: Uint8Array) => void): BoardPort {
  const { masterFd, path, keeperFd } = openPty();
  const stream = new ReadStream(masterFd);
  const chunk = Buffer.alloc(4096);
  let closed = false;
  let clientReads = true;

  const close = (): void => {
    if (closed) return;
    closed = true;
    stream.destroy(); // closes the master
    closeSync(keeperFd);
  };
  stream.on("data", (bytes: Buffer) => {
    if (!closed) onInput(new Uint8Array(bytes));
  });
  stream.on("error", () => {}); // EIO at a hangup; the master itself cannot fail otherwise

  const writeSome = (bytes: Uint8Array): number => {
    try {
      return writeSync(masterFd, bytes);
    } catch (error) {
      if (isAgain(error)) return 0;
      throw error;
    }
  };

  return {
    path,
    read() {
      if (closed || !pollTwo(masterFd, -1, false, 0).firstReadable) return nothing;
      try {
        return Uint8Array.from(chunk.subarray(0, readSync(masterFd, chunk)));
      } catch (error) {
        if (isAgain(error)) return nothing;
        throw error;
      }
    },
    poll: (controlFd, timeoutMs) => pollTwo(closed ? -1 : masterFd, controlFd, false, timeoutMs),
    write(bytes, controlFd, whileWaiting) {
      let rest = bytes;
      let stuckSince: number | null = null;
      while (rest.length > 0 && !closed) {
        const sent = writeSome(rest);
        rest = rest.subarray(sent);
        if (sent > 0) {
          clientReads = true;
          stuckSince = null;
          continue;
        }
        const now = performance.now();
        stuckSince ??= now;
        const leftMs = stuckSince + giveUpAfterMs - now;
        if (!clientReads || leftMs <= 0) {
          clientReads = false;
          return;
        }
        const ready = pollTwo(masterFd, controlFd, true, leftMs);
        if (ready.firstReadable || ready.secondReadable) whileWaiting();
      }
    },
    close,
  };
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
