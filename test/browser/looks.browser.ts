/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { seriousFaults } from "./axe.ts";
import { browserAt, connectBrowser, desktop, sharedDemo, type TestBrowser } from "./page.ts";

/** Every view, and what shows that it is there. */
const views = [
  { name: "overview", hash: "", sign: ".boards tbody tr" },
  { name: "board", hash: "#/boards/fragmenting", sign: ".legend tbody tr" },
  { name: "compare", hash: "#/boards/leaking/compare", sign: "main canvas" },
  { name: "console", hash: "#/boards/healthy/console", sign: "[role=log]" },
] as const;
const phone = { width: 380, height: 760 };

describe.skipIf(browserAt === null)("how the page looks, and whether all can use it", () => {
  const demo = sharedDemo();
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser?.close());

  for (const [colorScheme, viewport] of [
    ["light", desktop],
    ["dark", phone],
  ] as const) {
    test(`no view has serious faults of accessibility, ${colorScheme}, ${viewport.width} wide`, async () => {
      const { page } = await browser.open(demo.url, { colorScheme, viewport, reducedMotion: "reduce" });
      const found: string[] = [];
      for (const { name, hash, sign } of views) {
        await go(page, hash, sign);
        for (const fault of await seriousFaults(page)) found.push(`${name}: ${fault}`);
      }
      expect(found).toEqual([]);
    });
  }

  test("dark and light differ, as the system wants it, also on a page that is open", async () => {
    const { page } = await browser.open(demo.url, { colorScheme: "light" });
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.locator(".boards tbody tr").first().waitFor();
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await ground()).not.toBe(light);
    expect(lightness(await ground())).toBeLessThan(60);
    expect(lightness(light)).toBeGreaterThan(200);
    await go(page, "#/boards/fragmenting", ".heap-map-stage canvas");
    const map = page.locator(".heap-map-stage canvas");
    const dark = await map.screenshot();
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(async () => (await map.screenshot()).equals(dark)).toBe(false);
  });

  test("at 380 pixels nothing is cut off and nothing scrolls sideways", async () => {
    const { page } = await browser.open(demo.url, { viewport: phone });
    for (const { name, hash, sign } of views) {
      await go(page, hash, sign);
      const tooWide = await page.evaluate(() => ({
        page: document.documentElement.scrollWidth,
        // Neither what has a scroll bar of its own, nor what is for screen readers alone.
        elements: [...document.querySelectorAll("body *")]
          .filter((element) => {
            const { left, right, width } = element.getBoundingClientRect();
            if (width <= 1 || (right <= innerWidth + 1 && left >= -1)) return false;
            for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement)
              if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return false;
            return element.closest(".u-wrap, .visually-hidden, .skip, thead") === null;
          })
          .map((element) => element.outerHTML.slice(0, 120)),
      }));
      expect({ name, ...tooWide }).toEqual({ name, page: phone.width, elements: [] });
    }
  });

  test("a board's collections are seen whole at 380 pixels", async () => {
    const { page } = await browser.open(`${demo.url}/#/boards/fragmenting`, { viewport: phone });
    const rows = page.locator(".collection-list tbody tr");
    await rows.first().waitFor();
    for (const cell of await rows.first().locator("th, td").all()) {
      const box = await cell.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(phone.width);
    }
    const hidden = await page
      .locator(".scrolling", { has: page.locator(".collection-list") })
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(hidden).toBe(0);
  });

  test("the overview keeps all of a board's figures at 380 pixels", async () => {
    const { page } = await browser.open(demo.url, { viewport: phone });
    const row = page.locator(".boards tbody tr", { hasText: "leaking" });
    await row.waitFor();
    for (const cell of await row.locator("th, td").all()) expect(await cell.isVisible()).toBe(true);
  });

  test("everything is reached by the keyboard, and where one is shows", async () => {
    const { page } = await browser.open(demo.url);
    await page.locator(".boards tbody tr").first().waitFor();
    await tabTo(page, (at) => at.text === "fragmenting");
    await page.keyboard.press("Enter");
    await page.locator(".heap-map-stage canvas").waitFor();
    expect(new URL(page.url()).hash).toContain("#/boards/");
    // Into the map, from block to block, and out again: no trap.
    await tabTo(page, (at) => at.role === "application");
    const readout = page.locator(".heap-map-readout");
    const before = await readout.textContent();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "+", "Shift+ArrowRight", "0"]) {
      await page.keyboard.press(key);
    }
    await expect.poll(() => readout.textContent()).not.toBe(before);
    await page.keyboard.press("Tab");
    expect((await focused(page)).role).not.toBe("application");
    await page.reload();
    await page.locator(".heap-map-stage canvas").waitFor();
    await tabTo(page, (at) => at.text === "Collect now");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".outcome").textContent()).toMatch(/Reclaimed|Collected/);
    await tabTo(page, (at) => at.text === "Compare maps");
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).hash).toContain("/compare");
    await page.keyboard.press("Shift+Tab");
    await tabTo(page, (at) => at.text === "heapscope");
    await page.keyboard.press("Enter");
    await page.locator(".boards tbody tr").first().waitFor();
  });

  test("who wants no motion gets none", async () => {
    const { page } = await browser.open(`${demo.url}/#/boards/healthy`, { reducedMotion: "reduce" });
    await page.locator(".heap-map-stage canvas").waitFor();
    const moving = (): Promise<number> =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
    await page.getByRole("button", { name: "Read map now" }).click();
    await expect.poll(() => page.locator(".outcome").textContent()).toMatch(/^Read the map/);
    expect(await moving()).toBe(0);
  });

  test("a viewer's clock that is wrong: it says so, and ages are right all the same", async () => {
    const aheadMs = 3 * 60_000;
    const { page } = await browser.open(demo.url, {
      before: (opening) =>
        opening.addInitScript((ms) => {
          const now = Date.now.bind(Date);
          Date.now = () => now() + ms;
        }, aheadMs),
    });
    await page
      .locator(".banner", { hasText: "This computer's clock is 3 min ahead of the daemon's" })
      .waitFor();
    const age = page.locator(".boards tbody tr", { hasText: "healthy" }).locator(".age");
    expect(await age.textContent()).toMatch(/^\d s ago$/);
  });

  test("times are the viewer's, with UTC on hover", async () => {
    const { page } = await browser.open(demo.url, { timezoneId: "Asia/Tokyo" });
    const age = page.locator(".boards tbody tr time").first();
    await age.waitFor();
    const title = (await age.getAttribute("title")) ?? "";
    const at = new Date((await age.getAttribute("datetime")) ?? "");
    expect(title).toContain(`${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 19)} UTC`);
    const tokyo = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "Asia/Tokyo" }).format(
      at,
    );
    expect(title).toContain(tokyo);
  });
});

/** Goes to a view of a page that is open; returns when its sign is there. */
async function go(page: Page, hash: string, sign: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash || "#/");
  await page.locator(sign).first().waitFor();
  // The next frame after what came with it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
}

interface Focused {
  readonly text: string;
  readonly role: string | null;
  readonly isMarked: boolean;
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const at = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    const hasOutline = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    return {
      text: at.textContent?.trim() ?? "",
      role: at.getAttribute("role"),
      isMarked: hasOutline || boxShadow !== "none",
    };
  });
}

/** Presses Tab until `isIt`; every stop on the way must be visibly marked. */
async function tabTo(page: Page, isIt: (at: Focused) => boolean): Promise<void> {
  const unmarked: string[] = [];
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    // Past its end the focus is on the browser itself for a moment.
    if (!at.isMarked && at.text.length < 200) unmarked.push(at.text);
    if (!isIt(at)) continue;
    expect(unmarked).toEqual([]);
    return;
  }
  throw new Error("Tab never came there");
}

/** 0 black to 255 white. */
function lightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue;
}
