import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { problems } from "./responses.ts";
import { NoQuery } from "./schemas-http.ts";
import { listOf } from "./schemas-reading.ts";
import { BoardTrendSchema } from "./schemas-trends.ts";

/** GET /api/v1/trends: what every watched board's heap is coming to, as it was last computed. */
export function trendsRoute(app: App, { trends }: ApiDeps): void {
  app.get(
    "/api/v1/trends",
    {
      schema: {
        summary: "Leak and time to exhaustion of every board",
        description:
          "One of each watched board, as computed for the alert rules: anew every five minutes where the board was read meanwhile, one board every five seconds. GET analysis of a board says more, as of now.",
        tags: ["history"],
        querystring: NoQuery,
        response: { 200: listOf(BoardTrendSchema), ...problems(400, 403) },
      },
    },
    async () => trends?.() ?? [],
  );
}
