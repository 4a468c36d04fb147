import { basename, dirname, resolve } from "node:path";
import type { BoardModule } from "../emulator/board-files.ts";
import { heapscopeError } from "../shared/errors.ts";
import { folderEntries } from "./folder-entries.ts";
import { helperModuleFiles } from "./helper-files.ts";

const mostEntries = 100;
const mostBytes = 1024 * 1024;

/**
 * The files of an emulated board beside its main.py: the helpers in /lib, where an installed one goes before them, and what is beside
 * `app` (null: the demo, which has nothing), with folders such as lib, at the same places. A main.py beside it is not the one
 * that runs, and stays away. Throws `file-unreadable`, and `usage` as soon as there are more than 100 files and folders, or 1 MiB:
 * that is no application's folder.
 */
export function appModules(app: string | null): readonly BoardModule[] {
  const helpers = helperModuleFiles.map((file) => ({ file, path: `/lib/${basename(file)}` }));
  return app === null ? helpers : [...helpers, ...filesBeside(resolve(app))];
}

function filesBeside(app: string): readonly BoardModule[] {
  const folder = dirname(app);
  const modules: BoardModule[] = [];
  let [entries, bytes] = [0, 0];
  for (const entry of folderEntries(folder)) {
    if (entry.path === app || entry.name === "main.py") continue;
    entries += 1;
    if (entry.kind === "file") {
      bytes += entry.sizeBytes;
      modules.push({ file: entry.path, path: `/${entry.name}` });
    }
    if (entries > mostEntries || bytes > mostBytes) throw tooMuch(app, entry.path);
  }
  return modules;
}

function tooMuch(app: string, path: string) {
  return heapscopeError("usage", {
    detail: `What is beside ${app} comes to the board with it, and that is more than an application of a board: ${mostEntries} files and folders and ${mostBytes / 1024 ** 2} MiB are the most, and with ${path} it is beyond. Put the application and what it needs into a folder of their own.`,
  });
}
