/// <reference lib="dom" />
import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "./daemon.ts";
import { browserAt, connectBrowser, desktop, sharedDemo, type TestBrowser } from "./page.ts";

/** `SCREENSHOTS=test/browser/screenshots npm run test:browser` takes those of the README anew. */
const { SCREENSHOTS } = process.env;
/** Of one file. */
const mostBytes = 250_000;

interface Shot {
  readonly file: string;
  readonly colorScheme: "light" | "dark";
  readonly height: number;
  readonly show: (page: Page, url: string) => Promise<void>;
}

const shots: readonly Shot[] = [
  { file: "overview.png", colorScheme: "light", height: 520, show: overview },
  { file: "board.png", colorScheme: "light", height: 1280, show: board },
  { file: "board-dark.png", colorScheme: "dark", height: 1280, show: board },
  { file: "compare.png", colorScheme: "light", height: 1300, show: compare },
];

describe.skipIf(browserAt === null || SCREENSHOTS === undefined)("screenshots for the README", () => {
  const demo = sharedDemo();
  const folder = resolve(SCREENSHOTS ?? ".");
  let browser: TestBrowser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await connectBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser?.close());

  for (const { file, colorScheme, height, show } of shots) {
    test(file, async () => {
      const viewport = { ...desktop, height };
      const options = {
        colorScheme,
        viewport,
        timezoneId: "Europe/Berlin",
        reducedMotion: "reduce",
      } as const;
      const { page } = await browser.open(demo.url, options);
      await show(page, demo.url);
      // What is loading has come, and the charts are drawn.
      await page.waitForLoadState("networkidle").catch(() => {});
      await page.waitForTimeout(1_500);
      const path = join(folder, file);
      await page.screenshot({ path, animations: "disabled" });
      expect(statSync(path).size).toBeLessThanOrEqual(mostBytes);
    });
  }
});

async function overview(page: Page): Promise<void> {
  // The page asks for trends when it is opened, and then every minute.
  await until(
    () => sharedDemo().rest.trends(),
    (trends) => trends.some(({ leakBytesPerHour }) => (leakBytesPerHour ?? 0) > 0),
  );
  await page.reload();
  await expect.poll(() => page.locator(".sparkline path").count()).toBe(3);
  await expect.poll(() => page.locator("main").textContent()).toMatch(/KiB\/h/);
}

async function board(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#/boards/fragmenting?range=24h`);
  await page.locator(".heap-map-stage canvas").waitFor();
  await expect.poll(() => page.locator(".uplot canvas").count()).toBeGreaterThan(1);
  await page.getByRole("textbox", { name: "Allocate" }).fill("4 KiB");
  // To fill in is to scroll there.
  await page.evaluate(() => scrollTo(0, 0));
}

async function compare(page: Page, url: string): Promise<void> {
  const maps = await sharedDemo().rest.maps("fragmenting", { limit: 60 });
  const [from, to] = [maps[Math.floor(maps.length / 3)]?.id, maps.at(-1)?.id];
  await page.goto(`${url}/#/boards/fragmenting/compare?from=${from}&to=${to}`);
  await page.locator("main canvas").first().waitFor();
}
