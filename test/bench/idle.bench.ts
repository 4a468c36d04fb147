import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchReport } from "./harness.ts";
import { cpuSeconds, residentBytes } from "./process-usage.ts";

const settleMs = 10_000;
const measureMs = 60_000;

/**
 * The daemon with one emulated board at the default intervals, as `npm start` runs it: share of a core and resident
 * memory of its own process, the board's process apart. Limits: 1 % and 120 MB.
 */
export async function run(report: BenchReport): Promise<void> {
  const daemon = spawn(
    process.execPath,
    ["dist/cli/main.js", "serve", "--emulate", "1", "--listen", "127.0.0.1:0", "--database", ":memory:"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    await once(daemon.stdout, "data");
    await sleep(settleMs);
    const before = cpuSeconds(daemon.pid ?? 0);
    await sleep(measureMs);
    const share = ((cpuSeconds(daemon.pid ?? 0) - before) / (measureMs / 1000)) * 100;
    const megabytes = residentBytes(daemon.pid ?? 0) / 1e6;
    report.line("idle daemon, share of a core", `${share.toFixed(2)} %`, "1 %", share / 1, 1);
    report.line("idle daemon, resident memory", `${megabytes.toFixed(0)} MB`, "120 MB", megabytes / 120, 1);
  } finally {
    daemon.kill("SIGTERM");
    await once(daemon, "exit");
  }
}
