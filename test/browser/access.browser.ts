/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startDaemon, type TestDaemon, until } from "./daemon.ts";
import { browserAt, connectBrowser, type TestBrowser } from "./page.ts";

/** The browser writes refused requests to its console by itself. */
const refused = /status of 40[13]|WebSocket connection to/;

describe.skipIf(browserAt === null)("who may look, and what there is to see", () => {
  let daemon: TestDaemon;
  let empty: TestDaemon;
  let browser: TestBrowser;
  beforeAll(async () => {
    const sampling = { readIntervalSeconds: 1 };
    [daemon, empty, browser] = await Promise.all([
      startDaemon({ config: { requireToken: true, emulate: 1, sampling } }),
      startDaemon({ config: { emulate: 0 } }),
      connectBrowser(),
    ]);
  });
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
    await Promise.all([daemon?.stop(), empty?.stop()]);
  });

  test("no token: it asks for one, and says how to make it", async () => {
    const { page } = await browser.open(daemon.url, { mayFail: refused });
    await page.getByRole("heading", { name: "This daemon asks for a token" }).waitFor();
    expect(await page.locator("main").textContent()).toContain("heapscope token create");
    expect(await page.locator(".boards").count()).toBe(0);
  });

  test("a wrong token is refused, a right one shows the boards until it is forgotten", async () => {
    const token = await newToken(daemon, "reader");
    await until(
      // It is taken as soon as the daemon has seen the file.
      () =>
        daemon
          .rest(token)
          .boards()
          .catch(() => []),
      ([board]) => board?.lastReading != null,
    );
    const { page } = await browser.open(daemon.url, { mayFail: refused });
    await page.getByLabel("Token").fill("hs_wrong");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByRole("heading", { name: "The token was not taken" }).waitFor();
    await page.getByLabel("Token").fill(token);
    await page.keyboard.press("Enter");
    await page.locator(".boards tbody tr").waitFor();
    await page.reload();
    await page.locator(".boards tbody tr").waitFor();
    expect(page.url()).not.toContain(token);
    await page.getByRole("button", { name: "Forget token" }).click();
    await page.getByLabel("Token").waitFor();
  });

  test("a token that may only read: acting is refused in the daemon's words, and one that may control is asked for", async () => {
    const [reader, controller] = [
      await newToken(daemon, "looker"),
      await newToken(daemon, "keeper", "control"),
    ];
    const [board] = await until(
      () =>
        daemon
          .rest(controller)
          .boards()
          .catch(() => []),
      ([first]) => first?.state.kind === "ready",
    );
    const { page } = await browser.open(daemon.url, {
      mayFail: refused,
      before: (opening) =>
        opening.addInitScript((token) => {
          if (sessionStorage.length === 0) sessionStorage.setItem("heapscope-token", token);
        }, reader),
    });
    await page.getByRole("link", { name: board?.name ?? "" }).click();
    await page.getByRole("button", { name: "Collect now" }).click();
    await page.locator(".board-head .failure", { hasText: "control" }).waitFor();
    await page.locator(".board-head input[type=password]").fill(controller);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Collect now" }).click();
    await expect.poll(() => page.locator(".outcome").textContent()).toMatch(/^(Reclaimed|Collected)/);
  });

  test("no board: it says how to get one", async () => {
    const { page } = await browser.open(empty.url);
    await page.getByRole("heading", { name: "No board yet" }).waitFor();
    const text = await page.locator("main").textContent();
    expect(text).toContain("heapscope ports");
    expect(text).toContain("heapscope serve --emulate 1");
  });
});

async function newToken(daemon: TestDaemon, name: string, scope = "read"): Promise<string> {
  return (await daemon.command(["token", "create", name, "--scope", scope])).trim();
}
