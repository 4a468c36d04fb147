import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import Value from "typebox/value";
import { expect, onTestFinished, test } from "vitest";
import { AdviceReportSchema } from "../../src/api/schemas-advice.ts";
import { adviseBoard } from "../../src/app/advise-board.ts";
import { appModules } from "../../src/app/app-modules.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { startDaemon } from "../../src/app/serve.ts";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";

/** Makes garbage in a timer, so that the prompt stays free: about 16 KB a second of the 60 that are free. */
const churning = `
import sensor
from machine import Timer

def sample(timer):
    sensor.read()

Timer(-1).init(period=20, mode=Timer.PERIODIC, callback=sample)
`;
const sensor = "def read():\n    return [bytearray(64) for _ in range(4)]\n";

/** A daemon that watches a board of its own, which runs main.py of these files. */
async function watching(
  files: Readonly<Record<string, string>>,
  sampling: { readonly readIntervalSeconds: number; readonly collectIntervalSeconds: number },
) {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-advice-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const app = join(folder, "main.py");
  const board = await startEmulatedBoard({ app, modules: appModules(app) });
  onTestFinished(() => board.stop());
  const settings = {
    listen: "127.0.0.1:0",
    database: ":memory:",
    autoAttach: false,
    boards: [{ port: board.url, name: "bench" }],
    sampling,
  };
  const flags = Object.entries(settings).map(([key, value]) => ({ path: [key], value, origin: `--${key}` }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
  });
  onTestFinished(() => daemon.stop());
  return { daemon: { url: daemon.url }, board: "bench" };
}

test("a daemon advises on a real interpreter that makes garbage, and names what it loaded from source", async () => {
  const files = { "main.py": churning, "sensor.py": sensor };
  const ask = await watching(files, { readIntervalSeconds: 0.2, collectIntervalSeconds: 0.6 });

  await expect
    .poll(
      async () => (await adviseBoard({ ...ask, refreshModules: false })).findings.map(({ code }) => code),
      { timeout: 18_000, interval: 500 },
    )
    .toContain("churn");
  const report = await adviseBoard({ ...ask, refreshModules: true });
  expect([...Value.Errors(AdviceReportSchema, report)]).toEqual([]);
  const churn = report.findings.find(({ code }) => code === "churn");
  // 50 calls a second of 4 × (16 + 64) bytes and a list.
  expect(churn?.before?.bytesPerSecond).toBeGreaterThan(8_000);
  expect(churn?.before?.bytesPerSecond).toBeLessThan(40_000);
  expect(report.notMeasured).toContainEqual(
    expect.objectContaining({ code: "loaded-from-source", place: { file: "sensor.py", line: 1 } }),
  );
  await expect(adviseBoard({ ...ask, board: "nobody", refreshModules: true })).rejects.toMatchObject({
    code: "daemon-refused",
  });
});

/** 14 KB of the 58 that are free in each pass; the emulated board collects after it. 280 KB a second. */
const hasty = `
import asyncio

async def work():
    while True:
        parts = [bytearray(1000) for _ in range(14)]
        del parts
        await asyncio.sleep_ms(50)

asyncio.create_task(work())
`;

test("one that allocates far more between two readings than shows is read too rarely, and its garbage a lower bound", async () => {
  const ask = await watching({ "main.py": hasty }, { readIntervalSeconds: 0.2, collectIntervalSeconds: 1.2 });
  const findings = async () => (await adviseBoard({ ...ask, refreshModules: false })).findings;
  await expect
    .poll(async () => (await findings()).map(({ code }) => code), { timeout: 40_000, interval: 500 })
    .toEqual(expect.arrayContaining(["churn", "read-too-rarely"]));
  const churn = (await findings()).find(({ code }) => code === "churn");
  expect(churn?.title).toContain("The application allocates at least");
  expect(churn?.saving).toMatchObject({ of: "each-second-or-more", atMost: false });
  expect(churn?.before?.bytesPerSecond).toBeLessThan(280_000);
}, 60_000);
