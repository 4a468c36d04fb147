import type { Clock } from "../../shared/clock.ts";
import type { Store } from "../../store/store-types.ts";
import type { DaemonMetrics } from "./daemon-metrics.ts";

type Writes = Pick<Store, "append" | "upsertBoard">;

/** The store's writing half, whose appends are timed and whose failures are counted. */
export function measuredStore(
  store: Writes,
  metrics: Pick<DaemonMetrics, "noteStoreLatency" | "noteStoreFailure">,
  clock: Clock,
): Writes {
  const counted = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      metrics.noteStoreFailure();
      throw error;
    }
  };
  return {
    append: (events) =>
      counted(() => {
        const startMs = clock.monotonicMs();
        const stored = store.append(events);
        metrics.noteStoreLatency((clock.monotonicMs() - startMs) / 1000);
        return stored;
      }),
    upsertBoard: (board, at) => counted(() => store.upsertBoard(board, at)),
  };
}
