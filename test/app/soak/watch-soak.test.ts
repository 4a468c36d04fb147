import { expect, onTestFinished, test } from "vitest";
import { type WatchSoakOptions, watchSoak } from "../../../src/app/soak/watch-soak.ts";
import { startEmulatedBoard } from "../../../src/emulator/emulated-board.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { openPort } from "../../../src/transport/open-port.ts";
import { appFolder } from "../../support/apps/app-folder.ts";

const deps = { clock: systemClock, openPort };

async function options(app: Parameters<typeof appFolder>[0]): Promise<WatchSoakOptions> {
  const board = await startEmulatedBoard({ filesDir: appFolder(app) });
  onTestFinished(() => board.stop());
  return {
    url: board.url,
    kind: "unknown",
    emulated: true,
    seconds: 2,
    intervalSeconds: 0.3,
    whenBusy: "skip",
    patienceSeconds: 3,
  };
}

test("an application that holds the prompt is not measured, and not interrupted", async () => {
  const run = watchSoak(await options("blocking-loop"), new AbortController().signal, () => {}, deps);
  await expect(run).rejects.toMatchObject({
    code: "soak-unmeasured",
    message: expect.stringContaining("does not interrupt it"),
  });
});

test("told to resume it, soak measures an asyncio application that holds the prompt", async () => {
  const resuming = {
    ...(await options("asyncio-counter")),
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
