/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserAt, connectBrowser, sharedDemo, type TestBrowser } from "./page.ts";

describe.skipIf(browserAt === null)("comparing maps", () => {
  const demo = sharedDemo();
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser?.close());

  test("shows what appeared, went and changed, in the daemon's figures", async () => {
    const maps = await demo.rest.maps("leaking", { limit: 50 });
    const from = maps[0]?.id ?? 0;
    const to = maps.at(-1)?.id ?? 0;
    const diff = await demo.rest.mapDiff("leaking", { from, to });
    const { page } = await browser.open(`${demo.url}/#/boards/leaking/compare?from=${from}&to=${to}`);
    const main = page.locator("main");
    await expect.poll(() => main.textContent()).toContain("appeared");
    const text = await main.textContent();
    for (const word of ["went", "str or bytes"]) expect(text).toContain(word);
    expect(text).toContain(String(diff.totals.appeared));
    expect(new URL(page.url()).hash).toContain(`from=${from}&to=${to}`);
  });

  test("plays the maps of a day like a film", async () => {
    const { page } = await browser.open(`${demo.url}/#/boards/leaking/compare`);
    await page.getByRole("button", { name: "Open the film" }).click();
    const slider = page.getByRole("slider");
    await slider.waitFor();
    const first = await slider.inputValue();
    await page.getByRole("button", { name: "Play" }).click();
    await expect.poll(() => slider.inputValue()).not.toBe(first);
  });
});
