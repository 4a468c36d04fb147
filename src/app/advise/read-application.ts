import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { type Application, type ApplicationFile, applicationOf } from "../../advice/files/application.ts";
import { heapscopeError } from "../../shared/errors.ts";

const mostFiles = 300;
const mostBytes = 2 * 1024 * 1024;
/** Larger ones that are no Python are left out: pictures, recordings. */
const mostDataBytes = 64 * 1024;
const skippedFolders = new Set(["__pycache__", "node_modules", "typings"]);

/**
 * The application that `paths` hold: a folder stands for the board's root folder, a file lies in it. Hidden files and folders
 * are left out. Throws `usage`, `file-unreadable`.
 */
export function readApplication(paths: readonly string[]): Application {
  const files = new Map<string, ApplicationFile>();
  for (const path of paths) {
    for (const file of isFolder(path) ? filesBelow(path, path) : [fileAt(path, basename(path))]) {
      if (files.has(file.path))
        throw unusable(`${file.path.slice(1)} is given twice; on the board there is room for one.`);
      files.set(file.path, file);
    }
  }
  const all = [...files.values()];
  const bytes = all.reduce((sum, file) => sum + file.bytes.length, 0);
  if (all.length > mostFiles || bytes > mostBytes)
    throw unusable(
      `${all.length} files of ${bytes} bytes are no application of a board; ${mostFiles} files and ${mostBytes} bytes are the most. Give the folder that is copied to the board.`,
    );
  if (!all.some(({ path }) => path.endsWith(".py")))
    throw unusable(
      `${paths.join(", ")} ${paths.length === 1 ? "holds" : "hold"} no Python source (.py), so there is nothing to measure.`,
    );
  return applicationOf(all);
}

function filesBelow(root: string, folder: string): readonly ApplicationFile[] {
  return attempt(folder, () => readdirSync(folder, { withFileTypes: true }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".") || skippedFolders.has(entry.name)) return [];
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isDirectory() === true) return entry.isSymbolicLink() ? [] : filesBelow(root, path);
      if (stat?.isFile() !== true) return [];
      const isPython = /\.m?py$/.test(entry.name);
      return isPython || stat.size <= mostDataBytes ? [fileAt(path, relative(root, path))] : [];
    });
}

function fileAt(path: string, name: string): ApplicationFile {
  const onBoard = name.split(sep).join("/");
  return { name: onBoard, path: `/${onBoard}`, bytes: attempt(path, () => readFileSync(path)) };
}

function isFolder(path: string): boolean {
  return attempt(path, () => statSync(path)).isDirectory();
}

function attempt<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file or folder" : (code ?? String(error));
    throw heapscopeError("file-unreadable", { file, reason });
  }
}

const unusable = (detail: string) => heapscopeError("usage", { detail });
