import type { Logger } from "pino";
import type { BoardRegistry } from "../board/registry.ts";
import type { Clock } from "../shared/clock.ts";
import type { Config } from "./config-schema.ts";
import type { ConsoleAudit } from "./console-audit.ts";
import { openConsoleSocket } from "./console-socket.ts";
import type { Environment } from "./console-socket-path.ts";
import { StopStack } from "./stop-stack.ts";
import { openTcpDoor, type TcpDoor } from "./tcp-door.ts";

export interface Consoles {
  readonly doors: readonly TcpDoor[];
  /** Path of the Unix socket; null: it could not be opened. */
  readonly socket: string | null;
  stop(): Promise<void>;
}

export interface ConsolesDeps {
  /** Of the API. */
  readonly url: string;
  readonly startedAt: string;
  readonly registry: BoardRegistry;
  readonly env: Environment;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: ConsoleAudit;
}

/** The ways to a board's console: a TCP port for each board that has one, a Unix socket for all. Throws console-port-failed. */
export async function startConsoles(boards: Config["boards"], deps: ConsolesDeps): Promise<Consoles> {
  const { registry, clock, log, audit } = deps;
  const started = new StopStack();
  try {
    const doors = boards.flatMap((board) =>
      board.consolePort === undefined ? [] : [{ port: board.consolePort, board: labelOf(board) }],
    );
    for (const door of doors) {
      const find = () => registry.atConsolePort(door.port);
      started.push(await openTcpDoor(door, { find, clock, log, audit }));
    }
    const socket = await openConsoleSocket({
      ...deps,
      api: new URL(deps.url).host.replace(":", "-"),
      find: (idOrName) => registry.find(idOrName),
    });
    if (socket) started.push(() => socket.stop());
    return { doors, socket: socket?.path ?? null, stop: () => started.stopAll() };
  } catch (error) {
    await started.stopAll();
    throw error;
  }
}

/** For people, before the board itself is known. */
function labelOf({ name, port, serialNumber }: Config["boards"][number]): string {
  return name ?? port?.replace(/^serial:/, "") ?? serialNumber ?? "?";
}
