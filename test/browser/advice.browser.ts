import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { openStore } from "../../src/store/open-store.ts";
import { heapBytes, minuteMs, simulate, startMs } from "../analysis/simulate.ts";
import { appendCollections } from "../support/stored-collections.ts";
import { seriousFaults } from "./axe.ts";
import { startDaemon, type TestDaemon, until } from "./daemon.ts";
import { browserAt, connectBrowser, desktop, sharedDemo, type TestBrowser } from "./page.ts";

const boardId = "e6614103e7452d2f";
const phone = { width: 380, height: 760 };
const minutes = 120;

/** Two hours of a board whose heap is full of garbage within a minute, up to now. */
function writeBusyHours(file: string): void {
  const store = openStore({ file });
  const shiftMs = Date.now() - minutes * minuteMs - startMs;
  const levels = simulate({ seed: 1, minutes, noiseBytes: 0 });
  const freeBytes = heapBytes - (levels[0]?.usedBytes ?? 0);
  appendCollections(
    store,
    levels.map((level) => ({ ...level, atMs: level.atMs + shiftMs })),
    freeBytes - 16,
  );
  store.close();
}

/** A daemon that goes on with that history, at a real interpreter. */
async function busyBoard(): Promise<TestDaemon> {
  const board = await startEmulatedBoard({ app: null, uniqueId: boardId });
  onTestFinished(() => board.stop());
  const daemon = await startDaemon({
    config: {
      sampling: { readIntervalSeconds: 60, collectIntervalSeconds: 0, mapIntervalSeconds: 0 },
      boards: [{ port: board.url, name: "busy" }],
    },
    prepare: writeBusyHours,
  });
  onTestFinished(() => daemon.stop());
  const isReady = ({ state }: { readonly state: { readonly kind: string } }): boolean =>
    state.kind === "ready";
  await until(() => daemon.rest().board("busy"), isReady);
  return daemon;
}

describe.skipIf(browserAt === null)("the panel Advice", () => {
  const demo = sharedDemo();
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser?.close());

  test("of a healthy board says what was looked at, and lists its modules when asked", async () => {
    const { page } = await browser.open(`${demo.url}/#/boards/healthy`);
    const panel = page.getByRole("region", { name: "Advice" });
    await expect.poll(() => panel.textContent()).toContain("Nothing to advise: in ");
    expect(await panel.locator(".advice-finding").count()).toBe(0);
    await panel.getByRole("button", { name: "Look at loaded modules" }).click();
    await expect
      .poll(() => panel.locator(".advice-outcome").textContent())
      .toMatch(/^The board was asked: \d+ modules/);
    await expect
      .poll(() => panel.textContent())
      .toMatch(/has loaded \d+ modules: .*frozen into the firmware/);
  });

  for (const [colorScheme, viewport] of [
    ["light", desktop],
    ["dark", phone],
  ] as const) {
    test(`shows findings with figures, change and curve, ${colorScheme}, ${viewport.width} wide`, async () => {
      const daemon = await busyBoard();
      const { page } = await browser.open(`${daemon.url}/#/boards/busy`, { colorScheme, viewport });
      const panel = page.getByRole("region", { name: "Advice" });
      const findings = panel.locator(".advice-finding");
      await expect.poll(() => findings.count()).toBe(3);
      const period = findings.filter({ hasText: "gc.threshold(" });
      expect(await period.textContent()).toMatch(
        /Tip 5 · Collect.*Largest free block[\d.]+ MiB → [\d.]+ MiB/s,
      );
      expect(await period.textContent()).toContain("Measured in");
      const curve = period.getByRole("img");
      expect(await curve.getAttribute("aria-label")).toMatch(
        /every 15 s: 7\d\d\.\d KiB|every 15 s: [\d.]+ KiB/,
      );
      expect(await findings.filter({ hasText: "Tip 4 · Garbage" }).textContent()).toContain("per second");
      expect(await seriousFaults(page)).toEqual([]);
      const hidden = await panel.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      expect(hidden).toBe(0);
    });
  }
});
