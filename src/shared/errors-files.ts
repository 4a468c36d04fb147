import { kind } from "./error-kind.ts";

type AtPort = { readonly port: string };

/** Errors of files on boards and of soak runs. A part of the table in errors.ts. */
export const fileErrors = {
  "board-files-missing": kind<AtPort & { readonly reason: string }>(
    501,
    1,
    (c) =>
      `No file can be put on the board at ${c.port}: ${c.reason}. Copy the helper with the board's own tool, or freeze it into its firmware.`,
  ),
  "board-files-full": kind<AtPort>(
    507,
    1,
    (c) =>
      `The file system of the board at ${c.port} is full. What was written of the new file is removed again, and no other was touched. Make room, or take --tiny or --mpy, which are smaller.`,
  ),
  "board-files-read-only": kind<AtPort & { readonly raised: string }>(
    409,
    1,
    (c) =>
      `The file system of the board at ${c.port} cannot be written (${c.raised}). It is mounted read-only, perhaps because a computer has it as a USB drive: eject that, or mount it writable in boot.py.`,
  ),
  "board-file-differs": kind<AtPort & { readonly file: string; readonly what: string }>(
    409,
    1,
    (c) =>
      `${c.file} on the board at ${c.port} ${c.what}. It stays as it is; --force puts the helper in its place.`,
  ),
  "board-folder-in-the-way": kind<AtPort & { readonly folder: string }>(
    409,
    1,
    (c) =>
      `${c.folder} on the board at ${c.port} is a folder, and import would take it for the helper. Rename or remove it first; heapscope removes no folders.`,
  ),
  "board-file-damaged": kind<AtPort & { readonly file: string }>(
    502,
    1,
    (c) =>
      `${c.file} did not arrive whole at the board at ${c.port}, not even the second time: bytes were lost on the way, or its flash fails. It is removed again. Try a lower baud rate or another cable.`,
  ),
  "mpy-not-importable": kind<AtPort & { readonly found: string; readonly wanted: number }>(
    409,
    1,
    (c) =>
      `The firmware of the board at ${c.port} cannot import what would be compiled: it takes ${c.found}, and this is .mpy version ${c.wanted} (MicroPython 1.19 and later). Leave --mpy out: the source runs everywhere.`,
  ),
  "soak-unmeasured": kind<AtPort & { readonly reason: string }>(
    503,
    1,
    (c) => `Nothing could be measured at ${c.port}, so there is no verdict: ${c.reason}`,
  ),
  "baseline-unusable": kind<{ readonly file: string; readonly reason: string }>(
    400,
    2,
    (c) =>
      `The baseline ${c.file} cannot be used: ${c.reason}. "heapscope soak --update-baseline" writes such files.`,
  ),
} as const;
