import { readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { heapscopeError } from "../shared/errors.ts";

/** A file or folder of an application's folder. */
export type FolderEntry =
  | {
      readonly kind: "file";
      readonly path: string;
      /** From the folder that was asked for, with `/` on every system. */
      readonly name: string;
      readonly sizeBytes: number;
    }
  | { readonly kind: "folder"; readonly path: string; readonly name: string };

const skippedFolders = new Set(["__pycache__", "node_modules", "typings"]);

/**
 * What lies in `root` and below, in order of names, a folder before what is in it. Without what is hidden, what no board
 * needs (`__pycache__`, `node_modules`, `typings`, texts about it: .md), links that lead back or nowhere, and what is neither file nor folder.
 * Reads a folder when it gets there, so whoever stops asking stops the reading. Throws `file-unreadable`.
 */
export function* folderEntries(root: string): Generator<FolderEntry> {
  yield* entriesBelow(root, root, []);
}

/** `above`: the folders that lead here, as they really are. A link back to one of them is left out. */
function* entriesBelow(root: string, folder: string, above: readonly string[]): Generator<FolderEntry> {
  const real = attemptToRead(folder, () => realpathSync(folder));
  if (above.includes(real)) return;
  for (const entry of attemptToRead(folder, () => readdirSync(folder)).toSorted()) {
    if (entry.startsWith(".") || entry.endsWith(".md") || skippedFolders.has(entry)) continue;
    const path = join(folder, entry);
    const name = relative(root, path).split(sep).join("/");
    const stat = attemptToRead(path, () => statSync(path, { throwIfNoEntry: false }));
    if (stat?.isFile() === true) yield { kind: "file", path, name, sizeBytes: stat.size };
    if (stat?.isDirectory() !== true) continue;
    yield { kind: "folder", path, name };
    yield* entriesBelow(root, path, [...above, real]);
  }
}

/** What `read` returns; what it throws becomes `file-unreadable` about `file`. */
export function attemptToRead<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = reasons[code ?? ""] ?? code ?? String(error);
    throw heapscopeError("file-unreadable", { file, reason });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "there is no such file or folder",
  EACCES: "no permission",
  ELOOP: "its links lead in a circle",
};
