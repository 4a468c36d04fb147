import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { SerialPort } from "serialport";
import WebSocket from "ws";
import { type AttachedPort, judgePort } from "../../src/app/list-attached.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { startDaemon } from "../../src/app/serve.ts";
import { READ } from "../../src/board/programs.ts";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { noUsb } from "../../src/transport/usb-facts.ts";
import type { BenchReport } from "./harness.ts";

const rounds = 12;
const limitMs = 2_000;

/**
 * From the moment a board is plugged in again, at another path, to its first stored reading. The daemon is told of ports as
 * by USB: by a list that it looks at when the fingerprint of the ports has changed. Floor: a bare script that knows the
 * path at once, opens it and reads once. Both include the board's boot.
 */
export async function run(report: BenchReport): Promise<void> {
  const ours = await oursMs();
  const floor = await floorMs();
  const text = (ms: number): string => `${ms.toFixed(0)} ms`;
  report.line("reconnect, median", text(median(ours)), text(median(floor)), median(ours) / limitMs, 1);
  report.line(
    "reconnect, slowest",
    text(Math.max(...ours)),
    text(Math.max(...floor)),
    Math.max(...ours) / limitMs,
    1,
  );
}

async function oursMs(): Promise<number[]> {
  const board = await startEmulatedBoard({ app: null });
  let plugged: AttachedPort | null = usbPort(board.path);
  const flags = Object.entries({ listen: "127.0.0.1:0", database: ":memory:" });
  const sources = flags.map(([key, value]) => ({ path: [key], value, origin: key }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags: sources }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone: false,
    listAttached: async () => (plugged ? [plugged] : []),
    portsFingerprint: () => plugged?.path ?? "none",
  });
  const feed = feedOf(daemon.url);
  try {
    await feed.reading();
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await board.unplug();
      plugged = null;
      // Long enough to be noticed, and back at another moment of the daemon's second each time.
      await sleep(1_200 + (round * 1_000) / rounds);
      await board.replug();
      const pluggedMs = performance.now();
      plugged = usbPort(board.path);
      await feed.reading();
      times.push(performance.now() - pluggedMs);
    }
    return times;
  } finally {
    feed.close();
    await daemon.stop();
    await board.stop();
  }
}

async function floorMs(): Promise<number[]> {
  const board = await startEmulatedBoard({ app: null });
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await board.unplug();
      await board.replug();
      const pluggedMs = performance.now();
      await readBare(board);
      times.push(performance.now() - pluggedMs);
    }
    return times;
  } finally {
    await board.stop();
  }
}

/** Opens, asks for the raw prompt, reads once, closes. */
async function readBare({ path }: EmulatedBoard): Promise<void> {
  const serial = new SerialPort({ path, baudRate: 115200, autoOpen: false, hupcl: false });
  await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  const ask = (text: string, end: string): Promise<void> =>
    new Promise((resolve) => {
      let received = "";
      serial.removeAllListeners("data");
      serial.on("data", (bytes: Buffer) => {
        received += bytes.toString("latin1");
        if (received.endsWith(end)) resolve();
      });
      serial.write(text, "latin1");
    });
  await ask("\r\x01", "raw REPL; CTRL-B to exit\r\n>");
  await ask("\x05A\x01", "\x01");
  await ask(`${READ}\x04`, "\x04>");
  await new Promise<void>((resolve) => serial.close(() => resolve()));
}

/** What a Pico at that path would look like. */
function usbPort(path: string): AttachedPort {
  const usb = { ...noUsb, vendorId: "2e8a", productId: "0005", serialNumber: "e6614103e7452d2f" };
  return judgePort({ ...usb, path, links: [] });
}

/** `reading()` resolves with the next one that the feed brings. */
function feedOf(url: string) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/feed`);
  let onReading = (): void => {};
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as { readonly type: string };
    if (message.type === "hello") socket.send(JSON.stringify({ type: "subscribe", boards: ["*"] }));
    if (message.type === "reading") onReading();
  });
  return {
    reading: () =>
      new Promise<void>((resolve) => {
        onReading = resolve;
      }),
    close: () => socket.terminate(),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >>> 1] ?? Number.NaN;
}
