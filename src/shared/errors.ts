/**
 * Every error heapscope raises on purpose, in one table. Each text says what happened, what it means and what
 * to do next. `status` is the HTTP status where the error reaches the API, `exitCode` the command's exit code
 * (1 failed, 2 bad usage or configuration).
 */
interface ErrorKind<Context> {
  readonly status: number;
  readonly exitCode: 1 | 2;
  readonly text: (context: Context) => string;
}

function kind<Context>(
  status: number,
  exitCode: 1 | 2,
  text: (context: Context) => string,
): ErrorKind<Context> {
  return { status, exitCode, text };
}

type AtPort = { readonly port: string };
type AtBoard = { readonly board: string };

export const errorTable = {
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
      : `${c.port} is held by another program: ${c.holder}. Close it, then try again.`,
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
  "no-dump": kind<{ readonly source: string }>(
    422,
    1,
    (c) =>
      `There is no mem_info output in ${c.source}. heapscope looks for lines that begin with "GC: total:".`,
  ),
  "dump-damaged": kind<{ readonly source: string; readonly problem: string }>(
    422,
    1,
    (c) => `The heap dump from ${c.source} does not add up: ${c.problem}. It is discarded.`,
  ),
  "board-unknown": kind<AtBoard>(
    404,
    1,
    (c) => `There is no board "${c.board}". GET /api/v1/boards lists the ones heapscope knows.`,
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
  "console-taken": kind<AtBoard>(
    409,
    1,
    (c) => `The console of board ${c.board} is already open. Close the other one first; a board has one.`,
  ),
  "console-port-failed": kind<AtBoard & { readonly address: string; readonly reason: string }>(
    503,
    1,
    (c) =>
      `The console port ${c.address} of board ${c.board} cannot be opened: ${c.reason} Give the board another consolePort.`,
  ),
  "console-unreachable": kind<{ readonly socket: string; readonly reason: string }>(
    503,
    1,
    (c) =>
      `The daemon's console socket ${c.socket} cannot be reached: ${c.reason}. "heapscope console" works on the daemon's machine, for the user it runs as and for root.`,
  ),
  "console-closed": kind<AtBoard & { readonly reason: string }>(
    503,
    1,
    (c) => `The console of ${c.board} was closed: ${c.reason}.`,
  ),
  "map-unknown": kind<AtBoard & { readonly readingId: string }>(
    404,
    1,
    (c) =>
      `Board ${c.board} has no stored map for ${c.readingId}. Maps are rare by design; POST /api/v1/boards/${c.board}/read with {"map": true} takes one now.`,
  ),
  "route-unknown": kind<{ readonly path: string }>(
    404,
    1,
    (c) => `There is no ${c.path} here. /docs lists every route.`,
  ),
  "request-invalid": kind<{ readonly detail: string }>(
    400,
    2,
    (c) => `The request cannot be used: ${c.detail}.`,
  ),
  /** Each line names file, line, column and key. */
  "config-invalid": kind<{ readonly problems: string }>(400, 2, (c) => c.problems),
  usage: kind<{ readonly detail: string }>(400, 2, (c) => c.detail),
  "file-unreadable": kind<{ readonly file: string; readonly reason: string }>(
    400,
    2,
    (c) => `${c.file} cannot be read: ${c.reason}.`,
  ),
  "record-folder-unusable": kind<{ readonly folder: string; readonly reason: string }>(
    400,
    2,
    (c) =>
      `Nothing can be recorded in ${c.folder}: ${c.reason}. Give --record a folder that can be written to.`,
  ),
  "recording-failed": kind<{ readonly folder: string; readonly reason: string }>(
    500,
    1,
    (c) =>
      `The recording in ${c.folder} is incomplete: ${c.reason}. Readings go on; the next connection is recorded afresh.`,
  ),
  "address-in-use": kind<{ readonly address: string }>(
    503,
    1,
    (c) =>
      `${c.address} is already in use. Is another heapscope running? Give another one with --listen HOST:PORT.`,
  ),
  "address-public": kind<{ readonly address: string }>(
    400,
    2,
    (c) =>
      `${c.address} can be reached from other machines, and heapscope has no access tokens yet. Listen on 127.0.0.1 and put a proxy with authentication in front.`,
  ),
  "daemon-absent": kind<{ readonly url: string }>(
    503,
    1,
    (c) =>
      `No heapscope daemon answers at ${c.url}. Start one with "heapscope serve", or say where it is with --url.`,
  ),
  "daemon-refused": kind<{ readonly url: string; readonly detail: string }>(
    502,
    1,
    (c) => `The daemon at ${c.url} says: ${c.detail}`,
  ),
  "store-failed": kind<{ readonly file: string; readonly reason: string }>(
    500,
    1,
    (c) => `The history database ${c.file} cannot be used: ${c.reason}.`,
  ),
  "emulator-failed": kind<{ readonly reason: string }>(
    500,
    1,
    (c) => `The emulated board did not start: ${c.reason}.`,
  ),
  "host-refused": kind<{ readonly host: string }>(
    403,
    1,
    (c) =>
      `This heapscope does not answer to the name "${c.host}": a foreign web page could have made it up. Use 127.0.0.1, localhost, or the address it listens on.`,
  ),
  "origin-refused": kind<{ readonly origin: string }>(
    403,
    1,
    (c) =>
      `A web page from "${c.origin}" may not talk to this heapscope: only its own pages may. Programs send no Origin header.`,
  ),
  "content-type-refused": kind<{ readonly given: string }>(
    415,
    2,
    (c) => `A body of type "${c.given}" cannot be read. Send JSON with Content-Type: application/json.`,
  ),
  "accept-refused": kind<{ readonly accept: string; readonly offered: string }>(
    406,
    2,
    (c) => `Accept: ${c.accept} asks for something this route does not have. It offers ${c.offered}.`,
  ),
  "body-too-large": kind<{ readonly limitBytes: number }>(
    413,
    2,
    (c) => `The body is larger than ${c.limitBytes} bytes. No route needs that much.`,
  ),
  "upgrade-required": kind<{ readonly path: string }>(
    426,
    2,
    (c) => `${c.path} is a WebSocket: open it with ws://, not with an ordinary GET.`,
  ),
  "feed-full": kind<{ readonly limit: number }>(
    503,
    1,
    (c) => `The feed already has ${c.limit} clients, which is its limit. Close some, or try again later.`,
  ),
  "feed-message-invalid": kind<{ readonly detail: string }>(
    400,
    2,
    (c) =>
      `The message cannot be used: ${c.detail}. The feed takes {"type":"subscribe","boards":["*"],"after":CURSOR?}.`,
  ),
  "feed-cursor-ahead": kind<{ readonly after: number; readonly latest: number }>(
    409,
    2,
    (c) =>
      `There is no event ${c.after} yet: the newest is ${c.latest}. The history was replaced, or the cursor is from another heapscope. Subscribe again without "after".`,
  ),
  "feed-silent-client": kind<{ readonly waitedMs: number }>(
    408,
    1,
    (c) =>
      `No subscribe message came within ${c.waitedMs} ms. Connect again and send {"type":"subscribe","boards":["*"]}.`,
  ),
  internal: kind<{ readonly detail: string }>(
    500,
    1,
    (c) => `heapscope itself failed: ${c.detail}. This is a bug; please report it with the log.`,
  ),
} as const;

export type ErrorCode = keyof typeof errorTable;
export type ErrorContext<Code extends ErrorCode> = Parameters<(typeof errorTable)[Code]["text"]>[0];

/** An error of the table: `code` is stable for programs, `message` is for people, `context` holds the values. */
export class HeapscopeError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, context: Readonly<Record<string, string | number>>) {
    super(message);
    this.name = "HeapscopeError";
    this.code = code;
    this.context = context;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get exitCode(): 1 | 2 {
    return errorTable[this.code].exitCode;
  }
}

/** Makes the error `code` with its text filled from `context`. */
export function heapscopeError<Code extends ErrorCode>(
  code: Code,
  context: ErrorContext<Code>,
): HeapscopeError {
  const text = errorTable[code].text as (context: ErrorContext<Code>) => string;
  return new HeapscopeError(code, text(context), context);
}

/** `error` itself where it is one of ours, else an "internal" one that carries its message. */
export function asHeapscopeError(error: unknown): HeapscopeError {
  if (error instanceof HeapscopeError) return error;
  return heapscopeError("internal", { detail: error instanceof Error ? error.message : String(error) });
}
