/// <reference lib="dom" />
import { join } from "node:path";
import type { Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { startDaemon, type TestDaemon, until } from "./daemon.ts";
import { browserAt, connectBrowser, type TestBrowser } from "./page.ts";

const sampling = {
  readIntervalSeconds: 0.5,
  collectIntervalSeconds: 2,
  mapIntervalSeconds: 5,
  mapSharePercent: 20,
};
/** What the browser itself says of a daemon that is not there. */
const cannotConnect =
  /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection to/;

/** The page asks by HTTP why its feed was not opened. */
const cutOff = /status of 426|WebSocket connection to/;

describe.skipIf(browserAt === null)("when something is wrong with the connection or the board", () => {
  let board: EmulatedBoard;
  let daemon: TestDaemon;
  let browser: TestBrowser;
  beforeAll(async () => {
    [board, browser] = await Promise.all([
      startEmulatedBoard({ app: join(import.meta.dirname, "apps/healthy.py") }),
      connectBrowser(),
    ]);
    daemon = await startDaemon({
      config: { sampling, boards: [{ port: board.url, name: "greenhouse" }] },
    });
    await until(
      () => daemon.rest().boards(),
      ([first]) => (first?.counts.maps ?? 0) > 0,
    );
  });
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
    await daemon?.stop();
    await board?.stop();
  });

  test("a daemon that is gone: a banner, old numbers grey with their age; and nothing is lost when it is back", async () => {
    const { page } = await browser.open(daemon.url, { mayFail: cannotConnect });
    const row = page.locator(".boards tbody tr");
    await row.waitFor();
    await expect.poll(() => status(page)).toBe("Live");
    const ages = row.locator(".age");
    expect(await ages.textContent()).not.toContain("old");
    const fresh = await colourOf(page, ".boards td.number");

    await daemon.halt();
    await page.locator(".banner-critical", { hasText: "No connection to the daemon" }).waitFor();
    expect(await status(page)).toMatch(/Not connected|Connecting/);
    await page.locator(".boards tr.is-old").waitFor({ timeout: 10_000 });
    expect(await ages.textContent()).toMatch(/^\d+ s ago, old$/);
    expect(await colourOf(page, ".boards td.number")).not.toBe(fresh);
    expect(await row.locator(".badge-old").textContent()).toMatch(/last known: ready$/);
    expect(await page.locator("h1").textContent()).toMatch(/^Last known, \d+ s ago: The board was fine$/);
    const received = feedMessages(page);

    await daemon.start();
    await expect.poll(() => status(page), { timeout: 15_000 }).toBe("Live");
    expect(await page.locator(".banner").count()).toBe(0);
    await expect.poll(() => ages.textContent()).not.toContain("old");
    expect(await page.locator(".boards tr.is-old").count()).toBe(0);
    // It went on from its cursor: what the daemon stored before the page was back came, in order and each once.
    const cursors = received().flatMap(({ cursor }) => (typeof cursor === "number" ? [cursor] : []));
    const stored = await storedSince(daemon, cursors[0] ?? 0);
    expect(cursors).toEqual([...new Set(cursors)].sort((one, other) => one - other));
    expect(cursors.length).toBeGreaterThan(2);
    expect(stored.filter((id) => id < (cursors.at(-1) ?? 0) && !cursors.includes(id))).toEqual([]);
  });

  test("coming back to many events: how far behind it is shows until all have come", async () => {
    const slow = slowedFeed();
    const { page } = await browser.open(daemon.url, { mayFail: cutOff, before: slow.install });
    await expect.poll(() => status(page)).toBe("Live");
    slow.cut();
    await expect.poll(() => status(page)).not.toBe("Live");
    const before = (await daemon.rest().board("greenhouse")).counts.readings;
    await until(
      () => daemon.rest().board("greenhouse"),
      ({ counts }) => counts.readings > before + 3,
    );
    slow.hold();
    await page.locator(".banner-info", { hasText: "Catching up with what happened meanwhile" }).waitFor();
    expect(await status(page)).toMatch(/^Catching up: \d+ events behind$/);
    slow.release();
    await expect.poll(() => status(page)).toBe("Live");
    expect(await page.locator(".banner-info").count()).toBe(0);
  });

  test("a board that is unplugged while it is watched, and plugged in again", async () => {
    const { page } = await browser.open(daemon.url);
    const row = page.locator(".boards tbody tr");
    await row.locator(".badge", { hasText: "ready" }).waitFor();
    await board.unplug();
    await row.locator(".badge", { hasText: /disconnected|connecting/ }).waitFor();
    await expect.poll(() => row.getAttribute("class"), { timeout: 10_000 }).toContain("is-old");
    expect(await row.locator(".why").textContent()).not.toBe("");
    await board.replug();
  });
});

function status(page: Page): Promise<string | null> {
  return page.locator(".connection").textContent();
}

function colourOf(page: Page, selector: string): Promise<string> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).color);
}

/** What comes over feeds that the page opens from now on. */
function feedMessages(page: Page): () => readonly { readonly cursor?: unknown }[] {
  const received: { readonly cursor?: unknown }[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      const message = JSON.parse(String(payload)) as { readonly type: string; readonly cursor?: unknown };
      if (["reading", "collection", "missed", "alert", "board"].includes(message.type))
        received.push(message);
    });
  });
  return () => received;
}

async function storedSince(daemon: TestDaemon, first: number): Promise<readonly number[]> {
  const readings = await daemon.rest().readings("greenhouse", { after: Math.max(0, first - 1), limit: 500 });
  return readings.flatMap(({ id }) => (id === null ? [] : [id]));
}

/** Stands between the page and the feed. */
function slowedFeed() {
  let current: { readonly page: WebSocketRoute; readonly server: WebSocketRoute } | null = null;
  let isHeld = false;
  let isCut = false;
  let held: (() => void)[] = [];
  return {
    install: (page: Page) =>
      page.routeWebSocket(/\/api\/v1\/feed/, (route) => {
        if (isCut) {
          void route.close({ code: 1012 });
          return;
        }
        const server = route.connectToServer();
        current = { page: route, server };
        server.onMessage((message) => {
          const { type } = JSON.parse(String(message)) as { readonly type: string };
          if (isHeld && type !== "hello") held.push(() => route.send(message));
          else route.send(message);
        });
      }),
    /** Ends the connection; new ones end at once. */
    cut: () => {
      isCut = true;
      void current?.page.close({ code: 1012 });
    },
    /** Lets the page connect, and keeps back what the server says after its hello. */
    hold: () => {
      isCut = false;
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      for (const send of held) send();
      held = [];
    },
  };
}
