import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { appModules } from "../../src/app/app-modules.ts";
import { startBoards } from "../../src/app/emulate.ts";
import { compileMpy } from "../../src/lab/compile-mpy.ts";
import { openSerialClient } from "../support/serial-client.ts";

test("boards of two runs never have the same unique id", async () => {
  const options = { count: 1, app: null, heapBytes: 65_536 };
  const runs = await Promise.all([1, 2].map(() => startBoards(options, AbortSignal.timeout(30_000))));
  onTestFinished(async () => void (await Promise.all(runs.map((run) => run.stop()))));
  const ids = runs.flatMap(({ boards }) => boards.map(({ uniqueId }) => uniqueId));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
});

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const dir = mkdtempSync(join(tmpdir(), "heapscope-emulate-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

test("an application imports the helper and the modules beside it", async () => {
  const main = "import heapscope, sensors\nprint(sensors.value, hasattr(heapscope, 'task'))\n";
  const app = join(
    folder({ "my-app.py": main, "main.py": "not_this", "sensors.py": "value = 42" }),
    "my-app.py",
  );
  const run = await startBoards({ count: 1, app, heapBytes: 65_536 }, AbortSignal.timeout(30_000));
  onTestFinished(() => run.stop());
  const client = await openSerialClient(run.boards[0]?.path ?? "");
  onTestFinished(() => client.close());
  const asked = "import heapscope_tiny, os; print('<', sensors.value, 'my-app.py' in os.listdir(), '>')\r";
  expect(await client.ask(asked, " >\r\n>>> ")).toContain("< 42 False >");
});

test("an application finds .mpy files, packages, what is in lib, and its data", async () => {
  const dir = folder({
    "main.py": "import display, pkg.part, drivers\nprint(display.width, pkg.part.value, drivers.name)\n",
    "display.mpy": await compileMpy("display.py", "width = 128\n"),
    "pkg/__init__.py": "",
    "pkg/part.py": "value = 7\n",
    "lib/drivers.py": "name = open('data/name.txt').read()\n",
    "data/name.txt": "bmp280",
  });
  const run = await startBoards(
    { count: 1, app: join(dir, "main.py"), heapBytes: 65_536 },
    AbortSignal.timeout(30_000),
  );
  onTestFinished(() => run.stop());
  const client = await openSerialClient(run.boards[0]?.path ?? "");
  onTestFinished(() => client.close());
  const asked = "print('<', display.width, pkg.part.value, drivers.name, drivers.__file__, '>')\r";
  expect(await client.ask(asked, " >\r\n>>> ")).toContain("< 128 7 bmp280 /lib/drivers.py >");
});

const helpers = ["/lib/heapscope.py", "/lib/heapscope_tiny.py"];
const pathsFor = (app: string | null) => appModules(app).map(({ path }) => path);

test("what is beside the application comes along at the same places, without what no board has", () => {
  const dir = folder({
    "my-app.py": "",
    "main.py": "",
    "boot.py": "",
    "b.mpy": "",
    "notes.txt": "",
    "lib/c.py": "",
    "pkg/main.py": "",
    ".git/config": "",
    "__pycache__/b.pyc": "",
    "node_modules/x/index.js": "",
  });
  mkdirSync(join(dir, "empty.py"));
  symlinkSync(dir, join(dir, "pkg/back"));
  symlinkSync(join(dir, "nowhere"), join(dir, "gone.py"));
  expect(pathsFor(null)).toEqual(helpers);
  const beside = ["/b.mpy", "/boot.py", "/lib/c.py", "/notes.txt", "/pkg/main.py"];
  expect(pathsFor(join(dir, "my-app.py"))).toEqual([...helpers, ...beside]);
  expect(pathsFor(join(dir, "main.py"))).toEqual([...helpers, ...[...beside, "/my-app.py"].sort()]);
});

test("an installed helper goes before the bundled one", () => {
  const dir = folder({ "main.py": "", "lib/heapscope.py": "" });
  const last = appModules(join(dir, "main.py")).findLast(({ path }) => path === "/lib/heapscope.py");
  expect(last?.file).toBe(join(dir, "lib/heapscope.py"));
});

test.each([
  ["1 MiB", { "b.bin": new Uint8Array(1024 * 1024 + 1) }, "b.bin"],
  [
    "100 files",
    Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`m/${100 + i}.py`, ""])),
    "m/199.py",
  ],
  ["100 folders", Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${10 + i}/f`, ""])), "60"],
])("more than %s is told, with where it goes beyond", (_limit, files, where) => {
  const dir = folder({ ...files, "main.py": "" });
  expect(() => pathsFor(join(dir, "main.py"))).toThrow(`and with ${join(dir, where)} it is beyond`);
});
