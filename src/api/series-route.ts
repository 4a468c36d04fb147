import { heapscopeError } from "../shared/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { BoardParams } from "./schemas-http.ts";
import { defaultPoints, defaultRangeMs, SeriesQuerySchema, SeriesSchema } from "./schemas-series.ts";
import { checkRange } from "./time-range.ts";

/** GET series of a board: one metric in buckets, with least, mean and greatest. */
export function seriesRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/series",
    {
      schema: {
        summary: "A metric over time",
        description:
          "Least, mean and greatest value of each bucket. A year answers as fast as an hour: long ranges are made of roll-ups.",
        tags: ["history"],
        params: BoardParams,
        querystring: SeriesQuerySchema,
        response: { 200: SeriesSchema, ...problems(400, 403, 404, 500) },
      },
    },
    async ({ params, query }) => {
      checkRange(query);
      const toMs = query.to === undefined ? deps.clock.nowMs() : Date.parse(query.to);
      const fromMs = query.from === undefined ? toMs - defaultRangeMs : Date.parse(query.from);
      if (fromMs >= toMs) {
        const detail = `the range from ${query.from} to ${query.to ?? "now"} is empty`;
        throw heapscopeError("request-invalid", { detail });
      }
      const { metric, points = defaultPoints } = query;
      const boardId = findHistory(deps, params.id);
      return {
        boardId,
        metric,
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        ...deps.store.series(boardId, { metric, fromMs, toMs, points }),
      };
    },
  );
}
