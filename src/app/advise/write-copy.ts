import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { FixedCopy } from "../../advice/files/fixed-copy.ts";
import { heapscopeError } from "../../shared/errors.ts";
import { makeFolder } from "../../shared/make-folder.ts";

/**
 * Whether the copy may be written to `folder`: it is new or empty, and no part of what is measured. Throws `usage` with
 * the reason otherwise. To be asked before the measuring.
 */
export function checkCopyFolder(folder: string, paths: readonly string[]): void {
  const refuse = (detail: string) => heapscopeError("usage", { detail });
  for (const path of paths) {
    const way = relative(resolve(path), resolve(folder));
    if (way === "" || !way.startsWith(".."))
      throw refuse(
        `--fix ${folder} lies in ${path}, which is measured and never changed. Name a folder elsewhere.`,
      );
  }
  try {
    if (readdirSync(folder).length > 0)
      throw refuse(
        `--fix ${folder} is there already and holds files. Name a new folder: nothing is overwritten.`,
      );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") throw refuse(`--fix ${folder} is a file. Name a new folder.`);
    if (code !== "ENOENT") throw error;
  }
}

/** Writes the copy to `folder`: `board` is what goes to the board, `source` the changed sources. All of it, or nothing. Throws "file-unwritable". */
export function writeCopy(folder: string, { sources, board }: FixedCopy): void {
  const target = resolve(folder);
  const fresh = `${target}.${process.pid}.new`;
  try {
    makeFolder(fresh);
    for (const [name, content] of board) write(join(fresh, "board", name), content);
    for (const [name, content] of sources) write(join(fresh, "source", name), content);
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw heapscopeError("file-unwritable", { file: folder, reason: code ?? message });
  }
}

function write(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  writeFileSync(path, content);
}
