import type { Logger } from "pino";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Alert } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { Store } from "../store/store-types.ts";
import { alertRules } from "./alert-rules.ts";
import { AlertWatch } from "./alert-watch.ts";
import { trendOf } from "./board-analysis.ts";
import type { Config } from "./config-schema.ts";
import { TrendWatch } from "./trend-watch.ts";
import { version } from "./version.ts";
import { Webhooks } from "./webhooks/webhooks.ts";

export interface AlertsDeps {
  readonly store: Store;
  /** The boards that are watched now. */
  readonly boards: () => readonly BoardSnapshot[];
  /** Stores and publishes a change; gives it back with its id. */
  readonly accept: (alert: Alert) => Alert;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Who decides that an alert begins or ends, and who is told of it. Both are to be started: webhooks first. */
export interface Alerts {
  readonly watch: AlertWatch;
  readonly webhooks: Webhooks;
  readonly trends: TrendWatch;
}

/** The alerts of the configuration, not yet started. */
export function makeAlerts(config: Config["alerts"], deps: AlertsDeps): Alerts {
  const { store, boards, accept, clock, log } = deps;
  const webhooks = new Webhooks({
    webhooks: config.webhooks,
    store,
    nameOf: (boardId) => watch.nameOf(boardId),
    version,
    clock,
    log: log.child({ part: "webhooks" }),
  });
  const trends = new TrendWatch({
    trendOf: (boardId) => trendOf(store, boardId, clock.nowMs()),
    boards,
    clock,
  });
  const watch: AlertWatch = new AlertWatch({
    rules: alertRules(config),
    store,
    boards,
    trends,
    emit: (alert) => {
      const stored = accept(alert);
      webhooks.offer(stored);
      return stored;
    },
    clock,
    log: log.child({ part: "alerts" }),
  });
  return { watch, webhooks, trends };
}
