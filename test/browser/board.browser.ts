/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { percentText, sizeText } from "../../src/shared/units-text.ts";
import { until } from "./daemon.ts";
import { browserAt, connectBrowser, sharedDemo, type TestBrowser } from "./page.ts";

describe.skipIf(browserAt === null)("a board's page", () => {
  const demo = sharedDemo();
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser?.close());

  const open = async (board: string, rest = ""): Promise<Page> => {
    const { page } = await browser.open(`${demo.url}/#/boards/${board}${rest}`);
    await page.getByRole("heading", { name: board, level: 1 }).waitFor();
    return page;
  };

  test("says what is wrong, since when, why and what to do", async () => {
    const page = await open("fragmenting");
    const head = page.locator(".board-head");
    expect(await head.locator(".verdict").textContent()).toMatch(/no-large-block for \d+ h/);
    expect(await head.locator(".why").first().textContent()).toContain(
      "call gc.collect() before large allocations",
    );
    const rules = head.getByRole("list", { name: "Alerts that fire" });
    expect(await rules.textContent()).toContain("fragmented");
    await expect
      .poll(async () => {
        const { lastReading } = await demo.rest.board("fragmenting");
        const figures = (await head.locator(".head-figures").textContent()) ?? "";
        return (
          figures.includes(sizeText(lastReading?.largestFreeBytes ?? 0)) &&
          figures.includes(percentText(lastReading?.fragmentation ?? 0))
        );
      })
      .toBe(true);
  });

  test("the map follows the heap: what the board allocates shows within seconds", async () => {
    const page = await open("healthy");
    const facts = page.locator(".map-facts");
    await facts.waitFor();
    const legend = page.locator(".legend tbody tr", { hasText: "bytearray or array" });
    const before = Number(await legend.locator("td").first().textContent());
    const seen = /Reading (\d+)/.exec((await facts.textContent()) ?? "")?.[1];
    const picture = await pictureOf(page);
    await demo.type("healthy", "more = [bytearray(160) for _ in range(50)]");
    await page.getByRole("button", { name: "Read map now" }).click();
    await expect.poll(() => legend.locator("td").first().textContent()).toBe(String(before + 50));
    expect(await facts.textContent()).not.toContain(`Reading ${seen},`);
    expect((await pictureOf(page)).equals(picture)).toBe(false);
    await demo.type("healthy", "del more");
  });

  test("collects by a button, and says what that brought", async () => {
    const page = await open("healthy");
    const { collections } = (await demo.rest.board("healthy")).counts;
    await page.getByRole("button", { name: "Collect now" }).click();
    const outcome = page.locator(".outcome");
    await expect
      .poll(() => outcome.textContent())
      .toMatch(/^(Reclaimed .*|Collected.*); the largest free block .*\.$/);
    expect((await demo.rest.board("healthy")).counts.collections).toBeGreaterThan(collections);
  });

  test("releases the port and attaches it again by buttons", async () => {
    const page = await open("healthy");
    await page.getByRole("button", { name: "Release", exact: true }).click();
    await expect.poll(() => page.locator(".outcome").textContent()).toMatch(/^Released: /);
    await until(
      () => demo.rest.board("healthy"),
      ({ state }) => state.kind === "released",
    );
    await page.locator(".verdict, .board-head", { hasText: "released" }).first().waitFor();
    const read = page.getByRole("button", { name: "Read map now" });
    await expect.poll(() => read.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("button", { name: "Attach", exact: true }).click();
    await until(
      () => demo.rest.board("healthy"),
      ({ state }) => state.kind === "ready",
    );
    await expect.poll(() => read.getAttribute("aria-disabled")).toBe("false");
  });

  test("answers whether a size fits", async () => {
    const page = await open("fragmenting");
    const size = page.getByRole("textbox", { name: "Allocate" });
    await size.fill("20k");
    const verdict = page.locator(".fit-verdict");
    await expect.poll(() => verdict.textContent()).toMatch(/are free, but the largest/);
    await size.fill("64");
    await expect.poll(() => verdict.textContent()).toContain("✓");
  });

  test("draws a day of charts, with collections", async () => {
    const page = await open("leaking", "?range=24h");
    await expect.poll(() => page.locator(".uplot canvas").count()).toBeGreaterThan(1);
    await expect
      .poll(() => page.locator("section", { hasText: "Collections" }).getByRole("row").count())
      .toBeGreaterThan(5);
    await expect.poll(() => page.locator("main").textContent()).toMatch(/\+[\d.]+ (B|KiB)\/h/);
  });

  test("shows what the board printed", async () => {
    const page = await open("healthy", "/console");
    const log = page.getByRole("log");
    await expect.poll(() => log.textContent(), { timeout: 20_000 }).toContain("sampled t=");
  });

  test("names a board that is not there", async () => {
    // The page asks whether history knows it.
    const { page } = await browser.open(`${demo.url}/#/boards/nobody`, { mayFail: /status of 404/ });
    await page.getByText("The daemon watches no board “nobody”").waitFor();
  });
});

/** The map's canvas as it is on the screen. */
function pictureOf(page: Page): Promise<Buffer> {
  return page.locator(".heap-map-stage canvas").screenshot();
}
