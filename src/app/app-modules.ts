import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { BoardModule } from "../emulator/board-files.ts";
import { heapscopeError } from "../shared/errors.ts";
import { helperModuleFiles } from "./helper-files.ts";

const mostFiles = 100;
const mostBytes = 1024 * 1024;

/**
 * The modules of an emulated board: the helpers in /lib, where an installed one goes before them, and in the root folder the
 * .py files beside `app` (null: the demo, which has none). The names of one folder, not of those below it; main.py is the application's own. Throws `usage` where they are
 * more than 100 or larger than 1 MiB: that is no application's folder.
 */
export function appModules(app: string | null): readonly BoardModule[] {
  const beside = app === null ? [] : filesBeside(resolve(app));
  return [
    ...helperModuleFiles.map((file) => inFolder("/lib", file)),
    ...beside.map((file) => inFolder("", file)),
  ];
}

const inFolder = (folder: string, file: string): BoardModule => ({
  file,
  path: `${folder}/${basename(file)}`,
});

function filesBeside(app: string): readonly string[] {
  const folder = dirname(app);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".py") && name !== basename(app) && name !== "main.py")
    .sort()
    .flatMap((name) => {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ path: join(folder, name), sizeBytes: stat.size }] : [];
    });
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (files.length <= mostFiles && bytes <= mostBytes) return files.map(({ path }) => path);
  throw heapscopeError("usage", {
    detail: `The .py files beside ${app} come to the board with it, and there are ${files.length} of ${bytes} bytes; ${mostFiles} files and ${mostBytes} bytes are the most. Put the application and its modules into a folder of their own.`,
  });
}
