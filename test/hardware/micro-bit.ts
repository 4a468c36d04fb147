import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Real MicroPython 1.9.2 firmware in QEMU. Whoever starts it stops it. */
export interface MicroBit {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where Debian's package firmware-microbit-micropython puts it. */
const {
  MICROBIT_FIRMWARE: firmware = "/usr/share/firmware-microbit-micropython/firmware.hex",
  PATH: searchPath = "",
} = process.env;

/** What keeps a micro:bit from being started here, as a sentence; null when nothing does. */
export function microBitMissing(): string | null {
  const missing: string[] = [];
  if (!onPath("qemu-system-arm")) missing.push("qemu-system-arm is not installed");
  if (!onPath("setpriv")) missing.push("setpriv (util-linux) is not installed");
  if (!can(firmware, constants.R_OK)) missing.push(`there is no ${firmware}`);
  return missing.length === 0
    ? null
    : `${missing.join(", ")}; apt-get install qemu-system-arm firmware-microbit-micropython`;
}

/** Its serial port behind a TCP port that the system chose. */
export async function startMicroBitOverTcp(): Promise<MicroBit> {
  // Another program may take the port between our look and QEMU's.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    // Without nodelay QEMU's answers wait 40 ms each for the acknowledgement of their first byte.
    const qemu = startQemu(`tcp:127.0.0.1:${port},server,nowait,nodelay`);
    if (await accepts(port, qemu)) return { url: `tcp://127.0.0.1:${port}`, stop: () => stop(qemu) };
    await stop(qemu);
    if (attempt === 3 || !qemu.output().includes("in use")) throw new Error(`QEMU said: ${qemu.output()}`);
  }
}

/** Its serial port as a pseudo-terminal. */
export async function startMicroBitOverPty(): Promise<MicroBit> {
  const qemu = startQemu("pty");
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    const path = /char device redirected to (\/dev\/\S+) /.exec(qemu.output())?.[1];
    if (path) return { url: `serial:${path}`, stop: () => stop(qemu) };
    if (qemu.ended()) break;
    await pause(20);
  }
  await stop(qemu);
  throw new Error(`QEMU named no pseudo-terminal. It said: ${qemu.output()}`);
}

interface Qemu {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  ended(): boolean;
  output(): string;
}

function startQemu(serial: string): Qemu {
  const board = ["-M", "microbit", "-device", `loader,file=${firmware}`];
  const surroundings = ["-nographic", "-monitor", "none", "-serial", serial];
  // setpriv becomes QEMU, and has the kernel end it with us, however that comes.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "qemu-system-arm", ...board, ...surroundings], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true;
      resolve();
    };
    child.once("error", end);
    child.once("close", end);
  });
  return { child, exited, ended: () => ended, output: () => output };
}

async function stop({ child, exited }: Qemu): Promise<void> {
  child.kill("SIGTERM");
  const grace = setTimeout(() => child.kill("SIGKILL"), 2_000);
  await exited;
  clearTimeout(grace);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Whether the port takes connections before QEMU ends or ten seconds are over. */
async function accepts(port: number, qemu: Qemu): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 10_000 && !qemu.ended(); waitedMs += 50) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.once("connect", () => socket.end());
      socket.once("error", () => resolve(false));
      socket.once("close", (hadError) => resolve(!hadError));
      socket.resume();
    });
    // Connected to whoever holds the port: QEMU, unless it ended because it is not its own.
    await pause(50);
    if (connected) return !qemu.ended();
  }
  return false;
}

function onPath(program: string): boolean {
  const folders = searchPath.split(delimiter);
  return folders.some((folder) => can(join(folder, program), constants.X_OK));
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
