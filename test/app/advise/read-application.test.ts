import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readApplication } from "../../../src/app/advise/read-application.ts";

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-read-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const pathsIn = (paths: readonly string[]): readonly string[] =>
  readApplication(paths).files.map(({ path }) => path);

test("a folder stands for the board's root, without what is hidden or no part of a board", () => {
  const folder = folderWith({
    "main.py": "",
    "lib/a.py": "",
    "data.bin": "x",
    ".git/config": "",
    ".hidden.py": "",
    "__pycache__/a.pyc": "",
    "node_modules/x/index.py": "",
    "photo.jpg": Buffer.alloc(100_000),
  });
  expect(pathsIn([folder])).toEqual(["/data.bin", "/lib/a.py", "/main.py"]);
  expect(pathsIn([`${folder}/`])).toEqual(["/data.bin", "/lib/a.py", "/main.py"]);
});

test("a file that is given lies in the root, also a hidden one; its name is the file's", () => {
  const folder = folderWith({ "lib/a.py": "A = 1\n", "lib/.b.py": "" });
  const { modules } = readApplication([join(folder, "lib/a.py"), join(folder, "lib/.b.py")]);
  expect(modules.map(({ name, path }) => [name, path])).toEqual([
    ["a.py", "/a.py"],
    [".b.py", "/.b.py"],
  ]);
});

test.each([
  ["an empty folder", {}, "holds no Python source"],
  ["no Python", { "a.txt": "", "b.mpy": "M" }, "holds no Python source"],
  [
    "too many files",
    Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`f${i}.py`, ""])),
    "300 files",
  ],
  ["too much", { "a.py": Buffer.alloc(2_097_153) }, "2 MiB are the most"],
])("%s is bad usage", (_, files, text) => {
  const folder = folderWith(files);
  expect(() => readApplication([folder])).toThrow(expect.objectContaining({ code: "usage" }));
  expect(() => readApplication([folder])).toThrow(text);
});

test("what is given twice is bad usage", () => {
  const folder = folderWith({ "a.py": "" });
  expect(() => readApplication([folder, join(folder, "a.py")])).toThrow("a.py is given twice");
});

test("what is not there or cannot be read is told with its reason", () => {
  const folder = folderWith({ "a.py": "" });
  expect(() => readApplication([join(folder, "b")])).toThrow("there is no such file or folder");
  expect(() => readApplication([join(folder, "a.py/b")])).toThrow("there is no such file or folder");
  symlinkSync("loop.py", join(folder, "loop.py"));
  expect(() => readApplication([folder])).toThrow("its links lead in a circle");
});

test("a pipe or a device is not read", () => {
  const pipe = join(folderWith({}), "pipe.py");
  execFileSync("mkfifo", [pipe]);
  expect(() => readApplication([pipe])).toThrow("neither a file nor a folder");
  expect(() => readApplication(["/dev/zero"])).toThrow("neither a file nor a folder");
});

test("links to folders are followed, but not back to where they are, nor into nothing", () => {
  const shared = folderWith({ "net.py": "" });
  const folder = folderWith({ "main.py": "" });
  symlinkSync(shared, join(folder, "lib"));
  symlinkSync(folder, join(folder, "again"));
  symlinkSync(join(folder, "missing"), join(folder, "dangling.py"));
  expect(pathsIn([folder])).toEqual(["/lib/net.py", "/main.py"]);
});
