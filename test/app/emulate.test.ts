import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { appModules } from "../../src/app/app-modules.ts";
import { startBoards } from "../../src/app/emulate.ts";
import { openSerialClient } from "../support/serial-client.ts";

test("boards of two runs never have the same unique id", async () => {
  const options = { count: 1, app: null, heapBytes: 65_536 };
  const runs = await Promise.all([1, 2].map(() => startBoards(options, AbortSignal.timeout(30_000))));
  onTestFinished(async () => void (await Promise.all(runs.map((run) => run.stop()))));
  const ids = runs.flatMap(({ boards }) => boards.map(({ uniqueId }) => uniqueId));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
});

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "heapscope-emulate-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
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

test("only .py files of the same folder come along, and no more than 100 of 1 MiB", () => {
  const dir = folder({ "main.py": "", "boot.py": "", "b.py": "", "notes.txt": "" });
  mkdirSync(join(dir, "lib.py"));
  const names = (app: string | null) => appModules(app).map(({ path }) => path);
  const helpers = ["/lib/heapscope.py", "/lib/heapscope_tiny.py"];
  expect(names(null)).toEqual(helpers);
  expect(names(join(dir, "main.py"))).toEqual([...helpers, "/b.py", "/boot.py"]);
  writeFileSync(join(dir, "b.py"), "#".repeat(1024 * 1024 + 1));
  expect(() => names(join(dir, "main.py"))).toThrow("there are 2 of 1048577 bytes");
  for (let file = 0; file < 100; file++) writeFileSync(join(dir, `m${file}.py`), "");
  expect(() => names(join(dir, "main.py"))).toThrow("there are 102 of");
});
