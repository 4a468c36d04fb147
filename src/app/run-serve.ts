import { homedir } from "node:os";
import type { Logger } from "pino";
import { systemClock } from "../shared/clock.ts";
import { openPort } from "../transport/open-port.ts";
import { listAttached, portsFingerprint } from "./list-attached.ts";
import { type ConfigSources, loadConfig } from "./load-config.ts";
import { createLogger } from "./logger.ts";
import { type PortRecorder, recordPorts } from "./record-ports.ts";
import { type Daemon, startDaemon } from "./serve.ts";
import { version } from "./version.ts";

/** npm passes a terminal's Ctrl-C on, so the same one may arrive twice. A later one does not wait any more. */
const SAME_SIGNAL_MS = 500;

/**
 * Loads the configuration, runs the daemon until SIGINT or SIGTERM, and stops it. `print` gets the text for people.
 * Without a file, an emulated board stands in where nothing is attached, unless `emulate` is set, if only to 0.
 * `recordDir`: where to keep what goes over the wire; null = nowhere.
 */
export async function runServe(
  sources: ConfigSources,
  print: (text: string) => void,
  recordDir: string | null,
): Promise<void> {
  const config = loadConfig(sources);
  const log = createLogger(config.log);
  const recorder = recordDir === null ? null : await recordTo(recordDir, log.child({ part: "recorder" }));
  const daemon = await startDaemon(config, {
    clock: systemClock,
    openPort: recorder?.openPort ?? openPort,
    log,
    standInWhenAlone: sources.file === null && !emulateGiven(sources),
    listAttached,
    portsFingerprint,
  });
  print(greeting(daemon, recordDir));
  await stopSignal();
  print("Stopping: boards go back to their friendly prompt.\n");
  await daemon.stop();
  await recorder?.finish();
}

/** Says once where a recording is, or that the disk failed. */
function recordTo(dir: string, log: Logger): Promise<PortRecorder> {
  return recordPorts(dir, openPort, systemClock, {
    onRecorded: (folder, port) => log.info({ folder }, `What went over ${port} is in ${folder}.`),
    onFailed: ({ code, message }) => log.warn({ code }, message),
  });
}

/** Whoever says how many emulated boards there are, if only 0, means it. */
function emulateGiven({ env, flags }: ConfigSources): boolean {
  return env["HEAPSCOPE_EMULATE"] !== undefined || flags.some(({ path }) => path[0] === "emulate");
}

/** What `serve` says when it is up. */
export function greeting(daemon: Daemon, recordDir: string | null): string {
  const rows = [
    ["Dashboard", `${daemon.url}/`],
    ["API", `${daemon.url}/api/v1/boards`],
    ["Feed", `${daemon.url.replace(/^http/, "ws")}/api/v1/feed`],
    ["Docs", `${daemon.url}/docs`],
    ["History", daemon.databaseFile.replace(homedir(), "~")],
    ...(daemon.validTokens === null ? [] : [["Access", `with a token (${daemon.validTokens} valid)`]]),
    ...(recordDir === null ? [] : [["Recorded", recordDir]]),
    ...daemon.ports.map((port) => ["Board", port]),
    ...daemon.emulatedPorts.map((port) => ["Board", `${port} (emulated)`]),
    ...daemon.doors.map(({ port, board }) => ["Console", `rfc2217://127.0.0.1:${port} (${board})`]),
  ];
  const lines = rows.map(([label = "", value = ""]) => `  ${label.padEnd(11)}${value}`);
  const boards = daemon.ports.length + daemon.emulatedPorts.length;
  const note = daemon.standIn
    ? "No MicroPython board is attached, so an emulated board stands in: real MicroPython with a\ndemo application, behind a pseudo-terminal. A board that is plugged in is watched at once."
    : boards === 0
      ? 'There is no board to watch. "heapscope ports" shows what is attached and why it is left alone.'
      : `Watching ${boards} ${boards === 1 ? "board" : "boards"}.`;
  return `heapscope ${version} is up on ${daemon.url}\n\n${lines.join("\n")}\n\n${note}\nCtrl-C stops it.\n\n`;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | null = null;
    const stop = (): void => {
      const nowMs = performance.now();
      if (firstMs === null) {
        firstMs = nowMs;
        resolve();
      } else if (nowMs - firstMs > SAME_SIGNAL_MS) {
        process.exit(1);
      }
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
