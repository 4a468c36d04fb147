/// <reference lib="dom" />
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { bundleBytes, bundleLimitBytes } from "../browser/bundle.ts";
import { startDaemon, type TestDaemon, until } from "../browser/daemon.ts";
import { browserMissing, launchOptions } from "../browser/one-browser.ts";
import type { BenchReport } from "./harness.ts";

const boardCount = 64;
const paintLimitMs = 500;
const busyLimit = 0.1;
const drawLimitMs = 50;
const frameMs = 1000 / 60;
const rounds = 5;
const settleMs = 10_000;
const panMs = 3_000;
/** How long 64 boards are watched; 10 for what the README says. */
const watchMs = Number(process.env["BENCH_MINUTES"] ?? 1) * 60_000;

/**
 * The page in headless chromium: its files gzipped; the first board's row on the screen after navigation began; the main thread
 * and the memory of an overview of 64 boards, each read every second; and the map of an 8 MB heap. Floors: an empty page, an empty
 * frame loop. Without a browser it says so and measures the files alone.
 */
export async function run(report: BenchReport): Promise<void> {
  const bytes = bundleBytes().reduce((sum, { gzipped }) => sum + gzipped, 0);
  const text = (kilobytes: number): string => `${(kilobytes / 1024).toFixed(1)} KiB`;
  report.line("page, all files gzipped", text(bytes), text(bundleLimitBytes), bytes / bundleLimitBytes, 1);
  const missing = browserMissing();
  if (missing !== null) {
    console.log(`The rest is not measured: ${missing}.`);
    return;
  }
  const browser = await chromium.launch(launchOptions);
  try {
    await fleet(report, browser);
    await largeHeap(report, browser);
  } finally {
    await browser.close();
  }
}

async function fleet(report: BenchReport, browser: Browser): Promise<void> {
  const devices = spawn(
    process.execPath,
    ["--import", "tsx", resolve(import.meta.dirname, "fleet-devices.ts"), String(boardCount)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  let daemon: TestDaemon | null = null;
  try {
    const [line] = (await once(createInterface({ input: devices.stdout }), "line")) as [string];
    const ports = JSON.parse(line) as readonly string[];
    daemon = await startDaemon({
      config: {
        sampling: {
          readIntervalSeconds: 1,
          collectIntervalSeconds: 0,
          mapIntervalSeconds: 0,
          mapSharePercent: 0,
        },
        boards: ports.map((port, index) => ({ port, name: `board-${index + 1}` })),
      },
    });
    const { rest, url } = daemon;
    await until(
      () => rest().boards(),
      (boards) => boards.length === boardCount && boards.every(({ counts }) => counts.readings > 2),
    );
    await firstPaint(report, browser, url);
    await busyAndMemory(report, browser, url);
  } finally {
    await daemon?.stop();
    devices.stdin.end();
  }
}

async function firstPaint(report: BenchReport, browser: Browser, url: string): Promise<void> {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await paintedMs(browser, url, ".boards tbody tr"));
    // The page that the daemon has for its icon is as empty as one can be.
    floor.push(await paintedMs(browser, `${url}/favicon.svg`, "*"));
  }
  const [median, least] = [medianOf(ours), medianOf(floor)];
  report.line("page, first board painted", ms(median), ms(paintLimitMs), median / paintLimitMs, 1);
  report.line("page, an empty page painted", ms(least), ms(median), least / median, 1);
}

/** From the start of the navigation to the frame after `selector` is there. In a profile of its own, so nothing is cached. */
async function paintedMs(browser: Browser, url: string, selector: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript({ content: notePaint(selector) });
    await page.goto(url);
    // Not waitForFunction, which the page's policy does not let in.
    const paintedAt = (): Promise<number | undefined> =>
      page.evaluate(() => (globalThis as { paintedAt?: number }).paintedAt);
    return (await until(paintedAt, (at) => at !== undefined)) ?? Number.NaN;
  } finally {
    await context.close();
  }
}

/** As text: tsx puts calls of a helper into functions, which the page does not have. */
function notePaint(selector: string): string {
  // What was there in one frame is on the screen when the next one begins.
  return `(function look() {
    if (document.querySelector(${JSON.stringify(selector)}) === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => { globalThis.paintedAt = performance.now(); });
  })();`;
}

const noteFrames = `{
  const frames = globalThis.frames = [];
  let last = performance.now();
  requestAnimationFrame(function note(now) {
    frames.push(now - last);
    last = now;
    requestAnimationFrame(note);
  });
}`;

