import type { BoardFile, BoardFiles } from "./board-files.ts";
import type { EmscriptenFiles } from "./micropython.ts";

/** What Emscripten brings and no board has. */
const foreignFolders = ["/home/web_user", "/home", "/tmp"];
/** Emscripten's own: made anew with each interpreter. */
const devices = new Set(["/dev", "/proc"]);

/** Makes a new interpreter's file system hold `files` and nothing else. */
export function fillFileSystem(fs: EmscriptenFiles, { files, folders }: BoardFiles): void {
  for (const folder of foreignFolders) fs.rmdir(folder);
  for (const folder of folders) fs.mkdirTree(folder);
  for (const { path, bytes } of files) {
    fs.mkdirTree(path.replace(/\/[^/]*$/, "") || "/");
    fs.writeFile(path, bytes);
  }
}

/** All files and folders but the devices. */
export function readFileSystem(fs: EmscriptenFiles): BoardFiles {
  const files: BoardFile[] = [];
  const folders: string[] = [];
  const visit = (folder: string): void => {
    for (const name of fs.readdir(folder || "/")) {
      const path = `${folder}/${name}`;
      if (name === "." || name === ".." || devices.has(path)) continue;
      const { mode } = fs.stat(path);
      if (fs.isFile(mode)) files.push({ path, bytes: fs.readFile(path) });
      else if (fs.isDir(mode)) {
        folders.push(path);
        visit(path);
      }
    }
  };
  visit("");
  return { files, folders };
}
