import type { Logger } from "pino";
import { buildApi } from "../api/build-api.ts";
import { FeedHub } from "../api/feed.ts";
import { BoardRegistry } from "../board/registry.ts";
import { startEmulatedBoard } from "../emulator/emulated-board.ts";
import type { Clock } from "../shared/clock.ts";
import { heapscopeError } from "../shared/errors.ts";
import { openLastingStore } from "../store/lasting-store.ts";
import { openPort } from "../transport/open-port.ts";
import { alertRules } from "./alert-rules.ts";
import { AlertWatch } from "./alert-watch.ts";
import { analyzeHistory, compareMaps, trendOf } from "./board-analysis.ts";
import { boardSettings } from "./board-settings.ts";
import { chooseBoards } from "./choose-boards.ts";
import type { Config } from "./config-schema.ts";
import { consoleAudit } from "./console-audit.ts";
import type { Environment } from "./console-socket-path.ts";
import { decodeMap } from "./decode-map.ts";
import { expandHome } from "./expand-home.ts";
import { exportHistory } from "./export-history.ts";
import { followPorts } from "./follow-ports.ts";
import { keepHistory, retentionPolicy } from "./history-keeper.ts";
import { HistoryWriter } from "./history-writer.ts";
import type { AttachedPort } from "./list-attached.ts";
import type { ListenAddress } from "./listen-address.ts";
import { DaemonMetrics } from "./metrics/daemon-metrics.ts";
import { measuredStore } from "./metrics/measured-store.ts";
import { openAccess } from "./open-access.ts";
import { Pipeline } from "./pipeline.ts";
import { selectPorts } from "./select-ports.ts";
import { type Consoles, startConsoles } from "./start-consoles.ts";
import { StopStack } from "./stop-stack.ts";
import type { TcpDoor } from "./tcp-door.ts";
import { version } from "./version.ts";
import { Webhooks } from "./webhooks/webhooks.ts";

export interface DaemonOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Start one emulated board where no board is configured or attached. */
  readonly standInWhenAlone: boolean;
  readonly listAttached: () => Promise<readonly AttachedPort[]>;
  /** Changes with the ports; null = only the list can tell. */
  readonly portsFingerprint: () => string | null;
  /** How ports are opened; default: as they are, see transport/open-port. */
  readonly openPort?: typeof openPort;
  /** Where to make the console socket; default: the process's own. */
  readonly env?: Environment;
}

/** A running daemon. */
export interface Daemon {
  /** Such as `http://127.0.0.1:7380`. */
  readonly url: string;
  readonly databaseFile: string;
  /** Ports of real boards. */
  readonly ports: readonly string[];
  /** Ports of emulated boards. */
  readonly emulatedPorts: readonly string[];
  /** An emulated board stands in because there is no real one. */
  readonly standIn: boolean;
  /** How many tokens let somebody in, where one is required; null: none is. */
  readonly validTokens: number | null;
  /** TCP ports at which other tools reach a board. */
  readonly doors: readonly TcpDoor[];
  /** Stops in reverse order; every board ends at its friendly prompt. Twice does no harm. */
  stop(): Promise<void>;
}

/**
 * Starts everything in order: history, feed, API, boards. The address comes before the boards, so that a second daemon
 * touches none. Where one part fails, what was started before it is stopped
 * again. Throws store-failed, emulator-failed, address-in-use, address-unusable, address-public,
 * token-file-unusable.
 */
