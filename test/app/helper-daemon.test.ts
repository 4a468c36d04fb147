import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, type TestContext, test } from "vitest";
import { loadConfig } from "../../src/app/load-config.ts";
import { startDaemon } from "../../src/app/serve.ts";
import { daemonRest } from "../../src/client/daemon-rest.ts";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { recordPort } from "../../src/transport/recorder.ts";
import { appFolder } from "../support/apps/app-folder.ts";

/** The application, its helper, and an asyncio whose run() keeps the REPL away as a board's does. */
function helperApp({ onTestFinished }: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-helper-app-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(appFolder("helper-app"), folder, { recursive: true });
  const helper = join(import.meta.dirname, "../../firmware-helpers/heapscope.py");
  cpSync(helper, join(folder, "heapscope.py"));
  cpSync(join(appFolder("asyncio-counter"), "asyncio"), join(folder, "asyncio"), { recursive: true });
  return folder;
}

/** A daemon that watches such a board. `written`: each write of the host, as recorded. */
async function watchedApp(context: TestContext, helper: "auto" | "only") {
  const { onTestFinished } = context;
  const board = await startEmulatedBoard({ filesDir: helperApp(context) });
  onTestFinished(() => board.stop());
  const written: string[] = [];
  const settings = {
    listen: "127.0.0.1:0",
    database: ":memory:",
    autoAttach: false,
    boards: [{ port: board.url, name: "field", helper, helperRequest: "\x05" }],
    sampling: { readIntervalSeconds: 1 },
  };
  const flags = Object.entries(settings).map(([key, value]) => ({ path: [key], value, origin: `--${key}` }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
    openPort: async (url, signal, options) => {
      const line = (text: string) => void (text.includes('"host"') && written.push(text));
      return recordPort(await openPort(url, signal, options), { line, end: () => {} }, systemClock);
    },
  });
  onTestFinished(() => daemon.stop());
  return { daemon, rest: daemonRest({ url: daemon.url }), written };
}

async function until<Value>(ask: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  const endMs = performance.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    if (performance.now() > endMs) throw new Error(`not within 20 s: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test.concurrent("helper: only: an application reports by itself, and not one byte is written to its board", async (context) => {
  const { daemon, rest, written } = await watchedApp(context, "only");
  const id = "field";
  const collections = await until(
    () => rest.collections(id),
    ({ length }) => length >= 4,
  );
  await until(
    () => rest.maps(id),
    ({ length }) => length > 0,
  );
  const readings = await rest.readings(id);
  for (const { source, durationMs } of readings) expect([source, durationMs]).toEqual(["helper", null]);
  const numbers = readings.map(({ helper }) => helper?.sequence ?? 0);
  expect(numbers).toEqual(numbers.map((_, place) => numbers[0]! + place));
  // This port collects when the program is at rest: gc.collect() itself takes no time.
  for (const { pauseMs } of collections) expect(pauseMs).toBeGreaterThanOrEqual(0);

  const marks = await rest.marks(id);
  expect(marks).toContainEqual(expect.objectContaining({ kind: "point", label: "after wifi", cost: null }));
  const settled = marks.filter(({ kind }) => kind === "settled");
  const cost = { netBytes: expect.any(Number), garbageBytes: expect.any(Number) };
  expect(settled.at(-1)).toMatchObject({ label: "parse", cost });
  // A list of 50 places is kept.
  expect(settled.at(-1)?.cost?.netBytes).toBeGreaterThanOrEqual(200);

  const { lines } = await rest.console(id, { limit: 1000 });
  expect(lines.length).toBeGreaterThan(10);
  const beats = lines.map(({ text }) => {
    const [, count, late, reporting] = /^count (\d+) late (-?\d+) reporting (\d+)$/.exec(text) ?? [];
    return { count: Number(count), lateMs: Number(late), reportingMs: Number(reporting) };
  });
  expect(beats.map(({ count }) => count)).toEqual(beats.map((_, place) => beats[0]!.count + place));
  // What holds a beat up beyond what this machine does to all of them is the reports since the last one, and nothing more.
  const usualMs = Math.max(
    ...beats.filter(({ reportingMs }) => reportingMs === 0).map(({ lateMs }) => lateMs),
  );
  expect(beats.filter(({ reportingMs }) => reportingMs > 0).length).toBeGreaterThan(3);
  for (const { lateMs, reportingMs } of beats)
    expect(lateMs).toBeLessThanOrEqual(reportingMs + Math.max(usualMs, 0) + 3);
  expect(await rest.board(id)).toMatchObject({
    state: { kind: "helper", message: expect.stringContaining("every 0.3 s") },
    readIntervalMs: 300,
    counts: { missed: 0 },
  });
  expect(await rest.missed(id)).toEqual([]);
  await daemon.stop();
  expect(written).toEqual([]);
}, 60_000);

test.concurrent("helper: auto: after the first report nothing is written but what a person asks for", async (context) => {
  const { daemon, rest, written } = await watchedApp(context, "auto");
  await until(
    () => rest.board("field"),
    ({ state }) => state.kind === "helper",
  );
  const before = written.length;
  await until(
    () => rest.readings("field"),
    ({ length }) => length >= 12,
  );
  expect((await rest.board("field")).state.kind).toBe("helper");
  await expect(rest.collect("field")).rejects.toMatchObject({ context: { problem: "helper-no-request" } });
  expect(written).toHaveLength(before);
  expect(await rest.read("field", { map: true })).toMatchObject({
    source: "helper",
    phase: "on-demand",
    map: { verified: true },
  });
  await daemon.stop();
  expect(written.slice(before).map((line) => JSON.parse(line).text)).toEqual(["\x05"]);
}, 60_000);
