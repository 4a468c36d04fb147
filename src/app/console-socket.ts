import { randomBytes } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { Logger } from "pino";
import { bytesOf } from "../shared/bytes.ts";
import type { Clock } from "../shared/clock.ts";
import { asHeapscopeError, heapscopeError } from "../shared/errors.ts";
import { auditedDialect, type ConsoleAudit, type ConsoleVisit } from "./console-audit.ts";
import { readLine } from "./console-line.ts";
import { type ConsoleBoard, type Dialect, relayConsole, sayGoodbye } from "./console-relay.ts";
import { consoleSocketPath, type Environment, isSocketAlive } from "./console-socket-path.ts";
import { type ConsoleHello, helloSchema, jsonLine, parseLine } from "./console-wire.ts";

export interface ConsoleSocketDeps {
  /** Host and port of the daemon's API. */
  readonly api: string;
  readonly startedAt: string;
  readonly env: Environment;
  readonly find: (idOrName: string) => ConsoleBoard | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: nobody writes it down. */
  readonly audit?: ConsoleAudit;
}

export interface ConsoleSocket {
  readonly path: string;
  /** Closes it and cuts who is connected. */
  stop(): Promise<void>;
}

/** A client has so long to say which board it wants, ms. */
const HELLO_MS = 5_000;
/** More than a daemon has boards. */
const CLIENT_LIMIT = 256;

/**
 * Opens the Unix socket through which `heapscope console` reaches boards: for this user alone, where the HTTP API is
 * anybody's on this machine. Null where it cannot be opened, which is logged: boards are watched all the same.
 */
export async function openConsoleSocket(deps: ConsoleSocketDeps): Promise<ConsoleSocket | null> {
  try {
    return await open(deps);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.log.warn(`"heapscope console" will not work, its socket cannot be opened: ${reason}.`);
    return null;
  }
}

async function open(deps: ConsoleSocketDeps): Promise<ConsoleSocket> {
  const path = consoleSocketPath(deps.api, deps.env);
  if (await isSocketAlive(path)) throw new Error(`another daemon listens at ${path}`);
  rmSync(path, { force: true });
  const clients = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (client) => {
    clients.add(client);
    // What went wrong with a client, its end tells as well.
    client.on("error", () => {});
    client.once("close", () => clients.delete(client));
    void serve(client, deps);
  });
  server.maxConnections = CLIENT_LIMIT;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  server.on("error", (error) => deps.log.warn({ error: String(error) }, "The console socket failed."));
  return {
    path,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}

async function serve(client: Socket, deps: ConsoleSocketDeps): Promise<void> {
  const { find, startedAt, clock, log, audit = () => {} } = deps;
  let visit: ConsoleVisit = { board: null, address: "unix" };
  try {
    const hello = parseLine(helloSchema, await readLine(client, HELLO_MS, clock));
    if (!hello)
      throw heapscopeError("request-invalid", { detail: "its first line is no hello of heapscope's" });
    visit = { ...visit, board: hello.board };
    const board = boardOf(hello, startedAt, find);
    const { name, port } = board.snapshot();
    const dialect = auditedDialect(ownDialect(name, port), () => audit(visit, null));
    const reason = await relayConsole(client, board, dialect, clock);
    log.debug({ board: name, reason }, "A console's client is gone.");
  } catch (error) {
    const refusal = asHeapscopeError(error);
    const { code, message } = refusal;
    audit(visit, refusal);
    log.debug({ code }, message);
    sayGoodbye(client, jsonLine({ ok: false, code, message }), clock);
  }
}

function boardOf(hello: ConsoleHello, startedAt: string, find: ConsoleSocketDeps["find"]): ConsoleBoard {
  if (hello.startedAt !== startedAt) {
    throw heapscopeError("request-invalid", {
      detail: "it is meant for another daemon, on another machine perhaps",
    });
  }
  const board = find(hello.board);
  if (!board) throw heapscopeError("board-unknown", { board: hello.board });
  return board;
}

/** Bytes as they are, between our lines; see console-wire. */
function ownDialect(board: string, port: string): Dialect {
  const nothing = new Uint8Array(0);
  const end = randomBytes(16).toString("hex");
  return {
    greeting: ({ atPrompt }) => bytesOf(jsonLine({ ok: true, board, port, atPrompt, end })),
    hear: (bytes) => ({ forBoard: bytes, answer: nothing, unwelcome: null }),
    say: (bytes) => bytes,
    farewell: (reason) => bytesOf(`${end}${jsonLine({ reason })}`),
  };
}
