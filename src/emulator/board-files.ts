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

/** A file of the host's, and its absolute path on the board. */
export interface BoardModule {
  readonly file: string;
  readonly path: string;
}

/** Where a new board's files come from on the host. */
export interface BoardFileSources {
  /** A later one goes before an earlier one of the same path. */
  readonly modules: readonly BoardModule[];
  /** Everything below it goes before the modules; null for none. */
  readonly filesDir: string | null;
  readonly app: BoardApp;
}

/** A new board's files. A module that is gone meanwhile is left out; throws what reading the others does. */
export function readBoardFiles({ modules, filesDir, app }: BoardFileSources): BoardFiles {
  const files = [...moduleFiles(modules), ...withApp(filesDir === null ? [] : folderFiles(filesDir), app)];
  return { files: [...new Map(files.map((file) => [file.path, file])).values()], folders: [] };
}

function moduleFiles(modules: readonly BoardModule[]): readonly BoardFile[] {
  return modules.flatMap(({ file, path }) => {
    try {
      return [{ path, bytes: readFileSync(file) }];
    } catch {
      return []; // an import of it will say so
    }
  });
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
