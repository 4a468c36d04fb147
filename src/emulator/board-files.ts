import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A file of the board's file system; `path` is absolute there. */
export interface BoardFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The content of a board's file system. `folders`: those that are to be there even when empty, parents first. */
export interface BoardFiles {
  readonly files: readonly BoardFile[];
  readonly folders: readonly string[];
}

/** A factory-new board's: the files below `folder` (none where it is null), main.py from `app` over the folder's. */
export function readBoardFiles(folder: string | null, app: BoardApp): BoardFiles {
  return { files: [...withApp(folder === null ? [] : folderFiles(folder), app)], folders: [] };
}

function withApp(files: readonly BoardFile[], app: BoardApp): readonly BoardFile[] {
  if (app.kind === "folder") return files;
  const withoutMain = files.filter(({ path }) => path !== "/main.py");
  if (app.kind === "none") return withoutMain;
  const bytes = app.kind === "file" ? readFileSync(app.path) : Buffer.from(app.source);
  return [...withoutMain, { path: "/main.py", bytes }];
}

/** What runs as main.py. `folder`: whatever the folder holds. */
export type BoardApp =
  | { readonly kind: "folder" }
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "source"; readonly source: string };

function folderFiles(folder: string): readonly BoardFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort()
    .map((file) => ({
      path: `/${relative(folder, file).split("\\").join("/")}`,
      bytes: readFileSync(file),
    }));
}
