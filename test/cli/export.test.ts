import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import { sampleReading } from "../support/samples.ts";

const program = resolve(import.meta.dirname, "../../dist/cli/main.js");

function history() {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-export-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = join(folder, "history.db");
  const store = openStore({ file: database });
  store.append([{ type: "reading", data: sampleReading() }]);
  store.close();
  const exportTo = (output: string, cwd?: string) =>
    spawnSync(process.execPath, [program, "export", "--database", database, "--output", output], {
      encoding: "utf8",
      cwd,
    });
  return { folder, exportTo };
}

test("a pipe is refused and stays what it is", () => {
  const { folder, exportTo } = history();
  const pipe = join(folder, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const { status, stderr } = exportTo(pipe);
  expect([status, stderr]).toEqual([1, expect.stringContaining("it is no ordinary file")]);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

test("a link is followed, and stays a link", () => {
  const { folder, exportTo } = history();
  const [target, link] = [join(folder, "target"), join(folder, "link")];
  writeFileSync(target, "old");
  symlinkSync(target, link);
  expect(exportTo(link).status).toBe(0);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toContain('"type":"export"');
});

test("- is standard output, and no file of that name", () => {
  const { folder, exportTo } = history();
  const { status, stdout, stderr } = exportTo("-", folder);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain('"type":"export"');
  expect(readdirSync(folder)).not.toContain("-");
});
