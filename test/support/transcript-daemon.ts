import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../../src/app/load-config.ts";
import { type Daemon, type DaemonOptions, startDaemon } from "../../src/app/serve.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { StoredEvent } from "../../src/store/store-types.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import type { Transcript } from "./transcript.ts";
import { serveTranscripts } from "./transcript-server.ts";

/** What the daemon made of a board, without ids, times and texts for people. */
export interface DaemonResult {
  /** When it was stopped. */
  readonly board: {
    readonly state: string;
    readonly facts: unknown;
    readonly counts: unknown;
  };
  /** Everything that was stored, in order. */
  readonly events: readonly unknown[];
}

/** The clock moves so far per turn of the event loop. */
const STEP_MS = 3;
/** Ends a test whose daemon and transcript wait for each other. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Runs the daemon, with a real TCP port and a file for its history but on a clock of its own, against recorded
 * connections; stops it where it was stopped then. Throws where it writes anything else.
 */
export async function playToDaemon(
  wires: readonly Transcript[],
  config: Readonly<Record<string, unknown>>,
): Promise<DaemonResult> {
  const clock = new ManualClock();
  const server = await serveTranscripts(wires, clock);
  const traffic = { sentBytes: 0, heardBytes: 0, isOpen: false };
  /** What is on its way takes none of the clock's time, however busy this machine is. */
  const goOn = async (): Promise<void> => {
    const isUnderway = traffic.sentBytes !== server.heardBytes || traffic.heardBytes !== server.sentBytes;
    if (traffic.isOpen && isUnderway) await settle();
    else await clock.advance(STEP_MS);
  };
  try {
    const options = { clock, openPort: counting(openPort, traffic) };
    return await watchBoard(server.url, config, options, goOn, async () => {
      while (!server.isDone) {
        if (server.problem) throw new Error(server.problem);
        if (clock.monotonicMs() > LONGEST_WAIT_MS) throw new Error("the transcript is not played to its end");
        await goOn();
      }
    });
  } finally {
    await server.stop();
  }
}

/** Keeps in `traffic` what went over the port that was opened last. */
function counting(
  open: typeof openPort,
  traffic: { sentBytes: number; heardBytes: number; isOpen: boolean },
): typeof openPort {
  return async (url, signal, options) => {
    const port = await open(url, signal, options);
    Object.assign(traffic, { sentBytes: 0, heardBytes: 0, isOpen: true });
    void port.closed.then(() => {
      traffic.isOpen = false;
    });
    return {
      ...port,
      listen: (onBytes) => {
        port.listen((bytes) => {
          traffic.heardBytes += bytes.length;
          onBytes(bytes);
        });
      },
      write: (bytes) => {
        traffic.sentBytes += bytes.length;
        return port.write(bytes);
      },
    };
  };
}

/** Runs the daemon with one board until `over` resolves. `goOn`: what makes time pass while it stops. */
export async function watchBoard(
  port: string,
  config: Readonly<Record<string, unknown>>,
  options: Pick<DaemonOptions, "clock" | "openPort">,
  goOn: () => Promise<void>,
  over: () => Promise<void>,
): Promise<DaemonResult> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-transcript-"));
  const file = join(folder, "history.db");
  try {
    const daemon = await startDaemon(configOf(config, port, file), {
      log: pino({ level: "silent" }),
      standInWhenAlone: false,
      listAttached: async () => [],
      portsFingerprint: () => "",
      ...options,
    });
    let board: DaemonResult["board"];
    try {
      await over();
      board = await boardOf(daemon);
    } finally {
      await stop(daemon, goOn);
    }
    return { board, events: eventsIn(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configOf(config: Readonly<Record<string, unknown>>, port: string, database: string) {
  const settings = { ...config, listen: "127.0.0.1:0", database, autoAttach: false, boards: [{ port }] };
  const flags = Object.entries(settings).map(([key, value]) => ({ path: [key], value, origin: key }));
  return loadConfig({ file: null, env: {}, flags });
}

async function stop(daemon: Daemon, goOn: () => Promise<void>): Promise<void> {
  let stopped = false;
  const stopping = daemon.stop().finally(() => {
    stopped = true;
  });
  while (!stopped) await goOn();
  await stopping;
}

async function boardOf({ url }: Daemon): Promise<DaemonResult["board"]> {
  const response = await fetch(`${url}/api/v1/boards`);
  const [board] = (await response.json()) as BoardSnapshot[];
  if (!board) throw new Error("the daemon knows no board");
  return { state: board.state.kind, facts: board.facts, counts: board.counts };
}

function eventsIn(file: string): readonly unknown[] {
  const store = openStore({ file });
  try {
    return store.eventsAfter(0, { limit: 10_000 }).map(plainEvent);
  } finally {
    store.close();
  }
}

function plainEvent(event: StoredEvent): unknown {
  switch (event.type) {
    case "reading": {
      const { id, boardId, at, source, durationMs, ...reading } = event.data;
      return { type: "reading", ...reading };
    }
    case "collection": {
      const { id, boardId, at, beforeId, afterId, ...collection } = event.data;
      return { type: "collection", ...collection };
    }
    case "missed":
      return { type: "missed", phase: event.data.phase, cause: event.data.cause };
    case "alert":
      return { type: "alert", rule: event.data.rule, state: event.data.state };
    case "board":
      return { type: "board", state: (event.data as BoardSnapshot).state.kind };
  }
}
