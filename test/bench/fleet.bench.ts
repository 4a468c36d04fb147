import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import type { BenchReport } from "./harness.ts";
import { cpuSeconds, peakResidentBytes } from "./process-usage.ts";

const emulatedCount = 2;
const fakeCount = 62;
const boardCount = emulatedCount + fakeCount;
const settleMs = 5_000;
const { FLEET_SECONDS = "60", FLEET_NODE_FLAGS = "" } = process.env;
const measureMs = Number(FLEET_SECONDS) * 1_000;

/** What is read without being asked for: one basic reading a second. */
const sampling = {
  readIntervalSeconds: 1,
  collectIntervalSeconds: 0,
  mapIntervalSeconds: 0,
  mapSharePercent: 0,
};

/**
 * The daemon with 64 boards, each read once a second, a history on disk and a client at its feed: two emulated boards and
 * 62 fakes behind TCP in another process. Limits: every reading taken, none skipped, one core, 300 MB. FLEET_SECONDS: how
 * long it is watched; FLEET_NODE_FLAGS: for the daemon's node, such as --cpu-prof.
 */
export async function run(report: BenchReport): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-fleet-"));
  const devices = spawn(
    process.execPath,
    ["--import", "tsx", resolve(import.meta.dirname, "fleet-devices.ts"), String(fakeCount)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  let daemon: ChildProcess | null = null;
  try {
    const ports = JSON.parse(await firstLine(devices, /^\[/)) as string[];
    const config = join(folder, "fleet.yaml");
    const boards = ports.map((port, index) => ({ port, name: `fake-${index + 1}` }));
    const settings = { autoAttach: false, emulate: emulatedCount, log: { level: "warn" }, sampling, boards };
    writeFileSync(config, JSON.stringify(settings));
    const flags = ["--listen", "127.0.0.1:0", "--database", join(folder, "history.db"), "--config", config];
    const nodeFlags = FLEET_NODE_FLAGS.split(" ").filter(Boolean);
    daemon = spawn(process.execPath, [...nodeFlags, "dist/cli/main.js", "serve", ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url = ""] = /http:\S+/.exec(await firstLine(daemon, / is up on /)) ?? [];
    await measure(report, url, daemon.pid ?? 0);
  } finally {
    daemon?.kill("SIGTERM");
    if (daemon) await once(daemon, "exit");
    devices.stdin.end();
    rmSync(folder, { recursive: true });
  }
}

async function measure(report: BenchReport, url: string, pid: number): Promise<void> {
  const client = feedClient(url);
  await allReady(url);
  await sleep(settleMs);

  const before = await countsOf(url);
  const [published, cpu, startMs] = [client.readings(), cpuSeconds(pid), performance.now()];
  await sleep(measureMs);
  const seconds = (performance.now() - startMs) / 1_000;
  const cpuShare = ((cpuSeconds(pid) - cpu) / seconds) * 100;
  const after = await countsOf(url);
  const received = client.readings() - published;
  client.close();

  const each = Math.floor(seconds);
  const expected = boardCount * each;
  const taken = after.readings - before.readings;
  const missed = after.missed - before.missed;
  const megabytes = peakResidentBytes(pid) / 1e6;
  const name = `fleet of ${boardCount}`;
  // All are read in the same moment, which may fall just outside the window.
  const limit = each / (each - 1);
  report.line(`${name}, readings taken, due`, `${taken}`, `${expected}`, expected / taken, limit);
  report.line(`${name}, readings at the feed, taken`, `${received}`, `${taken}`, taken / received, 1.01);
  const skipped = after.overlapped - before.overlapped;
  report.line(`${name}, missed, of these skipped by us`, `${missed}, ${skipped}`, "0", missed, 0);
  report.line(`${name}, share of a core`, `${cpuShare.toFixed(1)} %`, "100 %", cpuShare / 100, 1);
  report.line(
    `${name}, resident memory at its peak`,
    `${megabytes.toFixed(0)} MB`,
    "300 MB",
    megabytes / 300,
    1,
  );
}

async function allReady(url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 250) {
    const boards = await boardsOf(url);
    if (boards.length === boardCount && boards.every((board) => board.state.kind === "ready")) return;
    await sleep(250);
  }
  throw new Error("not every board became ready");
}

async function countsOf(url: string) {
  const boards = await boardsOf(url);
  const sum = (key: "readings" | "missed" | "overlapped"): number =>
    boards.reduce((total, board) => total + board.counts[key], 0);
  return { readings: sum("readings"), missed: sum("missed"), overlapped: sum("overlapped") };
}

async function boardsOf(url: string): Promise<readonly BoardSnapshot[]> {
  const response = await fetch(`${url}/api/v1/boards`);
  return (await response.json()) as BoardSnapshot[];
}

/** Counts the readings that the feed brings, those too that it told only the number of. */
function feedClient(url: string) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/feed`);
  let readings = 0;
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as { readonly type: string; readonly coalesced?: number };
    if (message.type === "hello") socket.send(JSON.stringify({ type: "subscribe", boards: ["*"] }));
    if (message.type === "reading") readings += 1 + (message.coalesced ?? 0);
  });
  return { readings: () => readings, close: () => socket.terminate() };
}

/** The first line of the child's output that matches. */
async function firstLine(child: ChildProcess, wanted: RegExp): Promise<string> {
  if (!child.stdout) throw new Error("the child has no output");
  for await (const line of createInterface({ input: child.stdout })) if (wanted.test(line)) return line;
  throw new Error("the child ended early");
}
