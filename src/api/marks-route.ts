import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { marksOf } from "./marks-of.ts";
import { problems } from "./responses.ts";
import { BoardParams, defaultLimit, HistoryQuerySchema } from "./schemas-http.ts";
import { MarkSchema } from "./schemas-marks.ts";
import { listOf } from "./schemas-reading.ts";
import { checkRange } from "./time-range.ts";

/** GET marks: the places that an application's helper marked, and what its measured blocks cost. */
export function marksRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/marks",
    {
      schema: {
        summary: "Places that the application marked",
        description:
          "Of readings that came from a helper on the board: heapscope.report(label=…) and heapscope.measure(…). Without after: the newest, oldest first. With after (a readingId): onward from there.",
        tags: ["history"],
        params: BoardParams,
        querystring: HistoryQuerySchema,
        response: { 200: listOf(MarkSchema), ...problems(400, 403, 404, 500) },
      },
    },
    async ({ params, query }) => {
      checkRange(query);
      const { from, to, after, limit = defaultLimit } = query;
      const board = findHistory(deps, params.id);
      const { before, readings } = deps.store.markedReadings(board, { from, to, after, limit });
      return marksOf([...before, ...readings]).slice(before.length);
    },
  );
}
