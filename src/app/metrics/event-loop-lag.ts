import { Histogram, type Registry } from "prom-client";
import type { CancelTimer, Clock } from "../../shared/clock.ts";

const sampleMs = 100;
/** Seconds. */
const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/**
 * How late timers come: how long the daemon was held up by something else when it should have gone on. A histogram, not
 * prom-client's gauges of the same: those begin anew with each scrape, whoever's, and count the time between samples as lag.
 *
 * Returns what ends the sampling. Twice does no harm.
 */
export function watchEventLoopLag(registers: Registry[], clock: Clock): CancelTimer {
  const lagSeconds = new Histogram({
    name: "heapscope_event_loop_lag_seconds",
    help: `How late a timer came, sampled every ${sampleMs} ms.`,
    buckets,
    registers,
  });
  let cancel: CancelTimer = () => {};
  const wait = (): void => {
    const dueMs = clock.monotonicMs() + sampleMs;
    cancel = clock.after(sampleMs, () => {
      // A timer of Node may come a fraction of a millisecond early.
      lagSeconds.observe(Math.max(0, clock.monotonicMs() - dueMs) / 1000);
      wait();
    });
  };
  wait();
  return () => cancel();
}
