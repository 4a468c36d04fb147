import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { helperFolder } from "../../src/app/helper-files.ts";
import { type WatchSoakOptions, watchSoak } from "../../src/app/soak/watch-soak.ts";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { appFolder } from "../support/apps/app-folder.ts";

const deps = { clock: systemClock, openPort };

async function options(filesDir: string): Promise<WatchSoakOptions> {
  const board = await startEmulatedBoard({ filesDir });
  onTestFinished(() => board.stop());
  return {
    url: board.url,
    kind: "unknown",
    emulated: true,
    seconds: 2,
    intervalSeconds: 0.3,
    whenBusy: "skip",
    patienceSeconds: 2,
  };
}

test("an application that holds the prompt is not measured, and not interrupted", async () => {
  const run = watchSoak(
    await options(appFolder("blocking-loop")),
    new AbortController().signal,
    () => {},
    deps,
  );
  await expect(run).rejects.toMatchObject({
    code: "soak-unmeasured",
    message: expect.stringContaining(
      "holds the prompt, and is not interrupted unless you say so. Give --when-busy resume",
    ),
  });
});

test("told to resume it, soak measures an asyncio application that holds the prompt", async () => {
  const resuming = {
    ...(await options(appFolder("asyncio-counter"))),
    whenBusy: "resume",
    patienceSeconds: 15,
  } as const;
  let news = 0;
  const { observed, cutShort } = await watchSoak(
    resuming,
    new AbortController().signal,
    () => {
      news++;
    },
    deps,
  );
  expect(cutShort).toBe(false);
  expect(observed.points.length).toBeGreaterThan(0);
  expect(observed.restartsMs).toEqual([]);
  expect(news).toBeGreaterThan(observed.points.length);
});

test("told to resume what has no asyncio loop, soak says that main.py starts anew", async () => {
  const resuming = {
    ...(await options(appFolder("blocking-loop"))),
    whenBusy: "resume",
    patienceSeconds: 15,
  } as const;
  const { observed } = await watchSoak(resuming, new AbortController().signal, () => {}, deps);
  expect(observed.startedAnew).toContain("no asyncio loop to continue");
  expect(observed.errors).toEqual([]);
});

test("an application that keeps its prompt and reports by itself is measured by its helper's readings", async () => {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-soak-helper-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(helperFolder, folder, { recursive: true });
  const main =
    "import heapscope, time\nheapscope.start(0.2, collect_every=2)\nwhile True: time.sleep_ms(10)\n";
  writeFileSync(join(folder, "main.py"), main);
  const watched = { ...(await options(folder)), patienceSeconds: 15 };
  const { observed } = await watchSoak(watched, new AbortController().signal, () => {}, deps);
  expect(observed.points.length).toBeGreaterThan(2);
  expect(observed.restartsMs).toEqual([]);
  expect(observed.missed).toEqual([]);
});
