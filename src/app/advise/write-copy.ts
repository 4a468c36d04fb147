import {
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { FixedCopy } from "../../advice/files/fixed-copy.ts";
import { heapscopeError } from "../../shared/errors.ts";
import { makeFolder } from "../../shared/make-folder.ts";

/**
 * Whether the copy can be written to `folder`: it is new or empty, no part of what is measured, and folders can be made there. Throws
 * `usage` with the reason otherwise. To be asked before the measuring.
 */
export function checkCopyFolder(folder: string, paths: readonly string[]): void {
  const refuse = (detail: string) => heapscopeError("usage", { detail });
  const target = realPathOf(resolve(folder));
  for (const path of paths) {
    if (isWithin(realPathOf(resolve(path)), target))
      throw refuse(
        `--fix ${folder} lies in ${path}, which is measured and never changed. Name a folder elsewhere.`,
      );
  }
  const holds = contentOf(folder);
  if (holds === "nothing") {
    const reason = whyNoFolderIn(nearestFolder(dirname(target)));
    if (reason !== null)
      throw refuse(`--fix ${folder} cannot be written (${reason}). Name a folder elsewhere.`);
    return;
  }
  if (holds === "files")
    throw refuse(
      `--fix ${folder} is there already and holds files. Name a new folder: nothing is overwritten.`,
    );
  throw refuse(`--fix ${folder} cannot be a folder (${holds.code}). Name a new one.`);
}

/** The first folder above that is there. */
function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestFolder(above);
}

/** By trying: permissions do not tell of everything. Null: folders can be made. */
function whyNoFolderIn(folder: string): string | null {
  try {
    rmdirSync(mkdtempSync(join(folder, ".heapscope-")));
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function contentOf(folder: string): "nothing" | "files" | { readonly code: string } {
  try {
    return readdirSync(folder).length > 0 ? "files" : "nothing";
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "nothing" : { code: code === "ENOTDIR" ? "a file is in its place" : code };
  }
}

/** Where a path leads, links followed, as far as it is there. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPathOf(above), basename(path));
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
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
    discard(fresh);
    const { code, message } = error as NodeJS.ErrnoException;
    throw heapscopeError("file-unwritable", { file: folder, reason: code ?? message });
  }
}

/** The error that led here is the one to tell. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}

function write(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  writeFileSync(path, content);
}
