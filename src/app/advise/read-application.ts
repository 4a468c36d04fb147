import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Application, type ApplicationFile, applicationOf } from "../../advice/files/application.ts";
import { heapscopeError } from "../../shared/errors.ts";
import { attemptToRead, folderEntries } from "../folder-entries.ts";

const mostFiles = 300;
const mostBytes = 2 * 1024 * 1024;
/** Larger ones that are no Python are left out: pictures, recordings. */
const mostDataBytes = 64 * 1024;

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
  const stat = attemptToRead(path, () => statSync(path));
  if (stat.isDirectory()) return filesBelow(path, amount);
  if (stat.isFile()) return [fileAt(path, basename(path), stat.size, amount)];
  throw unusable(`${path} is neither a file nor a folder.`);
}

function filesBelow(root: string, amount: Amount): readonly ApplicationFile[] {
  const files: ApplicationFile[] = [];
  for (const entry of folderEntries(root)) {
    if (entry.kind === "folder") continue;
    const { path, name, sizeBytes } = entry;
    if (/\.m?py$/.test(name) || sizeBytes <= mostDataBytes) files.push(fileAt(path, name, sizeBytes, amount));
  }
  return files;
}

/** Counts before it reads: a folder that was not meant may hold anything. */
function fileAt(path: string, name: string, size: number, amount: Amount): ApplicationFile {
  amount.files += 1;
  amount.bytes += size;
  if (amount.files > mostFiles || amount.bytes > mostBytes)
    throw unusable(
      `This is more than an application of a board: ${mostFiles} files and ${mostBytes / 1024 ** 2} MiB are the most, and with ${path} it is beyond. Give the folder that is copied to the board.`,
    );
  return { name, path: `/${name}`, bytes: attemptToRead(path, () => readFileSync(path)) };
}

const unusable = (detail: string) => heapscopeError("usage", { detail });
