import type { Logger } from "pino";
import type { LastError } from "../api/api-deps.ts";
import type { Clock } from "../shared/clock.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { openLastingStore, type Replacement } from "../store/lasting-store.ts";
import type { Store, StoredEvent } from "../store/store-types.ts";
import { AuditWriter } from "./audit-writer.ts";
import type { Config } from "./config-schema.ts";
import { expandHome } from "./expand-home.ts";
import { keepHistory, retentionPolicy } from "./history-keeper.ts";
import { HistoryWriter } from "./history-writer.ts";
import type { DaemonMetrics } from "./metrics/daemon-metrics.ts";
import { measuredStore } from "./metrics/measured-store.ts";
import type { StopStack } from "./stop-stack.ts";

export interface HistoryDeps {
  readonly metrics: Pick<DaemonMetrics, "noteStoreLatency" | "noteStoreFailure">;
  /** An event that had waited is stored. */
  readonly onStored: (event: StoredEvent) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The running history. */
export interface History {
  readonly file: string;
  readonly store: Store;
  readonly writer: HistoryWriter;
  readonly audit: AuditWriter;
  /** That it was begun anew since the daemon started, and why; null: it was not. */
  replacement(): LastError | null;
}

/**
 * Opens the history, or begins to wait for it, and starts what writes it and keeps it small; what was started goes onto
 * `started`. Throws `store-failed` for a file that no waiting mends.
 */
export function startHistory(config: Config, deps: HistoryDeps, started: StopStack): History {
  const { metrics, onStored, clock, log } = deps;
  const file = config.database === ":memory:" ? config.database : expandHome(config.database);
  let replacement: LastError | null = null;
  const store = openLastingStore({
    file,
    nowMs: () => clock.nowMs(),
    onReplaced: (why) => {
      const { code, message } = replacementError(file, why);
      replacement = { at: new Date(clock.nowMs()).toISOString(), code, message };
      log.error({ code, ...why }, message);
    },
  });
  started.push(() => store.close());
  const audit = new AuditWriter(store, log);
  started.push(() => audit.stop());
  const writer = new HistoryWriter({
    store: measuredStore(store, metrics, clock),
    clock,
    log,
    onStored,
    onRecovered: () => audit.flush(),
  });
  started.push(() => writer.stop());
  started.push(keepHistory(store, retentionPolicy(config.history), clock, log));
  return { file, store, writer, audit, replacement: () => replacement };
}

function replacementError(file: string, why: Replacement): HeapscopeError {
  switch (why.kind) {
    case "damaged":
      return heapscopeError("history-damaged", { file, movedTo: why.movedTo });
    case "empty":
      return heapscopeError("history-empty", { file });
    case "removed":
      return heapscopeError("history-removed", { file });
  }
}