async function busyAndMemory(report: BenchReport, browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page
      .locator(".boards tbody tr")
      .nth(boardCount - 1)
      .waitFor();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable");
    // What is kept of each board is full after 150 readings.
    await sleep(watchMs > 60_000 ? 160_000 : settleMs);
    const heapBefore = await heapBytes(cdp);
    const [busy, startMs] = [await taskSeconds(cdp), performance.now()];
    await sleep(watchMs);
    const share = (await taskSeconds(cdp)) - busy;
    const ours = share / ((performance.now() - startMs) / 1000);
    const heapAfter = await heapBytes(cdp);
    const name = `page, ${boardCount} boards`;
    const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
    report.line(`${name}, main thread busy`, percent(ours), percent(busyLimit), ours / busyLimit, 1);
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
    const minutes = (watchMs / 60_000).toFixed(0);
    report.line(
      `${name}, JS heap after ${minutes} min, before`,
      megabytes(heapAfter),
      megabytes(heapBefore),
      heapAfter / heapBefore,
      // In the first two and a half minutes the readings of each board are being gathered, 150 of them.
      watchMs > 300_000 ? 1.2 : 2,
    );
  } finally {
    await context.close();
  }
}

async function largeHeap(report: BenchReport, browser: Browser): Promise<void> {
  const board = await startEmulatedBoard({ heapBytes: 8 * 1024 * 1024 });
  let daemon: TestDaemon | null = null;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const sampling = {
      readIntervalSeconds: 2,
      collectIntervalSeconds: 0,
      mapIntervalSeconds: 0,
      mapSharePercent: 0,
    };
    daemon = await startDaemon({ config: { sampling, boards: [{ port: board.url, name: "large" }] } });
    const { rest, url } = daemon;
    await until(
      () => rest().boards(),
      ([first]) => first?.state.kind === "ready",
    );
    const page = await context.newPage();
    const floor = await framesWhile(page, () => sleep(panMs));
    await rest().read("large", { map: true });
    await page.goto(`${url}/#/boards/large`);
    for (let round = 0; round < rounds; round++) {
      const before = (await measures(page, "heap-map-draw")).length;
      await rest().read("large", { map: true });
      await until(
        () => measures(page, "heap-map-draw"),
        (drawn) => drawn.length > before,
      );
    }
    const draw = medianOf(await measures(page, "heap-map-draw"));
    report.line("page, map of 8 MB drawn", ms(draw), ms(drawLimitMs), draw / drawLimitMs, 1);

    await page.locator(".heap-map-stage").focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press("+");
    const frames = await framesWhile(page, () => drag(page));
    const pan = medianOf(await measures(page, "heap-map-pan"));
    report.line("page, map of 8 MB panned, a frame's drawing", ms(pan), ms(frameMs), pan / frameMs, 1);
    const rate = (of: readonly number[]): number =>
      (1000 * of.length) / of.reduce((sum, one) => sum + one, 0);
    report.line(
      "page, map of 8 MB panned, frames a second",
      rate(frames).toFixed(1),
      rate(floor).toFixed(1),
      rate(floor) / rate(frames),
      1.05,
    );
  } finally {
    await context.close();
    await daemon?.stop();
    await board.stop();
  }
}

/** Drags the map in circles with the mouse, as fast as a hand's moves come. */
async function drag(page: Page): Promise<void> {
  const box = await page.locator(".heap-map-stage canvas").boundingBox();
  if (box === null) throw new Error("the map is not on the screen");
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height, 600) / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const untilMs = performance.now() + panMs;
  for (let angle = 0; performance.now() < untilMs; angle += 0.1) {
    await page.mouse.move(x + 90 * Math.cos(angle), y + 90 * Math.sin(angle));
  }
  await page.mouse.up();
}

/** The times between frames, ms, of a page while `work` goes on. */
async function framesWhile(page: Page, work: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(noteFrames);
  await work();
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  return frames.slice(1);
}

/** Durations, ms. */
function measures(page: Page, name: string): Promise<readonly number[]> {
  return page.evaluate(
    (wanted) => performance.getEntriesByName(wanted, "measure").map(({ duration }) => duration),
    name,
  );
}

async function taskSeconds(cdp: CDPSession): Promise<number> {
  return metric(cdp, "TaskDuration");
}

async function heapBytes(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  return metric(cdp, "JSHeapUsedSize");
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >>> 1] ?? Number.NaN;
}

function ms(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}
