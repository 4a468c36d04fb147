import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
/** Nothing else of our environment: it might hold HEAPSCOPE_… or FORCE_COLOR. */
const { PATH } = process.env;

/** A folder of its own, which also holds what the command leaves in the system's folder for such. */
function workFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-advise-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "tmp"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Starts the built command in `folder` as a user would, in a process group of its own. */
function start(folder: string, args: readonly string[]) {
  const child = spawn(process.execPath, [main, "advise", ...args], {
    cwd: folder,
    env: { PATH, TMPDIR: join(folder, "tmp") },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { pid: child.pid ?? 0, ended };
}

const advise = (folder: string, ...args: readonly string[]) => start(folder, args).ended;

/** Process ids of a group. */
function groupOf(pid: number): readonly string[] {
  try {
    return execFileSync("pgrep", ["-g", String(pid)], { encoding: "utf8" })
      .trim()
      .split("\n");
  } catch {
    return []; // pgrep finds none
  }
}

const looping = "import a\nwhile True:\n    a.go()\n";
const moduleText = `RATE = 100\nLIMIT = 2000\nclass Menu:\n${Array.from({ length: 60 }, (_, i) => `    def entry_${i}(self, x):\n        return x + ${i} * RATE\n`).join("")}def go():\n    return LIMIT\n`;

test.each([
  [[], "What to measure? Give the folder"],
  [["nowhere"], "nowhere cannot be read: there is no such file or folder."],
  [["empty"], "empty holds no Python source (.py)"],
  [["app", "app/main.py"], "main.py is given twice"],
  [["app", "--heap", "1k"], '--heap takes 8k to 8M, not "1k".'],
  [["app", "--heap", "much"], "--heap takes a size such as 65536, 64k or 1M"],
  [["app", "--firmware", "1.22"], "Allowed choices are 1.23, 1.24, 1.25, 1.26, 1.27."],
  [["app", "--fix", "app/changed"], "--fix app/changed lies in app, which is measured"],
  [["app", "--fix", "full"], "--fix full is there already and holds files."],
  [["--board", "x", "--fix", "changed"], "--fix is about an application's files, and --board x alone"],
  [["--board", "x", "--heap", "64k", "--firmware", "1.23"], "leave --heap and --firmware out."],
])("bad usage is one sentence and 2, before anything is measured: %j", async (args, text) => {
  const folder = workFolder({ "app/main.py": "", "full/mine.txt": "mine" });
  mkdirSync(join(folder, "empty"));
  const { code, out, err } = await advise(folder, ...args);
  expect(err).toContain(`heapscope: `);
  expect(err).toContain(text);
  expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
  expect([code, out]).toEqual([2, ""]);
  expect(readdirSync(join(folder, "app"))).toEqual(["main.py"]);
});

test("with --json an error is a line of JSON, too", async () => {
  const { code, out } = await advise(workFolder(), "nowhere", "--json");
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ error: { code: "file-unreadable" } });
});

test("a board that the daemon does not know is told once", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(404, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ code: "board-unknown", detail: 'There is no board "x".', status: 404 }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, out, err } = await advise(workFolder(), "--board", "x", "--url", url);
  expect([code, out]).toEqual([1, ""]);
  expect(err.match(/There is no board "x"/g)).toHaveLength(1);
});

test("where nothing can be measured each file has its reason and place, and the code is 1", async () => {
  const folder = workFolder({
    "app/syntax.py": "x = 1\ndef f(:\n    pass\n",
    "app/old.py": "print 'hello'\n",
    "app/code.py": "import board\n",
    "app/deep.py": "def f(n): return f(n) + 1\nf(0)\n",
    "app/reset.py": "import machine\nmachine.reset()\n",
    "app/main.py": "import syntax\n",
  });
  const { code, out, err } = await advise(folder, "app");
  expect([code, err]).toEqual([1, ""]);
  for (const place of [
    "syntax.py:2\n",
    "old.py:1\n",
    "code.py:1\n",
    "deep.py\n",
    "reset.py\n",
    "main.py:1\n",
  ])
    expect(out).toContain(`\n${place}   `);
  expect(out).toMatch(/\nNothing was measured, 6 problems\.\n$/);
  expect(out).not.toContain("\u001b");
});

test("a heap too small for the application is told with what would do", async () => {
  const { code, out } = await advise(workFolder({ "app/menu.py": moduleText }), "app", "--heap", "8k");
  expect(code).toBe(0);
  expect(out).toContain("menu.py cannot be imported on a heap of 8.0 KiB");
});

test("--fix writes the changed copy and what it comes to; nothing else is touched", async () => {
  const files = {
    "app/main.py": "import a\nprint(a.go())\n",
    "app/a.py": moduleText,
    "app/data.txt": "1,2\n",
  };
  const folder = workFolder(files);
  const { code, out, err } = await advise(folder, "app", "--fix", "changed", "--json");
  expect([code, err]).toEqual([0, ""]);
  const report = JSON.parse(out) as {
    readonly findings: readonly { readonly code: string }[];
    readonly fix: {
      readonly board: readonly string[];
      readonly total: Record<string, { neededBytes: number }>;
    };
  };
  expect(report.findings.map((finding) => finding.code)).toContain("precompile");
  expect(report.fix.board).toEqual(["a.mpy", "data.txt", "main.py"]);
  expect(readdirSync(join(folder, "changed/board")).toSorted()).toEqual(report.fix.board);
  expect(report.fix.total["after"]?.neededBytes).toBeLessThan(
    Number(report.fix.total["before"]?.neededBytes),
  );
  for (const [name, text] of Object.entries(files))
    expect(readFileSync(join(folder, name), "utf8")).toBe(text);
  expect(readdirSync(folder).toSorted()).toEqual(["app", "changed", "tmp"]);
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle ends it with 130, and no process, folder or copy is left",
  async (signal) => {
    const folder = workFolder({ "app/main.py": looping, "app/a.py": moduleText });
    const { pid, ended } = start(folder, ["app", "--fix", "changed"]);
    // The emulated board's folder is there: laboratory and board are both at work.
    while (readdirSync(join(folder, "tmp")).length === 0) await passed(20);
    await passed(signal === "SIGINT" ? 300 : 0);
    const since = performance.now();
    process.kill(-pid, signal);
    expect(await ended).toEqual({ code: 130, out: "", err: "" });
    // One second where nothing else runs.
    expect(performance.now() - since).toBeLessThan(3000);
    expect(groupOf(pid)).toEqual([]);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual(["app", "tmp"]);
  },
);
