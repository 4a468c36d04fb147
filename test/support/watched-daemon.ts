import { pino } from "pino";
import { onTestFinished } from "vitest";
import { loadConfig } from "../../src/app/load-config.ts";
import { nodeSocket } from "../../src/app/node-socket.ts";
import { startDaemon } from "../../src/app/serve.ts";
import { connectFeed } from "../../src/client/connect-feed.ts";
import type { EventMessage, UnstoredMessage } from "../../src/client/feed-state.ts";
import { type Clock, systemClock } from "../../src/shared/clock.ts";
import { startFakeTcpBoard } from "./fake-tcp-board.ts";

export interface LogLine {
  /** pino's: 30 info, 40 warn, 50 error. */
  readonly level: number;
  readonly msg: string;
  readonly part?: string;
  readonly code?: string;
  readonly lost?: number;
}

/** A clock that goes with the machine's and can be set. */
export function settableClock(): Clock & { jump(ms: number): void } {
  let shiftMs = 0;
  return {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + shiftMs,
    jump: (ms) => {
      shiftMs += ms;
    },
  };
}

export interface WatchedOptions {
  readonly clock?: Clock;
  readonly alerts?: unknown;
}

/** A whole daemon that watches one quick board, "alice". */
export async function watchedDaemon(
  database: string,
  { clock = systemClock, alerts = {} }: WatchedOptions = {},
) {
  const board = await startFakeTcpBoard("a11ce");
  const settings = {
    listen: "127.0.0.1:0",
    database,
    autoAttach: false,
    alerts,
    boards: [{ port: board.url, name: "alice" }],
    sampling: { readIntervalSeconds: 0.1, collectIntervalSeconds: 0.5 },
  };
  const log: LogLine[] = [];
  const flags = Object.entries(settings).map(([key, value]) => ({ path: [key], value, origin: `--${key}` }));
  onTestFinished(() => board.stop());
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock,
    log: pino({ level: "info" }, { write: (line) => log.push(JSON.parse(line)) }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
  });
  onTestFinished(() => daemon.stop());
  return {
    daemon,
    log,
    /** What the log has of the history. */
    storeLines: () => log.filter(({ part }) => part === "history"),
    /** Status and parsed body; JSON.parse gives `any`, and the expectations check what is in it. */
    get: async (path: string) => {
      const response = await fetch(`${daemon.url}${path}`);
      return { status: response.status, body: JSON.parse(await response.text()) };
    },
    /** A client that follows by cursor. */
    follow: (after = 0) => {
      const events: EventMessage[] = [];
      const unstored: UnstoredMessage[] = [];
      const feed = connectFeed(
        { url: daemon.url, webSocket: nodeSocket(undefined), after, retry: { firstMs: 50, lastMs: 100 } },
        { onEvent: (event) => events.push(event), onUnstored: (event) => unstored.push(event) },
      );
      onTestFinished(() => feed.close());
      return { feed, events, unstored };
    },
  };
}
