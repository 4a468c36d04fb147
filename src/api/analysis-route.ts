import { heapscopeError } from "../shared/errors.ts";
import type { TimeSpan } from "../store/store-types.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { AnalysisQuerySchema, BoardAnalysisSchema } from "./schemas-analysis.ts";
import { BoardParams } from "./schemas-http.ts";

const dayMs = 86_400_000;
const usualSpanMs = 7 * dayMs;
const longestSpanMs = 31 * dayMs;

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
      return deps.analyze(board, spanOf(query, deps.clock.nowMs()));
    },
  );
}

/** Throws `request-invalid` where the span is reversed, empty or too long. */
function spanOf(query: { readonly from?: string; readonly to?: string }, nowMs: number): TimeSpan {
  // `to` is excluded, and what was stored this very millisecond belongs to the answer.
  const toMs = query.to === undefined ? nowMs + 1 : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - usualSpanMs : Date.parse(query.from);
  if (fromMs >= toMs) {
    const to = query.to === undefined ? "now" : `"to" (${query.to})`;
    throw heapscopeError("request-invalid", {
      detail: `query parameter "from" (${query.from}) is not before ${to}`,
    });
  }
  if (toMs - fromMs > longestSpanMs) {
    throw heapscopeError("request-invalid", {
      detail: `"from" to "to" is longer than ${longestSpanMs / dayMs} days; ask for a shorter time`,
    });
  }
  return { fromMs, toMs };
}
