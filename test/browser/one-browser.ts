import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { writeDay } from "./demo/demo-boards.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the browser listens; null: there is none. */
    readonly browser: string | null;
    /** Why there is none, as a sentence. */
    readonly browserMissing: string;
    /** A history with a day of the demo's boards, to be copied. */
    readonly day: string;
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

/** One browser and one generated day for every file: to make one takes longer than most tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = browserMissing();
  project.provide("browserMissing", missing ?? "");
  if (missing !== null) {
    project.provide("browser", null);
    project.provide("day", "");
    if (process.env["REQUIRE_CHROMIUM"] === "1") throw new Error(`REQUIRE_CHROMIUM=1, but ${missing}.`);
    console.warn(`The tests in a browser are skipped: ${missing}.`);
    return async () => {};
  }
  const server = await chromium.launchServer(launchOptions);
  project.provide("browser", server.wsEndpoint());
  const folder = mkdtempSync(join(tmpdir(), "heapscope-day-"));
  const day = join(folder, "history.db");
  writeDay(day, Date.now());
  project.provide("day", day);
  return async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  };
}
