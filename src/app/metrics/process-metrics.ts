import { collectDefaultMetrics, Registry } from "prom-client";

/**
 * Gauges that prom-client calls `…_total`, a name that belongs to counters (promtool check metrics). The same figures are
 * there by type, without that ending.
 */
const misnamed = [
  "nodejs_active_resources_total",
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
];

/** How often the event loop's lag is sampled, ms. prom-client's own 10 ms wakes an idle process a hundred times a second. */
const lagSampleMs = 50;

let shared: Registry | undefined;

/**
 * The process's own figures under their conventional names (`process_…`, `nodejs_…`): processor time, memory, file
 * descriptors, event-loop lag, garbage collections of Node. One registry for the whole process, made when first asked for:
 * prom-client's observers cannot be stopped, so a second daemon in the process must not start them again.
 */
export function processMetrics(): Registry {
  if (shared === undefined) {
    shared = new Registry();
    collectDefaultMetrics({ register: shared, eventLoopMonitoringPrecision: lagSampleMs });
    for (const name of misnamed) shared.removeSingleMetric(name);
  }
  return shared;
}
