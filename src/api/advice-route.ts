import { analysisSpan } from "./analysis-span.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { AdviceReportSchema } from "./schemas-advice.ts";
import { AnalysisQuerySchema } from "./schemas-analysis.ts";
import { BoardParams } from "./schemas-http.ts";

/** GET advice on a board: what of the five tips its history speaks for. */
export function adviceRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/advice",
    {
      schema: {
        summary: "What would use a board's memory better, measured",
        description:
          "Whether the board is watched well, which modules it compiled itself, how much garbage it makes, and how often a collection is worth its pause; each finding with its figures. Of the last 7 days unless from and to say otherwise. No finding: nothing measured speaks for one. Modules are as POST modules last had them.",
        tags: ["history"],
        params: BoardParams,
        querystring: AnalysisQuerySchema,
        response: { 200: AdviceReportSchema, ...problems(400, 403, 404, 500) },
      },
    },
    async ({ params, query }) => {
      const board = findHistory(deps, params.id);
      return deps.advise(board, analysisSpan(query, deps.clock.nowMs()));
    },
  );
}
