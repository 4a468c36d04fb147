import { kind } from "./error-kind.ts";

type AtPort = { readonly port: string };
type AtBoard = { readonly board: string };

/** Errors of ports and boards, and of what boards answer. A part of the table in errors.ts. */
export const boardErrors = {
  "port-url-invalid": kind<AtPort>(
    400,
    2,
    (c) =>
      `"${c.port}" is not a port heapscope can open. Give a device path (/dev/ttyACM0), serial:/dev/ttyACM0, or tcp://HOST:PORT.`,
  ),
  "port-not-found": kind<AtPort>(
    404,
    1,
    (c) => `There is no port ${c.port}. Is the board plugged in? "heapscope ports" lists what is attached.`,
  ),
  "port-busy": kind<AtPort & { readonly holder?: string }>(409, 1, (c) =>
    c.holder === undefined
      ? `${c.port} is held by another program. Close mpremote, Thonny or the other terminal, then try again.`
      : `${c.port} is held by another program: ${c.holder}. ${
          c.holder.startsWith("heapscope ")
            ? '"heapscope release BOARD" frees it where that is the daemon, and "heapscope attach BOARD" gives it back.'
            : "Close it, then try again."
        }`,
  ),
  "port-permission": kind<AtPort>(
    403,
    1,
    (c) =>
      `No permission to open ${c.port}. Add yourself to the dialout group (sudo usermod -aG dialout $USER), log in again, and retry.`,
  ),
  "port-changed": kind<AtPort & { readonly serialNumber: string; readonly found: string }>(
    409,
    1,
    (c) =>
      `${c.port} now belongs to another device: serial number ${c.found}, not ${c.serialNumber}. heapscope leaves it to that one and waits for the board's own.`,
  ),
  "port-refused": kind<AtPort>(
    503,
    1,
    (c) => `Nothing answers at ${c.port}. Is the program that serves this TCP port running?`,
  ),
  "port-failed": kind<AtPort & { readonly reason: string }>(
    503,
    1,
    (c) => `${c.port} could not be opened: ${c.reason}.`,
  ),
  "port-vanished": kind<AtPort & { readonly reason: string }>(
    503,
    1,
    (c) => `${c.port} went away while it was in use (${c.reason}). Was the board unplugged or reset?`,
  ),
  "board-ended": kind<AtPort & { readonly how: string }>(
    503,
    1,
    (c) =>
      `Its process ended (${c.how}). The emulated board comes back when heapscope is started again. ${c.port} is left alone until then: it may be another program's by now.`,
  ),
  "no-prompt": kind<AtPort & { readonly waitedMs: number }>(
    503,
    1,
    (c) =>
      `Nothing at ${c.port} answered like a MicroPython prompt within ${c.waitedMs} ms. Either it is no MicroPython board, or its program is running and holds the prompt; heapscope does not interrupt it.`,
  ),
  "not-micropython": kind<AtPort & { readonly waitedMs: number; readonly saw: string }>(
    502,
    1,
    (c) =>
      `${c.port} talks, but no MicroPython prompt came within ${c.waitedMs} ms (it said ${c.saw}). Either its program is running and prints, and heapscope does not interrupt it, or it is no MicroPython board. As soon as a prompt shows, it is read.`,
  ),
  "prompt-unfinished": kind<AtPort>(
    503,
    1,
    (c) =>
      `Somebody left a statement half typed at the prompt of ${c.port} ("... " waits for more). Ctrl-C in a terminal, such as "heapscope console", clears it; heapscope itself sends none.`,
  ),
  "foreign-device": kind<AtPort & { readonly looksLike: string; readonly saw: string }>(
    502,
    1,
    (c) =>
      `${c.port} is no MicroPython board: it looks like ${c.looksLike} (it said ${c.saw}). heapscope writes nothing more to it.`,
  ),
  "baud-rate-wrong": kind<AtPort & { readonly saw: string }>(
    502,
    1,
    (c) =>
      `${c.port} answers with bytes that are no text (${c.saw}): its baud rate seems to be another one. Set the board's baudRate, or check the wiring.`,
  ),
  "interrupt-ignored": kind<AtPort & { readonly waitedMs: number }>(
    503,
    1,
    (c) =>
      `What runs at ${c.port} goes on in spite of Ctrl-C: no prompt came within ${c.waitedMs} ms. It may catch KeyboardInterrupt or have switched Ctrl-C off, or there is no MicroPython board.`,
  ),
  "answer-silent": kind<AtPort & { readonly waitedMs: number; readonly state: string; readonly saw: string }>(
    504,
    1,
    (c) =>
      `The board at ${c.port} stopped in mid-answer: nothing came for ${c.waitedMs} ms (${c.state}; last: ${c.saw}). Bytes were lost or it hangs. The reading is discarded.`,
  ),
  "answer-late": kind<AtPort & { readonly waitedMs: number }>(
    504,
    1,
    (c) =>
      `The board at ${c.port} had not finished its answer after ${c.waitedMs} ms. The reading is discarded.`,
  ),
  "program-garbled": kind<AtPort & { readonly traceback: string }>(
    502,
    1,
    (c) =>
      `The program for the board at ${c.port} arrived changed (${c.traceback}): bytes were lost or doubled on the way. The reading is discarded.`,
  ),
  "answer-too-long": kind<AtPort & { readonly limitBytes: number }>(
    502,
    1,
    (c) =>
      `The board at ${c.port} printed more than ${c.limitBytes} bytes in one answer. The reading is discarded.`,
  ),
  "board-reset": kind<AtPort>(
    503,
    1,
    (c) =>
      `The board at ${c.port} restarted in mid-answer. The reading is discarded; the next one starts afresh.`,
  ),
  "board-raised": kind<AtPort & { readonly traceback: string }>(
    502,
    1,
    (c) => `The board at ${c.port} raised an exception instead of an answer: ${c.traceback}`,
  ),
  "heap-exhausted": kind<AtPort>(
    507,
    1,
    (c) => `The heap of the board at ${c.port} is so full that even the probe got a MemoryError.`,
  ),
  "dump-damaged": kind<{ readonly source: string; readonly problem: string }>(
    422,
    1,
    (c) => `The heap dump from ${c.source} does not add up: ${c.problem}. It is discarded.`,
  ),
  "board-not-ready": kind<AtBoard & { readonly state: string }>(
    503,
    1,
    (c) => `Board ${c.board} cannot be asked now: ${c.state}`,
  ),
  "board-occupied": kind<AtBoard>(
    409,
    1,
    (c) =>
      `Board ${c.board} is in the middle of another reading. heapscope never queues readings: try again in a moment.`,
  ),
} as const;
