import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkCopyFolder, writeCopy } from "../../../src/app/advise/write-copy.ts";

/** A folder with an application in `app`. */
function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-copy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "app/main.py"), "A = 1\n");
  return folder;
}

const copy = {
  sources: new Map([["main.py", "B = 1\n"]]),
  board: new Map<string, string | Uint8Array>([
    ["main.py", "B = 1\n"],
    ["lib/net/a.mpy", Buffer.from([77, 6, 0])],
  ]),
};

test("a new or an empty folder gets the copy, whole", () => {
  const work = workFolder();
  mkdirSync(join(work, "empty"));
  for (const name of ["new", "empty", "deep/down"]) {
    const target = join(work, name);
    checkCopyFolder(target, [join(work, "app")]);
    writeCopy(target, copy);
    expect(readdirSync(target, { recursive: true }).toSorted()).toEqual([
      "board",
      "board/lib",
      "board/lib/net",
      "board/lib/net/a.mpy",
      "board/main.py",
      "source",
      "source/main.py",
    ]);
    expect(readFileSync(join(target, "board/lib/net/a.mpy"))).toEqual(Buffer.from([77, 6, 0]));
  }
  expect(readdirSync(work).toSorted()).toEqual(["app", "deep", "empty", "new"]);
  expect(readFileSync(join(work, "app/main.py"), "utf8")).toBe("A = 1\n");
});

test.each([
  ["app", "lies in"],
  ["app/changed", "lies in"],
  ["app/../app/changed", "lies in"],
  ["link/changed", "lies in"],
  ["app/main.py", "lies in"],
  [".", "holds files"],
  ["full", "holds files"],
  ["full/file", "a file is in its place"],
  ["full/file/inner", "a file is in its place"],
])("--fix %s is refused: %s", (name, text) => {
  const work = workFolder();
  symlinkSync(join(work, "app"), join(work, "link"));
  mkdirSync(join(work, "full"));
  writeFileSync(join(work, "full/file"), "");
  const check = () => checkCopyFolder(`${work}/${name}`, [`${work}/app`]);
  expect(check).toThrow(text);
  expect(check).toThrow(expect.objectContaining({ code: "usage" }));
});

test("a measured folder that is a link is the folder it leads to", () => {
  const work = workFolder();
  symlinkSync(join(work, "app"), join(work, "link"));
  expect(() => checkCopyFolder(join(work, "app/changed"), [join(work, "link")])).toThrow("lies in");
});

test("names that only begin alike are another folder, and paths may be relative", () => {
  const work = workFolder();
  checkCopyFolder(join(work, "app-changed"), [join(work, "app")]);
  checkCopyFolder(join(work, "..changed"), [join(work, "app")]);
  expect(() => checkCopyFolder(join(work, "app/..changed"), [join(work, "app")])).toThrow("lies in");
  expect(() => checkCopyFolder(relative(".", join(work, "app/new")), [join(work, "app")])).toThrow("lies in");
});

test("a folder that filled up meanwhile is left as it is", () => {
  const target = join(workFolder(), "out");
  checkCopyFolder(target, []);
  mkdirSync(target);
  writeFileSync(join(target, "mine.txt"), "mine");
  expect(() => writeCopy(target, copy)).toThrow(expect.objectContaining({ code: "file-unwritable" }));
  expect(readdirSync(target)).toEqual(["mine.txt"]);
});

test("where it cannot be written there is an error and nothing of the copy", () => {
  const work = workFolder();
  // The superuser may write everywhere; a file in the way stops anybody.
  writeFileSync(join(work, "file"), "");
  expect(() => writeCopy(join(work, "file/out"), copy)).toThrow(
    expect.objectContaining({ code: "file-unwritable" }),
  );
  mkdirSync(join(work, "locked"));
  chmodSync(join(work, "locked"), 0o500);
  if (process.getuid?.() !== 0) expect(() => writeCopy(join(work, "locked/out"), copy)).toThrow("EACCES");
  expect(readdirSync(work).toSorted()).toEqual(["app", "file", "locked"]);
});

test("a place where no folder can be made is told before anything is measured, and nothing is left there", () => {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-copy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(() => checkCopyFolder("/proc/heapscope/copy", [folder])).toThrow(
    "--fix /proc/heapscope/copy cannot be written (ENOENT)",
  );
  checkCopyFolder(join(folder, "new/deep"), [join(folder, "app")]);
  expect(readdirSync(folder)).toEqual([]);
});
