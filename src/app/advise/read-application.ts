import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { type Application, type ApplicationFile, applicationOf } from "../../advice/files/application.ts";
import { heapscopeError } from "../../shared/errors.ts";

const mostFiles = 300;
const mostBytes = 2 * 1024 * 1024;
/** Larger ones that are no Python are left out: pictures, recordings. */
const mostDataBytes = 64 * 1024;
const skippedFolders = new Set(["__pycache__", "node_modules", "typings"]);

/** How much was read. */
interface Amount {
  files: number;
  bytes: number;
}

/**
 * The application that `paths` hold: a folder stands for the board's root folder, a file lies in it. Hidden files and folders, and
 * texts about it (.md), are left out. Throws `usage`, `file-unreadable`.
 */
export function readApplication(paths: readonly string[]): Application {
  const files = new Map<string, ApplicationFile>();
  const amount: Amount = { files: 0, bytes: 0 };
  for (const path of paths) {
    for (const file of filesAt(path, amount)) {
      if (files.has(file.path))
        throw unusable(`${file.path.slice(1)} is given twice; on the board there is room for one.`);
      files.set(file.path, file);
    }
  }
  if (![...files.keys()].some((path) => path.endsWith(".py")))
    throw unusable(
      `${paths.join(", ")} ${paths.length === 1 ? "holds" : "hold"} no Python source (.py), so there is nothing to measure.`,
    );
  return applicationOf([...files.values()]);
}

function filesAt(path: string, amount: Amount): readonly ApplicationFile[] {
  const stat = attempt(path, () => statSync(path));
  if (stat.isDirectory()) return filesBelow(path, path, [], amount);
  if (stat.isFile()) return [fileAt(path, basename(path), stat.size, amount)];
  throw unusable(`${path} is neither a file nor a folder.`);
}

/** `above`: the folders that lead here, as they really are. A link back to one of them is left out. */
function filesBelow(
  root: string,
  folder: string,
  above: readonly string[],
  amount: Amount,
): readonly ApplicationFile[] {
  const real = attempt(folder, () => realpathSync(folder));
  if (above.includes(real)) return [];
  return attempt(folder, () => readdirSync(folder))
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name);
      if (name.startsWith(".") || name.endsWith(".md") || skippedFolders.has(name)) return [];
      const stat = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
      if (stat?.isDirectory() === true) return filesBelow(root, path, [...above, real], amount);
      if (stat?.isFile() !== true) return [];
      const isPython = /\.m?py$/.test(name);
      return isPython || stat.size <= mostDataBytes
        ? [fileAt(path, relative(root, path), stat.size, amount)]
        : [];
    });
}

/** Counts before it reads: a folder that was not meant may hold anything. */
function fileAt(path: string, name: string, size: number, amount: Amount): ApplicationFile {
  amount.files += 1;
  amount.bytes += size;
  if (amount.files > mostFiles || amount.bytes > mostBytes)
    throw unusable(
      `This is more than an application of a board: ${mostFiles} files and ${mostBytes / 1024 ** 2} MiB are the most, and with ${path} it is beyond. Give the folder that is copied to the board.`,
    );
  const onBoard = name.split(sep).join("/");
  return { name: onBoard, path: `/${onBoard}`, bytes: attempt(path, () => readFileSync(path)) };
}

function attempt<Result>(file: string, read: () => Result): Result {
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

const unusable = (detail: string) => heapscopeError("usage", { detail });
