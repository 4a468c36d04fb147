import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const { PATH } = process.env;

const application = (step: string) => `import asyncio
kept = [None] * 16
at = 0
async def sample():
    global at
    while True:
        ${step}
        at += 1
        await asyncio.sleep_ms(40)
asyncio.create_task(sample())
`;
const leaking = application('kept.append("t=%d h=%d" % (at % 40, at))');
const healthy = application('kept[at % 16] = "t=%d h=%d" % (at % 40, at % 90)');

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "heapscope-soak-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function soak(args: readonly string[]) {
  const child = spawn(process.execPath, [main, "soak", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH },
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
  return { child, ended: once(child, "close").then(([code]) => ({ code: code as number, out, err })) };
}

test("a leaking application fails with 3, a healthy one passes and becomes a baseline", async () => {
  const dir = folder();
  writeFileSync(join(dir, "leaking.py"), leaking);
  writeFileSync(join(dir, "healthy.py"), healthy);
  const [junit, baseline] = [join(dir, "soak.xml"), join(dir, "heap.json")];
  const time = ["--minutes", "0.15"];
  const [leaky, well] = await Promise.all([
    soak(["--app", join(dir, "leaking.py"), ...time, "--junit", junit]).ended,
    soak([
      ...["--app", join(dir, "healthy.py"), ...time, "--min-largest-free", "4k", "--json"],
      ...["--baseline", baseline, "--update-baseline"],
    ]).ended,
  ]);

  expect([leaky.code, leaky.err]).toEqual([
    3,
    expect.stringMatching(/^0:00 of 0:09, .*\n0:0[5-8] of 0:09, .*\n$/),
  ]);
  expect(leaky.out).toMatch(/FAIL {2}Growth\n {6}Live memory grows by [\d.]+ [KM]iB per hour/);
  expect(leaky.out).toContain("Where to look\n");
  expect(leaky.out.endsWith("FAILED: a limit is not met.\n")).toBe(true);
  expect(readFileSync(junit, "utf8")).toContain('<failure type="growth"');

  expect(well.code).toBe(0);
  const report = JSON.parse(well.out);
  expect(report).toMatchObject({ verdict: "met", cutShort: false, application: { name: "healthy.py" } });
  expect(report.collections).toBeGreaterThanOrEqual(20);
  expect(JSON.parse(readFileSync(baseline, "utf8")).entries).toMatchObject([
    { application: "healthy.py", emulatedHeapBytes: 65_536, liveBytes: report.figures.liveBytes },
  ]);
}, 60_000);

test("an application that dies fails with 3 and its error, at once or later; one that cannot be compiled is not started", async () => {
  const dir = folder();
  const [boot, later, task, broken] = ["at_once.py", "later.py", "task.py", "broken.py"].map((name) =>
    join(dir, name),
  ) as [string, string, string, string];
  writeFileSync(boot, 'raise ValueError("at boot")\n');
  writeFileSync(later, "import time\ntime.sleep(1)\nbytearray(10_000_000)\n");
  writeFileSync(task, `${application('if at == 40: raise ValueError("in a task")')}`);
  writeFileSync(broken, "x = 1\ndef f(:\n");
  const run = (app: string) => soak(["--app", app, "--minutes", "0.1"]).ended;
  const [one, other, inTask, third] = await Promise.all([run(boot), run(later), run(task), run(broken)]);
  expect([one.code, one.out]).toEqual([
    3,
    expect.stringMatching(/FAIL {2}Application\n.*\n?.*ValueError: at\s+boot/),
  ]);
  expect([other.code, other.out]).toEqual([3, expect.stringMatching(/MemoryError/)]);
  expect([inTask.code, inTask.out]).toEqual([3, expect.stringMatching(/ValueError:\s+in\s+a\s+task/)]);
  expect([third.code, third.err]).toEqual([
    2,
    expect.stringContaining("broken.py:2 would not run: SyntaxError"),
  ]);
}, 60_000);

test("Ctrl-C ends a run with a report of what was seen, and 130", async () => {
  const app = join(folder(), "main.py");
  writeFileSync(app, healthy);
  const { child, ended } = soak(["--app", app, "--minutes", "5", "--json"]);
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const { code, out } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(out)).toMatchObject({ cutShort: true, verdict: "unmeasured", missed: 0 });
});

test("with --json, an error is a line of JSON, too", async () => {
  const { code, out, err } = await soak(["--json"]).ended;
  expect(code).toBe(2);
  expect(JSON.parse(out)).toEqual({
    error: { code: "usage", message: expect.stringContaining("Which board?") },
  });
  expect(err).toContain("Which board?");
});

test.each([
  [[], "Which board?"],
  [["/dev/x", "--app", "y.py"], "not both"],
  [["--app", "y.py", "--minutes", "0"], "--minutes takes a number above 0"],
  [["--app", "y.py", "--update-baseline"], "needs --baseline"],
  [["--app", main, "--minutes", "1", "--junit", "/nowhere/soak.xml"], "there is no folder /nowhere"],
  [["--app", main, "--baseline", "/nowhere/b.json", "--update-baseline"], "there is no folder /nowhere"],
  [["--app", main, "--minutes", "1", "--interval", "10"], "a verdict on growth takes 22"],
])("bad usage is told before anything starts: %j", async (args, words) => {
  const { code, err } = await soak(args).ended;
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
});
