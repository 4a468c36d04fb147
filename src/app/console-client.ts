import { createConnection, type Socket } from "node:net";
import { ByteSeeker } from "../protocol/byte-seeker.ts";
import { ByteCollector } from "../shared/byte-collector.ts";
import { utf8Text } from "../shared/bytes.ts";
import { systemClock } from "../shared/clock.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { readLine } from "./console-line.ts";
import { answerSchema, closingSchema, jsonLine, lineLimitBytes, parseLine } from "./console-wire.ts";
import { consolePlace, type DaemonAddress } from "./daemon-client.ts";

/** A board's console, through the daemon. */
export interface ConsoleLink {
  /** The board's name. */
  readonly board: string;
  /** The URL the daemon opened it by. */
  readonly port: string;
  /** It stands at its friendly prompt, which it showed before. */
  readonly atPrompt: boolean;
  /** Sets the one receiver of the board's bytes. Nothing is read before. A promise holds the board's bytes back. */
  listen(onBytes: (bytes: Uint8Array) => Promise<void> | null): void;
  /** Null: it may go on at once. Else resolves when it may; never rejects. */
  write(bytes: Uint8Array): Promise<void> | null;
  /** Gives the board back. Resolves when the daemon has heard of it. Twice does no harm. */
  leave(): Promise<void>;
  /** Resolves, never rejects, when it ends from either side, with the reason as half a sentence. */
  readonly closed: Promise<string>;
}

/** The daemon first ends what runs with the board, and its patience is shorter than this, ms. */
const ANSWER_MS = 15_000;
/** Longest wait for a daemon to hear that we left, ms. */
const LEAVE_MS = 1_000;

/**
 * Opens the console of a board of `daemon`. Throws daemon-absent, daemon-refused with the daemon's own words,
 * and console-unreachable.
 */
export async function openConsoleLink(
  daemon: DaemonAddress,
  board: string,
  signal: AbortSignal,
): Promise<ConsoleLink> {
  const { url } = daemon;
  const { path, startedAt } = await consolePlace(daemon);
  const socket = await connect(path, signal);
  const abandon = (): void => void socket.destroy();
  signal.addEventListener("abort", abandon, { once: true });
  try {
    socket.write(jsonLine({ board, startedAt }));
    const line = await readLine(socket, ANSWER_MS, systemClock).catch(() => "");
    const answer = parseLine(answerSchema, line);
    if (!answer)
      throw heapscopeError("daemon-refused", { url, detail: "nothing. It may be stopping just now." });
    if (!answer.ok) throw heapscopeError("daemon-refused", { url, detail: answer.message });
    return linkOf(socket, answer);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abandon);
  }
}

function linkOf(
  socket: Socket,
  { board, port, atPrompt, end }: { board: string; port: string; atPrompt: boolean; end: string },
): ConsoleLink {
  const seeker = new ByteSeeker({ end });
  const closing = new ByteCollector();
  let isClosing = false;
  let receive: (bytes: Uint8Array) => Promise<void> | null = () => null;

  const onData = (chunk: Buffer): void => {
    if (isClosing) {
      if (closing.length < lineLimitBytes) closing.add(chunk);
      return;
    }
    const { before, found } = seeker.seek(chunk);
    isClosing = found !== null;
    if (found) closing.add(chunk.subarray(found.usedBytes));
    const held = before.length > 0 ? receive(before) : null;
    if (!held) return;
    socket.pause();
    void held.then(() => socket.resume());
  };
  const closed = new Promise<string>((resolve) => {
    socket.once("close", () => {
      const words = parseLine(closingSchema, utf8Text(closing.whole()));
      resolve(words?.reason ?? "the daemon is gone");
    });
  });
  socket.on("error", () => {});
  return {
    board,
    port,
    atPrompt,
    closed,
    listen: (onBytes) => {
      receive = onBytes;
      socket.on("data", onData).resume();
    },
    write: (bytes) => {
      if (!socket.writable || socket.write(bytes)) return null;
      return Promise.race([
        new Promise<void>((resolve) => socket.once("drain", resolve)),
        closed.then(() => {}),
      ]);
    },
    leave: async () => {
      receive = () => null;
      socket.resume();
      socket.end();
      const cancel = systemClock.after(LEAVE_MS, () => socket.destroy());
      await closed;
      cancel();
    },
  };
}

function connect(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const aborted = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", aborted, { once: true });
    socket.once("error", (error: NodeJS.ErrnoException) => reject(unreachable(path, error)));
    socket.once("connect", () => {
      signal.removeEventListener("abort", aborted);
      socket.removeAllListeners("error");
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

function unreachable(path: string, error: NodeJS.ErrnoException): HeapscopeError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file here",
    EACCES: "it belongs to another user",
    ECONNREFUSED: "nobody listens there any more",
  };
  const reason = reasons[error.code ?? ""] ?? error.message;
  return heapscopeError("console-unreachable", { socket: path, reason });
}
