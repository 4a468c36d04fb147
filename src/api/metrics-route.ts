import type { App } from "./app-type.ts";
import { problems } from "./responses.ts";
import { NoQuery } from "./schemas-http.ts";

export const metricsPath = "/metrics";

/** Where the figures for Prometheus come from. */
export interface MetricsSource {
  /** Media type of `text()`. */
  readonly contentType: string;
  /** Everything as it is now, in the format that `contentType` names. */
  text(): Promise<string>;
}

/**
 * GET /metrics, in Prometheus' text format 0.0.4 whatever the Accept header says: every scraper takes it, and Prometheus
 * asks for it as its last choice. Not OpenMetrics, because prom-client 15 switches formats per registry and renames the
 * counters for good while doing so (prometheus/client_js pull request 829).
 */
export function metricsRoute(app: App, metrics: MetricsSource): void {
  app.get(
    metricsPath,
    {
      schema: {
        summary: "Figures for Prometheus",
        description:
          "Every board's heap and the daemon's own state in Prometheus' text format 0.0.4. A board's heap figures are left out while they are not known: no stale value is shown. Counters begin at 0 with the daemon.",
        tags: ["heapscope"],
        querystring: NoQuery,
        response: {
          200: {
            description: "The figures.",
            content: {
              "text/plain": {
                schema: { type: "string", description: "One sample a line, after HELP and TYPE." },
              },
            },
          },
          ...problems(400, 403),
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}
