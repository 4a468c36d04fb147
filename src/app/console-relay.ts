import type { Socket } from "node:net";
import type { BoardConsole } from "../board/board-console.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import { orPatience } from "../board/exchange-gate.ts";
import type { Clock } from "../shared/clock.ts";
import { BoardFeed } from "./console-feed.ts";

/** A board that lends its console; a WatchedBoard is one. */
export interface ConsoleBoard {
  snapshot(): BoardSnapshot;
  openConsole(onBytes: (bytes: Uint8Array) => void): Promise<BoardConsole>;
}

/** What a client's bytes mean, besides those that are the board's. One per client. */
export interface Dialect {
  /** Said when the console is open, before any byte of the board. */
  greeting(console: BoardConsole): Uint8Array;
  hear(bytes: Uint8Array): Heard;
  /** The board's bytes as the client wants them. */
  say(bytes: Uint8Array): Uint8Array;
  /** Said last. `reason`: half a sentence. */
  farewell(reason: string): Uint8Array;
}

export interface Heard {
  readonly forBoard: Uint8Array;
  readonly answer: Uint8Array;
  /** Why such a client gets no console, as half a sentence; null: it does. */
  readonly unwelcome: string | null;
}

/** What may wait for a client that does not read. The board is never held back: it would hold up whatever runs on it. */
export const clientLimitBytes = 1024 * 1024;
/** How long what a client sent before it left may still take on its way to the board, ms. */
const LAST_BYTES_MS = 1_000;
/** How long a client may take to read what was said last, ms. */
const GOODBYE_MS = 2_000;

/**
 * Ties `client` to the board's console until either leaves, and ends it. Returns why, as half a sentence. Throws
 * board-not-ready, console-taken, board-occupied and port-vanished; the client is the caller's then.
 */
export async function relayConsole(
  client: Socket,
  board: ConsoleBoard,
  dialect: Dialect,
  clock: Clock,
): Promise<string> {
  const early: Uint8Array[] = [];
  let onBoardBytes = (bytes: Uint8Array): void => void early.push(bytes);
  const console = await board.openConsole((bytes) => onBoardBytes(bytes));

  const send = (bytes: Uint8Array): void => {
    if (bytes.length === 0 || !client.writable) return;
    client.write(bytes);
    if (client.writableLength > clientLimitBytes)
      console.close("the board printed faster than the client read");
  };
  const feed = new BoardFeed({
    write: (bytes) => console.write(bytes),
    clock,
    holdSource: () => client.pause(),
    resumeSource: () => client.resume(),
    onStuck: () => console.close("the board takes no bytes"),
  });
  const left = (): void => console.close("the client left");

  send(dialect.greeting(console));
  for (const bytes of early) send(dialect.say(bytes));
  onBoardBytes = (bytes) => send(dialect.say(bytes));
  client.on("data", (chunk: Buffer) => {
    const { forBoard, answer, unwelcome } = dialect.hear(chunk);
    send(answer);
    if (unwelcome !== null) console.close(unwelcome);
    else feed.push(forBoard);
  });
  client.once("end", () => void orPatience(feed.empty(), LAST_BYTES_MS, clock).then(left));
  client.once("close", () => {
    // One that said goodbye is gone too, but what it sent before may still be on its way.
    if (!client.readableEnded) left();
  });
  if (client.destroyed) left();
  client.resume();

  const reason = await console.closed;
  onBoardBytes = () => {};
  feed.stop();
  client.removeAllListeners("data");
  sayGoodbye(client, dialect.farewell(reason), clock);
  return reason;
}

/** Ends `client` with `words`, and cuts it where it does not read them. */
export function sayGoodbye(client: Socket, words: string | Uint8Array, clock: Clock): void {
  if (client.destroyed) return;
  const cancel = clock.after(GOODBYE_MS, () => client.destroy());
  client.once("close", cancel);
  // Read to the end: with unread bytes the system would reset the connection and throw our last words away.
  client.resume();
  if (client.writable) client.end(words);
}
