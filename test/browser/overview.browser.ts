/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { percentText, sizeText } from "../../src/shared/units-text.ts";
import { until } from "./daemon.ts";
import { idOf } from "./demo/demo-boards.ts";
import { browserAt, connectBrowser, sharedDemo, type TestBrowser } from "./page.ts";

describe.skipIf(browserAt === null)("overview", () => {
  const demo = sharedDemo();
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
  });

  test("shows every board, the one in the worst trouble first, and says why", async () => {
    const { page } = await browser.open(demo.url);
    const names = page.locator(".boards tbody th a");
    await names.first().waitFor();
    expect(await names.allTextContents()).toEqual(["fragmenting", "leaking", "healthy"]);
    expect(await page.locator("h1").textContent()).toBe(
      "2 of 3 boards need attention: 1 critical, 1 with a warning",
    );
    const worst = page.locator(".boards tbody tr").first();
    expect(await worst.locator(".badge").textContent()).toContain("no-large-block");
    expect(await worst.locator(".why").textContent()).toContain("Allocate large buffers once at the start");
    expect(await worst.locator(".since").textContent()).toMatch(/^for \d+ h/);
  });

  test("shows what REST says", async () => {
    const { page } = await browser.open(demo.url);
    const row = page.locator(".boards tbody tr", { hasText: "leaking" });
    await row.waitFor();
    // Both move on, so they are compared until they meet.
    await expect
      .poll(async () => {
        const { lastReading } = await demo.rest.board("leaking");
        const cells = await row.locator("td").allTextContents();
        const used = `${sizeText(lastReading?.heap.usedBytes ?? 0)} of ${sizeText(lastReading?.heap.totalBytes ?? 0)}`;
        return cells[1]?.includes(used) && cells[2] === percentText(lastReading?.fragmentation ?? 0);
      })
      .toBe(true);
  });

  test("says how fast a board leaks", async () => {
    const isLeaking = ({ boardId }: { readonly boardId: string }): boolean => boardId === idOf("leaking");
    const bytesPerHour = await until(
      async () => (await demo.rest.trends()).find(isLeaking)?.leakBytesPerHour ?? null,
      (found) => found !== null,
    );
    const { page } = await browser.open(demo.url);
    const row = page.locator(".boards tbody tr", { hasText: "leaking" });
    await expect
      .poll(() => row.locator("td").nth(4).textContent())
      .toContain(`+${sizeText(bytesPerHour ?? 0)}/h`);
    // The simulated day grew by 48 kB.
    expect(bytesPerHour).toBeGreaterThan(1_500);
    expect(bytesPerHour).toBeLessThan(2_500);
  });

  test("draws a day of the largest free block", async () => {
    const { page } = await browser.open(demo.url);
    const lines = page.locator(".sparkline path");
    await expect.poll(() => lines.count()).toBe(3);
    const path = (await lines.first().getAttribute("d")) ?? "";
    expect(path.split("L").length).toBeGreaterThan(80);
  });

  test("goes on by itself", async () => {
    const { page } = await browser.open(demo.url);
    const age = page.locator(".boards tbody tr", { hasText: "healthy" }).locator(".age time");
    const first = await age.getAttribute("datetime");
    await expect.poll(() => age.getAttribute("datetime"), { timeout: 5_000 }).not.toBe(first);
    expect(await page.locator(".connection").textContent()).toBe("Live");
  });
});
