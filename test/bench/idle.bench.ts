import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchReport } from "./harness.ts";

const settleMs = 10_000;
const measureMs = 60_000;
const ticksPerSecond = 100;

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

/** User and system time, from /proc/PID/stat (proc(5), fields 14 and 15). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1]) * 1024;
}
