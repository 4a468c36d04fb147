import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished } from "vitest";

/** A TCP or Unix socket client for tests: bytes with deadlines. Text is latin1, a char per byte. */
export interface ByteClient {
  readonly socket: Socket;
  /** Everything received and not taken yet. */
  received(): string;
  write(data: string | Uint8Array): void;
  /** Takes and returns everything up to and including `text`. */
  waitFor(text: string, timeoutMs?: number): Promise<string>;
  ask(data: string | Uint8Array, answerEnd: string): Promise<string>;
  /** Resolves with what was not taken when the other side has ended or reset the connection. */
  readonly ended: Promise<string>;
}

/** Gone when the test ends. `place`: a TCP port on 127.0.0.1, or the path of a Unix socket. */
export async function openByteClient(place: number | string): Promise<ByteClient> {
  const socket = typeof place === "number" ? connect(place, "127.0.0.1") : connect(place);
  onTestFinished(() => void socket.destroy());
  let text = "";
  let check = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    check();
  });
  await once(socket, "connect");
  socket.on("error", () => {});
  const ended = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  const client: ByteClient = {
    socket,
    ended,
    received: () => text,
    write: (data) => void socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data),
    waitFor: (wanted, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const got = JSON.stringify(text.slice(-500));
          reject(new Error(`${JSON.stringify(wanted)} did not come in ${timeoutMs} ms; received ${got}`));
        }, timeoutMs);
        check = () => {
          const at = text.indexOf(wanted);
          if (at < 0) return;
          clearTimeout(timer);
          check = () => {};
          const taken = text.slice(0, at + wanted.length);
          text = text.slice(at + wanted.length);
          resolve(taken);
        };
        check();
      }),
    ask: (data, answerEnd) => {
      client.write(data);
      return client.waitFor(answerEnd);
    },
  };
  return client;
}

/** A TCP port on 127.0.0.1 that nobody listens at just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return address.port;
}

/** Polls with more patience than by default: the machine may have much else to do. */
export function eventually<Value>(look: () => Value) {
  return expect.poll(look, { timeout: 10_000 });
}
