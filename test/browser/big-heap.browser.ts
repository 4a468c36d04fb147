/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { startDaemon, type TestDaemon, until } from "./daemon.ts";
import { browserAt, connectBrowser, type TestBrowser } from "./page.ts";

const heapBytes = 8 * 1024 * 1024;

describe.skipIf(browserAt === null)("a heap of 8 MB", () => {
  let board: EmulatedBoard;
  let daemon: TestDaemon;
  let browser: TestBrowser;
  beforeAll(async () => {
    [board, browser] = await Promise.all([startEmulatedBoard({ heapBytes }), connectBrowser()]);
    daemon = await startDaemon({
      config: {
        sampling: { readIntervalSeconds: 1, mapIntervalSeconds: 0 },
        boards: [{ port: board.url, name: "large" }],
      },
    });
    await until(
      () => daemon.rest().boards(),
      ([first]) => first?.state.kind === "ready",
    );
    await daemon.rest().read("large", { map: true });
  });
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
    await daemon?.stop();
    await board?.stop();
  });

  test("is drawn block by block, zoomed and panned", async () => {
    const { page } = await browser.open(`${daemon.url}/#/boards/large`);
    const stage = page.locator(".heap-map-stage");
    await stage.locator("canvas").waitFor();
    const map = await daemon.rest().map("large", "latest");
    const blocks = map.areas.reduce((sum, area) => sum + area.blocks, 0);
    expect(blocks).toBeGreaterThan(500_000);
    const measures = (name: string): Promise<number> =>
      page.evaluate((of) => performance.getEntriesByName(of, "measure").length, name);
    await expect.poll(() => measures("heap-map-draw")).toBeGreaterThan(0);
    await stage.focus();
    for (const key of ["+", "+", "+", "Shift+ArrowRight", "Shift+ArrowDown", "ArrowRight"]) {
      await page.keyboard.press(key);
    }
    await expect.poll(() => measures("heap-map-pan")).toBeGreaterThan(0);
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".heap-map-readout").textContent()).toMatch(/at/);
    // Far from the first kilobytes, it still says where and what.
    const box = await stage.boundingBox();
    if (box === null) throw new Error("the map is not on the screen");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => page.locator(".heap-map-readout code").first().textContent())
      .toMatch(/[0-9a-f]{5}/);
  });
});