export async function startDaemon(config: Config, options: DaemonOptions): Promise<Daemon> {
  const { clock, log } = options;
  const access = openAccess(config, clock, log.child({ part: "tokens" }));
  const started = new StopStack();
  let stopping = false;
  try {
    const databaseFile = config.database === ":memory:" ? config.database : expandHome(config.database);
    const historyLog = log.child({ part: "history" });
    const store = openLastingStore({
      file: databaseFile,
      nowMs: () => clock.nowMs(),
      onSetAside: (to) => {
        historyLog.error({ file: to }, `The history was damaged. It is now ${to}, and a new one has begun.`);
      },
    });
    started.push(() => store.close());

    const feed = new FeedHub({
      store,
      // The feed shows the boards, whose results reach it through the pipeline: the one knot of the wiring.
      boards: { list: () => registry.list(), find: (idOrName) => registry.find(idOrName) },
      clock,
      version,
      logger: log,
    });
    const metrics = new DaemonMetrics({
      clock,
      version,
      boards: () => registry.list(),
      feed: () => feed,
      history: () => history,
      firingAlerts: () => alerts.firing(),
    });
    started.push(() => metrics.stop());
    const history = new HistoryWriter({
      store: measuredStore(store, metrics, clock),
      clock,
      log: historyLog,
      onStored: (event) => feed.publish(event),
    });
    started.push(() => history.stop());
    started.push(keepHistory(store, retentionPolicy(config.history), clock, historyLog));
    const webhooks = new Webhooks({
      webhooks: config.alerts.webhooks,
      store,
      nameOf: (boardId) => alerts.nameOf(boardId),
      version,
      clock,
      log: log.child({ part: "webhooks" }),
    });
    started.push(() => webhooks.stop());
    const alerts: AlertWatch = new AlertWatch({
      rules: alertRules(config.alerts),
      store,
      boards: () => registry.list(),
      trendOf: (boardId) => trendOf(store, boardId, clock.nowMs()),
      emit: (alert) => {
        const stored = pipeline.acceptAlert(alert);
        webhooks.offer(stored);
        return stored;
      },
      clock,
      log: log.child({ part: "alerts" }),
    });
    const pipeline = new Pipeline({ history, feed, clock, metrics, watch: alerts });
    const registry = new BoardRegistry({
      clock,
      log: log.child({ part: "board" }),
      openPort: options.openPort ?? openPort,
      sink: pipeline,
    });

    const selection = selectPorts(config, await options.listAttached());
    const choice = chooseBoards(config, selection, options.standInWhenAlone);
    const startedAt = new Date(clock.nowMs()).toISOString();
    let consoles: Consoles | null = null;
    const api = await buildApi({
      store,
      boards: registry,
      feed,
      version,
      startedAt,
      consoleSocket: () => consoles?.socket ?? null,
      clock,
      // The greeting says where it listens; what else Fastify has to say on level info is no news.
      logger: log.level === "info" ? log.child({}, { level: "warn" }) : log,
      decodeMap,
      exportHistory: (request) => exportHistory(store, request),
      ...access.deps,
      audit: (entry) => store.audit(entry),
      lastError: () => history.failure ?? access.lastError(),
      metrics,
      history: () => ({ waiting: history.waiting, dropped: history.dropped }),
      firingAlerts: () => alerts.firing(),
      webhooks: () => webhooks.health(),
      analyze: (boardId, span) =>
        analyzeHistory(store, boardId, span, registry.find(boardId)?.snapshot().probeGarbageBytes ?? null),
      diffMaps: compareMaps,
    });
    started.push(() => api.close());
    const url = await listen(access.address, (at) => api.listen(at));

    const env = options.env ?? process.env;
    const audit = consoleAudit(store, clock, log);
    const opened = await startConsoles(config.boards, { url, startedAt, registry, env, clock, log, audit });
    started.push(() => opened.stop());
    consoles = opened;

    const emulated: { readonly name: string; readonly port: string }[] = [];
    for (let number = 1; number <= choice.emulated; number++) {
      const name = `emulated-${number}`;
      const board = await startEmulatedBoard({ name });
      started.push(() => board.stop());
      void board.exited.then((exit) => {
        log.debug({ board: name, ...exit }, "The emulated board has ended.");
        // Its path may soon be somebody else's terminal.
        if (!stopping) registry.forget(board.url);
      });
      emulated.push({ name, port: board.url });
    }

    webhooks.start();
    alerts.start();
    started.push(() => registry.stop());
    // Before the boards: that they go away with the daemon is no news.
    started.push(() => alerts.stop());
    for (const { name, port } of emulated) {
      const identity = { serialNumber: null, emulated: true, certain: true, kind: "unknown" } as const;
      registry.add(boardSettings(port, { name }, config.sampling, identity), { fixed: true });
    }
    const { listAttached, portsFingerprint } = options;
    started.push(followPorts(config, selection, { clock, log, registry, listAttached, portsFingerprint }));

    return {
      url,
      databaseFile,
      ports: choice.ports.map((port) => port.url),
      emulatedPorts: emulated.map(({ port }) => port),
      standIn: choice.standIn,
      validTokens: access.deps.tokenRequired ? access.validCount() : null,
      doors: opened.doors,
      stop: () => {
        stopping = true;
        return started.stopAll();
      },
    };
  } catch (error) {
    await started.stopAll();
    throw error;
  }
}

const unusableReasons: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "no such name is known",
  EAI_AGAIN: "the name cannot be looked up now",
  EACCES: "only root may open ports below 1024",
};

async function listen(
  address: ListenAddress,
  start: (at: { host: string; port: number }) => Promise<string>,
): Promise<string> {
  try {
    return await start({ host: address.host, port: address.port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const shown = `${address.host}:${address.port}`;
    if (code === "EADDRINUSE") throw heapscopeError("address-in-use", { address: shown });
    const reason = unusableReasons[code];
    if (reason !== undefined) throw heapscopeError("address-unusable", { address: shown, reason });
    throw error;
  }
}
