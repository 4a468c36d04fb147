import { collectDefaultMetrics, Registry } from "prom-client";

/** Of prom-client's metrics, those that are left out. */
const unwanted = [
  // Gauges with the ending of counters (promtool check metrics); the same figures are there by type, without it.
  /^nodejs_active_\w+_total$/,
  // See event-loop-lag.ts.
  /^nodejs_eventloop_lag_/,
];

/** How often prom-client samples the lag that is left out, ms: hardly ever. */
const unusedLagSampleMs = 3_600_000;

let shared: Registry | undefined;

/**
 * The process's own figures under their conventional names (`process_…`, `nodejs_…`): processor time, memory, file
 * descriptors, garbage collections of Node, counted from the first call on. One registry for the whole process:
 * prom-client's observers cannot be stopped, so a second daemon in the process must not start them again.
 */
export function processMetrics(): Registry {
  if (shared === undefined) {
    shared = new Registry();
    collectDefaultMetrics({ register: shared, eventLoopMonitoringPrecision: unusedLagSampleMs });
    for (const { name } of shared.getMetricsAsArray()) {
      if (unwanted.some((pattern) => pattern.test(name))) shared.removeSingleMetric(name);
    }
  }
  return shared;
}
