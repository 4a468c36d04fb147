import type { Logger } from "pino";
import { buildApi } from "../api/build-api.ts";
import { FeedHub } from "../api/feed.ts";
import { BoardRegistry } from "../board/registry.ts";
import { startEmulatedBoard } from "../emulator/emulated-board.ts";
import type { Clock } from "../shared/clock.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { StoredEvent } from "../store/store-types.ts";
import { openPort } from "../transport/open-port.ts";
import { alertRules } from "./alert-rules.ts";
import { appModules } from "./app-modules.ts";
import { adviseHistory } from "./board-advice.ts";
import { analyzeHistory, compareMaps } from "./board-analysis.ts";
import { boardSettings } from "./board-settings.ts";
import { chooseBoards } from "./choose-boards.ts";
import type { Config } from "./config-schema.ts";
import { consoleAudit } from "./console-audit.ts";
import type { Environment } from "./console-socket-path.ts";
import { dashboardDir } from "./dashboard-dir.ts";
import { decodeMap } from "./decode-map.ts";
import { howItEnded } from "./emulate.ts";
import { exportHistory } from "./export-history.ts";
import { followPorts } from "./follow-ports.ts";
import { helperIntervalOf } from "./helper-history.ts";
import type { AttachedPort } from "./list-attached.ts";
import type { ListenAddress } from "./listen-address.ts";
import { type Alerts, makeAlerts } from "./make-alerts.ts";
import { DaemonMetrics } from "./metrics/daemon-metrics.ts";
import { openAccess } from "./open-access.ts";
import { Pipeline } from "./pipeline.ts";
import { selectPorts } from "./select-ports.ts";
import { type Consoles, startConsoles } from "./start-consoles.ts";
import { type History, startHistory } from "./start-history.ts";
import { StopStack } from "./stop-stack.ts";
import type { TcpDoor } from "./tcp-door.ts";
import { version } from "./version.ts";

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
    // The metrics, the history and the feed show the boards, whose results reach them through the pipeline: the one knot
    // of the wiring.
    const metrics = new DaemonMetrics({
      clock,
      version,
      boards: () => registry.list(),
      feed: () => feed,
      history: () => history.writer,
      firingAlerts: () => alerts.watch.firing(),
    });
    started.push(() => metrics.stop());
    const onStored = (event: StoredEvent): void => feed.publish(event);
    const historyLog = log.child({ part: "history" });
    const history: History = startHistory(config, { metrics, onStored, clock, log: historyLog }, started);
    const { store } = history;
    const feed = new FeedHub({
      store,
      boards: { list: () => registry.list(), find: (idOrName) => registry.find(idOrName) },
      clock,
      version,
      logger: log,
    });
    const rules = alertRules(config.alerts);
    const alerts: Alerts = makeAlerts(config.alerts, {
      store,
      boards: () => registry.list(),
      accept: (alert) => pipeline.acceptAlert(alert),
      clock,
      log,
    });
    started.push(() => alerts.webhooks.stop());
    const pipeline = new Pipeline({ history: history.writer, feed, clock, metrics, watch: alerts.watch });
    const registry = new BoardRegistry({
      clock,
      log: log.child({ part: "board" }),
      openPort: options.openPort ?? openPort,
      sink: pipeline,
      helperIntervalMs: (boardId) => helperIntervalOf(store, boardId),
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
      audit: (entry) => history.audit.audit(entry),
      lastError: () =>
        history.writer.failure ?? access.lastError() ?? history.replacement() ?? alerts.webhooks.failure,
      metrics,
      history: () => ({ waiting: history.writer.waiting, dropped: history.writer.dropped }),
      firingAlerts: () => alerts.watch.firing(),
      webhooks: () => alerts.webhooks.health(),
      analyze: (boardId, span) =>
        analyzeHistory(store, boardId, span, registry.find(boardId)?.snapshot().probeGarbageBytes ?? null),
      advise: (boardId, span) => {
        const board = registry.find(boardId);
        return adviseHistory(store, boardId, span, clock.nowMs(), {
          snapshot: board?.snapshot() ?? null,
          modules: board?.modulesSeen() ?? null,
          rules,
        });
      },
      diffMaps: compareMaps,
      trends: () => alerts.trends.list(),
      dashboardDir,
    });
    started.push(() => api.close());
    const url = await listen(access.address, (at) => api.listen(at));

    const env = options.env ?? process.env;
    const audit = consoleAudit(history.audit, clock, log);
    const opened = await startConsoles(config.boards, { url, startedAt, registry, env, clock, log, audit });
    started.push(() => opened.stop());
    consoles = opened;

    const emulated: { readonly name: string; readonly port: string }[] = [];
    for (let number = 1; number <= choice.emulated; number++) {
      const name = `emulated-${number}`;
      const board = await startEmulatedBoard({ name, modules: appModules(null) });
      started.push(() => board.stop());
      void board.exited.then((exit) => {
        log.debug({ board: name, ...exit }, "The emulated board has ended.");
        // Its path may soon be somebody else's terminal.
        if (!stopping) registry.ended(board.url, howItEnded(exit));
      });
      emulated.push({ name, port: board.url });
    }

    alerts.webhooks.start();
    alerts.watch.start();
    started.push(() => registry.stop());
    // Before the boards: that they go away with the daemon is no news.
    started.push(() => alerts.watch.stop());
    for (const { name, port } of emulated) {
      const identity = { serialNumber: null, emulated: true, certain: true, kind: "unknown" } as const;
      registry.add(boardSettings(port, { name }, config.sampling, identity), { fixed: true });
    }
    const { listAttached, portsFingerprint } = options;
    started.push(followPorts(config, selection, { clock, log, registry, listAttached, portsFingerprint }));

    return {
      url,
      databaseFile: history.file,
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
