import { analysisSpan } from "./analysis-span.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { AnalysisQuerySchema, BoardAnalysisSchema } from "./schemas-analysis.ts";
import { BoardParams } from "./schemas-http.ts";

/** GET analysis of a board: leak, time to exhaustion, what grows, churn, what collections buy, what pins gaps. */
export function analysisRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/analysis",
    {
      schema: {
        summary: "What the history says about a board's memory",
        description:
          "Leak slope with its interval, time to exhaustion, which head type grows, churn, fragmentation trend, high-water mark, what collections buy, and what pins the largest gaps; the findings say the same in sentences. Of the last 7 days unless from and to say otherwise. Null means: too little data.",
        tags: ["history"],
        params: BoardParams,
        querystring: AnalysisQuerySchema,
        response: { 200: BoardAnalysisSchema, ...problems(400, 403, 404, 500) },
      },
    },
    async ({ params, query }) => {
      const board = findHistory(deps, params.id);
      return deps.analyze(board, analysisSpan(query, deps.clock.nowMs()));
    },
  );
}
