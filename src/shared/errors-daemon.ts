import { kind } from "./error-kind.ts";

type AtBoard = { readonly board: string };

/** Errors of the daemon itself, its commands, its configuration and its files. A part of the table in errors.ts. */
export const daemonErrors = {
  "no-dump": kind<{ readonly source: string }>(
    422,
    1,
    (c) =>
      `There is no mem_info output in ${c.source}. heapscope looks for lines that begin with "GC: total:".`,
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
  "watch-board-unknown": kind<AtBoard & { readonly url: string; readonly known: string }>(
    404,
    1,
    (c) => `The daemon at ${c.url} knows no board "${c.board}". It knows ${c.known}.`,
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
  internal: kind<{ readonly detail: string }>(
    500,
    1,
    (c) => `heapscope itself failed: ${c.detail}. This is a bug; please report it with the log.`,
  ),
} as const;
