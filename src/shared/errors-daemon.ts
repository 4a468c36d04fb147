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
  "map-missing": kind<{ readonly source: string; readonly reason: string }>(
    422,
    1,
    (c) => `There is no map of the heap of ${c.source}, and only a map tells what fits: ${c.reason}.`,
  ),
  "board-or-file-unknown": kind<{ readonly word: string; readonly board: string }>(
    404,
    2,
    (c) =>
      `There is no file "${c.word}", and ${c.board}. Give a file with a mem_info dump, - for standard input, a port such as /dev/ttyACM0, or a board's id or name ("heapscope watch" lists them).`,
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
  "file-unwritable": kind<{ readonly file: string; readonly reason: string }>(
    500,
    1,
    (c) => `${c.file} cannot be written: ${c.reason}. What was there before is as it was.`,
  ),
  "python-not-compiled": kind<{ readonly file: string; readonly reason: string }>(
    422,
    1,
    (c) => `${c.file} cannot be compiled: ${c.reason}. Mend the source, or use it as .py.`,
  ),
  "lab-failed": kind<{ readonly reason: string }>(
    500,
    1,
    (c) => `Nothing can be measured, because the laboratory does not run: ${c.reason}.`,
  ),
  "output-failed": kind<{ readonly reason: string }>(
    500,
    1,
    (c) => `Standard output cannot be written: ${c.reason}. What was written so far is not complete.`,
  ),
  "history-board-unknown": kind<{ readonly board: string; readonly known: string }>(
    404,
    1,
    (c) => `The history knows no board "${c.board}". It knows ${c.known}.`,
  ),
  "import-unknown": kind<{ readonly file: string; readonly damaged: number }>(422, 2, (c) =>
    c.damaged === 0
      ? `${c.file} is neither an export of heapscope (NDJSON) nor a text with mem_info output. Nothing was imported. "heapscope export" makes such a file; a CSV cannot be taken back.`
      : `No heap dump in ${c.file} adds up (${c.damaged} damaged). Nothing was imported. "heapscope analyze ${c.file}" says what is wrong with each.`,
  ),
  /** `problems`: one a line, each with file and line, the first ten. */
  "import-damaged": kind<{ readonly lines: number; readonly problems: string }>(422, 2, (c) =>
    c.lines === 1
      ? `${c.problems}. Nothing was imported from this file or the others.`
      : `${c.lines} lines are damaged, and nothing was imported from this file or the others.\n${c.problems}`,
  ),
  "import-changed": kind<{ readonly file: string; readonly line: number; readonly problem: string }>(
    409,
    2,
    (c) =>
      `${c.file}:${c.line}: ${c.problem}. The file changed while it was imported; what came before is in the history. Import it again when it is complete: what is there is left out.`,
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
  "address-unusable": kind<{ readonly address: string; readonly reason: string }>(
    400,
    2,
    (c) => `heapscope cannot listen on ${c.address}: ${c.reason}. Give an address of this machine.`,
  ),
  "address-public": kind<{ readonly address: string; readonly file: string }>(
    400,
    2,
    (c) =>
      `${c.address} can be reached from other machines, so heapscope listens there only with a token, and ${c.file} holds none that is valid. Make one with "heapscope token create NAME", or listen on 127.0.0.1.`,
  ),
  "token-name-taken": kind<{ readonly name: string; readonly file: string }>(
    409,
    1,
    (c) =>
      `There is a token "${c.name}" in ${c.file} already. Choose another name, or revoke that one first: heapscope token revoke ${c.name}`,
  ),
  "token-unknown": kind<{ readonly name: string; readonly file: string }>(
    404,
    1,
    (c) => `There is no token "${c.name}" in ${c.file}. "heapscope token list" shows which there are.`,
  ),
  "token-file-unusable": kind<{ readonly file: string; readonly reason: string }>(
    500,
    2,
    (c) => `The token file ${c.file} cannot be used: ${c.reason}.`,
  ),
  "file-locked": kind<{ readonly file: string }>(
    503,
    1,
    (c) => `Another program has held ${c.file} for five seconds. Try again in a moment.`,
  ),
  "daemon-absent": kind<{ readonly url: string }>(
    503,
    1,
    (c) =>
      `No heapscope daemon answers at ${c.url}. Start one with "heapscope serve", or say where it is with --url.`,
  ),
  /** `status`: of HTTP; `problem`: the code of the daemon's problem document, "" where none came. */
  "daemon-refused": kind<{
    readonly url: string;
    readonly detail: string;
    readonly status?: number;
    readonly problem?: string;
  }>(502, 1, (c) => `The daemon at ${c.url} says: ${c.detail}`),
  "watch-board-unknown": kind<AtBoard & { readonly url: string; readonly known: string }>(
    404,
    1,
    (c) => `The daemon at ${c.url} knows no board "${c.board}". It knows ${c.known}.`,
  ),
  "store-failed": kind<{ readonly file: string; readonly reason: string; readonly trouble?: string }>(
    500,
    1,
    (c) => `The history database ${c.file} cannot be used: ${c.reason}.`,
  ),
  /** Not raised: health shows it as the last error. */
  "history-damaged": kind<{ readonly file: string; readonly movedTo: string }>(
    500,
    1,
    (c) =>
      `The history database ${c.file} was damaged. It is now ${c.movedTo}, and a new history has begun; ids go on. What can be read of the old one: sqlite3 '${c.movedTo}' .recover`,
  ),
  "history-empty": kind<{ readonly file: string }>(
    500,
    1,
    (c) =>
      `The history database ${c.file} was empty, as a crash of the machine may leave it. What was in it is lost, and a new history has begun; a backup can be put in its place while heapscope is stopped.`,
  ),
  "history-removed": kind<{ readonly file: string }>(
    500,
    1,
    (c) =>
      `The history database ${c.file} was removed or replaced while heapscope had it open. heapscope goes on with what is there now, or with a new one; ids go on.`,
  ),
  "webhook-failed": kind<{ readonly webhook: string; readonly reason: string }>(
    502,
    1,
    (c) =>
      `The webhook ${c.webhook} did not take an alert: ${c.reason}. It is tried again with growing pauses for a day; GET /api/v1/health counts, and GET /api/v1/alerts has the alerts.`,
  ),
  "webhook-gave-up": kind<{ readonly webhook: string; readonly reason: string }>(
    502,
    1,
    (c) =>
      `An alert for the webhook ${c.webhook} was given up: ${c.reason}. GET /api/v1/alerts?state=all has it; look at the address and at the receiver's own log.`,
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
