import { createServer, type Socket } from "node:net";
import type { Logger } from "pino";
import type { Clock } from "../shared/clock.ts";
import { asHeapscopeError, heapscopeError } from "../shared/errors.ts";
import { auditedDialect, type ConsoleAudit } from "./console-audit.ts";
import { type ConsoleBoard, relayConsole, sayGoodbye } from "./console-relay.ts";
import { visitorDialect } from "./console-visitor.ts";

/** A TCP port on 127.0.0.1 at which other tools reach a board while the daemon owns its port. */
export interface TcpDoor {
  readonly port: number;
  /** The board's name or port, for people. */
  readonly board: string;
}

export interface TcpDoorDeps {
  /** The board behind it now; undefined while there is none. */
  readonly find: () => ConsoleBoard | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: nobody writes it down. */
  readonly audit?: ConsoleAudit;
}

const HOST = "127.0.0.1";
/** A client that went without a word is found out after this and some unanswered probes, ms. */
const KEEP_ALIVE_MS = 15_000;

/** Opens the door. The returned function shuts it and cuts who is inside. Throws console-port-failed. */
export async function openTcpDoor(door: TcpDoor, deps: TcpDoorDeps): Promise<() => Promise<void>> {
  const clients = new Set<Socket>();
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS, pauseOnConnect: true },
    (client) => {
      clients.add(client);
      // What went wrong with a client, its end tells as well.
      client.on("error", () => {});
      client.once("close", () => clients.delete(client));
      void serve(client, door, deps);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(door, error)));
    server.listen(door.port, HOST, resolve);
  });
  server.on("error", (error) => deps.log.warn({ error: String(error), ...door }, "A console port failed."));
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const client of clients) client.destroy();
    await closed;
  };
}

async function serve(client: Socket, door: TcpDoor, deps: TcpDoorDeps): Promise<void> {
  const { find, clock, log, audit = () => {} } = deps;
  const visit = { board: door.board, address: `tcp ${client.remoteAddress ?? HOST}` };
  // One that just left may have a successor already: its end is to be heard first.
  await new Promise((resolve) => setImmediate(resolve));
  try {
    const board = find();
    if (!board) {
      const state = `${door.board} is not there yet.`;
      throw heapscopeError("board-not-ready", { board: door.board, state });
    }
    const dialect = auditedDialect(visitorDialect(), () => audit(visit, null));
    const reason = await relayConsole(client, board, dialect, clock);
    log.debug({ ...door, reason }, "A console port's client is gone.");
  } catch (error) {
    const refusal = asHeapscopeError(error);
    const { code, message } = refusal;
    audit(visit, refusal);
    log.debug({ ...door, code }, message);
    sayGoodbye(client, `${message}\r\n`, clock);
  }
}

function listenError({ port, board }: TcpDoor, error: NodeJS.ErrnoException): Error {
  const reason =
    error.code === "EADDRINUSE"
      ? "it is already in use. Is another heapscope running?"
      : error.code === "EACCES"
        ? "only root may open ports below 1024."
        : `${error.message}.`;
  return heapscopeError("console-port-failed", { board, address: `${HOST}:${port}`, reason });
}
