import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { SerialPort } from "serialport";
import { heapscopeError } from "../shared/errors.ts";
import { watchPresence } from "./device-presence.ts";
import { serialNumberAt } from "./list-ports.ts";
import { dropsAtClose, lineSteps } from "./modem-lines.ts";
import type { CloseReason, Port, PortOptions } from "./port.ts";
import { portHolder } from "./port-holder.ts";
import { portPath } from "./port-paths.ts";
import { lossReason, openError, openFailure } from "./serial-errors.ts";

/**
 * Opens a serial device with an exclusive lock, sets its modem lines, and sees to it that closing does not reset the board
 * (modem-lines). Throws port-not-found, port-busy with the program that has it, port-changed, port-permission, port-failed.
 */
export async function openSerialPort(
  url: string,
  path: string,
  options: PortOptions,
  signal?: AbortSignal,
): Promise<Port> {
  const device = await deviceAt(url, path);
  refuseOther(url, path, options.serialNumber);
  await refuseTaken(url, path);
  signal?.throwIfAborted();
  const serial = new SerialPort({
    path,
    baudRate: options.baudRate,
    // It only ever sets the flag; setDropAtClose() below says what it is to be.
    hupcl: false,
    lock: true,
    autoOpen: false,
    // One read takes a whole burst of a dump.
    highWaterMark: 64 * 1024,
  });
  const failure = await new Promise<Error | null>((resolve) => serial.open(resolve));
  if (failure) {
    const isBusy = openFailure(failure.message) === "busy";
    throw openError(url, failure, isBusy ? await portHolder(path) : null);
  }
  const port = serialPortOf(url, serial, device);
  try {
    signal?.throwIfAborted();
    await controlLines(serial, options);
    await forgetInput(serial);
    return port;
  } catch (error) {
    await port.close();
    throw error;
  }
}

/** A path such as /dev/ttyACM0 can pass to another board while this one is away. */
function refuseOther(url: string, path: string, serialNumber: string | undefined): void {
  const found = serialNumber === undefined ? null : serialNumberAt(path);
  if (serialNumber === undefined || found === null || found === serialNumber) return;
  throw heapscopeError("port-changed", { port: url, serialNumber, found });
}

/**
 * Opening raises DTR and RTS also for the program that has the port already, perhaps in the middle of flashing, so who has
 * it is looked for first. The path of a pseudo-terminal that is gone passes to the next one, perhaps somebody's shell.
 */
async function refuseTaken(url: string, path: string): Promise<void> {
  // Anything may be opened, but only terminals are written to; others fail at that.
  if (!/^\/dev\/(tty|cu\.|pts\/)/.test(portPath(path)?.device ?? "")) return;
  const holder = await portHolder(path);
  if (holder !== null) throw heapscopeError("port-busy", { port: url, holder });
}

/** What waits in the driver answers somebody else: a raw prompt among it would be taken for ours. */
function forgetInput(serial: SerialPort): Promise<void> {
  return new Promise((resolve) => serial.flush(() => resolve()));
}

/** A pseudo-terminal has no modem lines, which is no error. */
async function controlLines(serial: SerialPort, { kind = "unknown", dtr, rts }: PortOptions): Promise<void> {
  const binding: unknown = serial.port;
  if (typeof binding !== "object" || binding === null || !("fd" in binding)) return;
  const { fd } = binding;
  if (typeof fd !== "number") return;
  const steps = lineSteps(kind, { dtr, rts });
  const drops = dropsAtClose(kind);
  if (steps.length === 0 && drops === null) return;
  // Where the C library cannot be called, the lines stay as opening left them, which is right for most boards.
  const control = await import("./line-control.ts").catch(() => null);
  if (control === null) return;
  if (drops !== null) control.setDropAtClose(fd, drops);
  for (const lines of steps) if (!control.setLines(fd, lines)) return;
}

function serialPortOf(url: string, serial: SerialPort, device: Stats | null): Port {
  const closed = new Promise<CloseReason>((resolve) => {
    const vanished = (reason: string): void => resolve({ kind: "vanished", reason });
    const stopWatching =
      device === null
        ? () => {}
        : watchPresence(serial.path, device, () => {
            vanished("the device is gone");
            if (serial.isOpen) serial.close();
          });
    serial.on("error", (error) => vanished(lossReason(error)));
    serial.once("close", (error: Error | null) => {
      stopWatching();
      if (error) vanished(lossReason(error));
      else resolve({ kind: "closed" });
    });
  });
  return {
    url,
    closed,
    listen: (onBytes) => {
      serial.removeAllListeners("data");
      serial.on("data", onBytes);
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!serial.isOpen)
          return reject(
            heapscopeError("port-vanished", {
              port: url,
              reason: "it is closed",
            }),
          );
        serial.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (error) =>
          error
            ? reject(
                heapscopeError("port-vanished", {
                  port: url,
                  reason: lossReason(error),
                }),
              )
            : resolve(),
        );
      }),
    close: async () => {
      if (serial.isOpen) await new Promise<void>((resolve) => serial.close(() => resolve()));
      await closed;
    },
  };
}

/** serialport opens any file that the system lets it, so a path to something else is caught here. Null: no Unix path. */
async function deviceAt(url: string, path: string): Promise<Stats | null> {
  if (!path.startsWith("/")) return null;
  try {
    const found = await stat(path);
    if (found.isCharacterDevice()) return found;
    const what = found.isDirectory() ? "folder" : "file";
    throw heapscopeError("port-failed", { port: url, reason: `it is a ${what}, not a serial device` });
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR"))
      throw heapscopeError("port-not-found", { port: url });
    if (isErrno(error, "EACCES")) throw heapscopeError("port-permission", { port: url });
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
