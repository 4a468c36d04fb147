import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect, inject } from "vitest";
import { daemonRest } from "../../src/client/daemon-rest.ts";
import { commandBeside } from "./daemon.ts";

export const desktop = { width: 1280, height: 900 } as const;

export interface TestPage {
  readonly page: Page;
  /** What a page must never do: errors on its console, violations of its policy, requests to elsewhere. */
  readonly offences: readonly string[];
  close(): Promise<void>;
}

export interface TestBrowser {
  /**
   * A page in a profile of its own. `mayFail`: what its console may say of requests that a test lets fail, such as to a daemon
   * that is stopped: the browser itself writes it there.
   */
  open(url: string, options?: PageOptions): Promise<TestPage>;
  /** Closes the pages that are open; throws where one of them did what it must not. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export interface PageOptions extends BrowserContextOptions {
  readonly mayFail?: RegExp;
  /** Run in the page before anything else. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** The demo that all files share: its address, its REST, and commands beside its daemon. */
export function sharedDemo() {
  const { url, folder } = inject("demo");
  return {
    url,
    rest: daemonRest({ url, fetch }),
    /** Types `line` at the board's prompt, through the daemon; resolves with what the board said. */
    type: (board: string, line: string): Promise<string> =>
      commandBeside(folder, ["console", board, "--url", url, "--wait", "0.3"], `${line}\r`),
  };
}

/** Null where there is no browser; its tests are then to be skipped. */
export const browserAt = inject("browser");

export async function connectBrowser(): Promise<TestBrowser> {
  if (browserAt === null) throw new Error(inject("browserMissing"));
  return testBrowser(await chromium.connect(browserAt));
}

export function testBrowser(browser: Browser): TestBrowser {
  let open: TestPage[] = [];
  return {
    async open(url, { mayFail, before, ...options } = {}) {
      const context = await browser.newContext({ viewport: desktop, locale: "en-GB", ...options });
      const page = await context.newPage();
      const offences = watchOffences(page, new URL(url).host, mayFail);
      await before?.(page);
      await page.goto(url);
      const opened: TestPage = { page, offences, close: () => context.close() };
      open.push(opened);
      return opened;
    },
    async closePages() {
      const pages = open;
      open = [];
      const violations = await Promise.all(pages.map(({ page }) => violationsOf(page)));
      await Promise.all(pages.map((page) => page.close()));
      expect([...pages.flatMap(({ offences }) => offences), ...violations.flat()]).toEqual([]);
    },
    close: () => browser.close(),
  };
}

function watchOffences(page: Page, host: string, mayFail: RegExp | undefined): readonly string[] {
  const offences: string[] = [];
  page.on("pageerror", (error) => offences.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    const said = message.text();
    if (!["error", "warning"].includes(message.type()) || mayFail?.test(said)) return;
    offences.push(`console: ${said} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const { protocol, host: to } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && to !== host)
      offences.push(`request: ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) offences.push(`socket: ${socket.url()}`);
  });
  void page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { policyViolations: seen });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
      seen.push(`policy: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return offences;
}

async function violationsOf(page: Page): Promise<readonly string[]> {
  if (page.isClosed()) return [];
  return page.evaluate(() => (globalThis as { policyViolations?: string[] }).policyViolations ?? []);
}
