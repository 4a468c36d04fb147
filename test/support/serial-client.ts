import { existsSync } from "node:fs";
import { SerialPort } from "serialport";

/** A bare serial client for tests: no protocol, just bytes with deadlines. Text is latin1, a char per byte. */
export interface SerialClient {
  readonly path: string;
  /** Everything received and not taken yet. */
  received(): string;
  write(data: string | Uint8Array): Promise<void>;
  /** Takes and returns everything up to and including `text`; fails after `timeoutMs`, telling what came. */
  waitFor(text: string, timeoutMs?: number): Promise<string>;
  /** Takes exactly `count` bytes. */
  waitForBytes(count: number, timeoutMs?: number): Promise<string>;
  /** write, then waitFor. */
  ask(data: string | Uint8Array, answerEnd: string, timeoutMs?: number): Promise<string>;
  /** Resolves when the port vanishes. */
  readonly hungUp: Promise<void>;
  close(): Promise<void>;
}

export async function openSerialClient(path: string): Promise<SerialClient> {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false, hupcl: false });
  let text = "";
  let check: () => void = () => {};
  port.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    check();
  });
  port.on("error", () => {});
  const hungUp = new Promise<void>((resolve) => {
    // serialport can miss a hang-up (see src/transport/device-presence.ts), so the device file counts too.
    const gone = (): void => {
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(() => {
      if (!existsSync(path)) gone();
    }, 50);
    port.once("close", gone);
  });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));

  const take = (end: () => number, what: string, timeoutMs: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        check = () => {};
        reject(
          new Error(
            `${what} did not come within ${timeoutMs} ms; received ${JSON.stringify(text.slice(-500))}`,
          ),
        );
      }, timeoutMs);
      check = () => {
        const at = end();
        if (at < 0) return;
        clearTimeout(timer);
        check = () => {};
        const taken = text.slice(0, at);
        text = text.slice(at);
        resolve(taken);
      };
      check();
    });

  const client: SerialClient = {
    path,
    received: () => text,
    write: (data) =>
      new Promise((resolve, reject) => {
        port.write(typeof data === "string" ? Buffer.from(data, "latin1") : Buffer.from(data), (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    waitFor: (wanted, timeoutMs = 5_000) =>
      take(
        () => {
          const at = text.indexOf(wanted);
          return at < 0 ? -1 : at + wanted.length;
        },
        JSON.stringify(wanted),
        timeoutMs,
      ),
    waitForBytes: (count, timeoutMs = 5_000) =>
      take(() => (text.length >= count ? count : -1), `${count} bytes`, timeoutMs),
    async ask(data, answerEnd, timeoutMs) {
      await client.write(data);
      return client.waitFor(answerEnd, timeoutMs);
    },
    hungUp,
    close: () =>
      new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
  return client;
}
