import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { SerialPort } from "serialport";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { watchPresence } from "./device-presence.ts";
import type { CloseReason, Port, PortOptions } from "./port.ts";

/**
 * Opens a serial device with an exclusive lock and without HUPCL: with it, the last close would drop DTR and
 * reset boards whose reset line hangs on it.
 */
export async function openSerialPort(
  url: string,
  path: string,
  options: PortOptions,
  signal?: AbortSignal,
): Promise<Port> {
  const device = await deviceAt(url, path);
  signal?.throwIfAborted();
  const serial = new SerialPort({
    path,
    baudRate: options.baudRate,
    hupcl: false,
    lock: true,
    autoOpen: false,
    // One read takes a whole burst of a dump.
    highWaterMark: 64 * 1024,
  });
  await new Promise<void>((resolve, reject) => {
    serial.open((error) => (error ? reject(openError(url, error)) : resolve()));
  });
  const port = serialPortOf(url, serial, device);
  try {
    signal?.throwIfAborted();
    await setModemLines(serial, options);
  } catch (error) {
    await port.close();
    throw error;
  }
  return port;
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
    serial.on("error", (error) => vanished(plainReason(error)));
    serial.once("close", (error: Error | null) => {
      stopWatching();
      if (error) vanished(plainReason(error));
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
                  reason: plainReason(error),
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

/**
 * Both lines are named in one call because `set` resets the ones it is not given. DTR is asserted unless asked
 * otherwise (native USB boards send nothing without it), RTS is cleared last only together with DTR: RTS alone
 * asserted is reset on ESP boards. A pseudo-terminal has no modem lines (ENOTTY), which is no error.
 */
async function setModemLines(serial: SerialPort, options: PortOptions): Promise<void> {
  if (options.dtr === undefined && options.rts === undefined) return;
  const dtr = options.dtr ?? true;
  const rts = options.rts ?? dtr;
  await new Promise<void>((resolve, reject) => {
    serial.set({ dtr, rts }, (error) => {
      if (!error || /ENOTTY|ioctl/i.test(error.message)) resolve();
      else reject(heapscopeError("port-failed", { port: serial.path, reason: plainReason(error) }));
    });
  });
}

/** serialport reports system errors by text only. */
function openError(url: string, error: Error): HeapscopeError {
  const text = error.message;
  if (/lock|busy|EBUSY|temporarily unavailable/i.test(text))
    return heapscopeError("port-busy", { port: url });
  if (/permission|EACCES/i.test(text)) return heapscopeError("port-permission", { port: url });
  if (/no such|ENOENT|not found/i.test(text)) return heapscopeError("port-not-found", { port: url });
  const reason = /ioctl|ENOTTY/i.test(text) ? "it is not a serial device" : plainReason(error);
  return heapscopeError("port-failed", { port: url, reason });
}

function plainReason(error: Error): string {
  if (/bad file descriptor|EBADF|EIO|i\/o error|ENXIO|no such device/i.test(error.message))
    return "the device is gone";
  return error.message.replace(/^Error: /, "").replace(/\.$/, "");
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
