import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { allRead, type Demo, startDemo } from "./demo/demo.ts";
import { writeDay } from "./demo/demo-boards.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the browser listens; null: there is none. */
    readonly browser: string | null;
    /** Why there is none, as a sentence. */
    readonly browserMissing: string;
    /** The demo's daemon, and the folder that it lives in. */
    readonly demo: { readonly url: string; readonly folder: string };
  }
}

const { CHROMIUM = "/usr/bin/chromium" } = process.env;

/** How a browser is started here. As root, chromium runs only without its sandbox. */
export const launchOptions = {
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
};

/** Null: there is a browser. Else a sentence. Nothing is downloaded. */
export function browserMissing(): string | null {
  return existsSync(CHROMIUM)
    ? null
    : `there is no browser at ${CHROMIUM}; install Debian's chromium, or set CHROMIUM to one's path`;
}

/**
 * One browser and one demo for every file: to start them takes longer than most tests. The demo's three boards are watched with a
 * generated day behind them. A test that stops or restarts something has its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = browserMissing();
  project.provide("browserMissing", missing ?? "");
  if (missing !== null) {
    project.provide("browser", null);
    project.provide("demo", { url: "", folder: "" });
    if (process.env["REQUIRE_CHROMIUM"] === "1") throw new Error(`REQUIRE_CHROMIUM=1, but ${missing}.`);
    console.warn(`The tests in a browser are skipped: ${missing}.`);
    return async () => {};
  }
  const [server, demo] = await Promise.all([chromium.launchServer(launchOptions), demoWithADay()]);
  project.provide("browser", server.wsEndpoint());
  project.provide("demo", { url: demo.daemon.url, folder: demo.daemon.folder });
  return async () => {
    await server.close();
    await demo.stop();
  };
}

async function demoWithADay(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-day-"));
  try {
    const day = join(folder, "history.db");
    writeDay(day, Date.now());
    const demo = await startDemo(day);
    await allRead(demo);
    return demo;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
