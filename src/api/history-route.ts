import type { Static, TSchema } from "typebox";
import type { HistoryQuery } from "../store/store-types.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { BoardParams, defaultLimit, HistoryQuerySchema } from "./schemas-http.ts";
import { CollectionSchema, listOf, MissedSchema, ReadingSchema } from "./schemas-reading.ts";
import { checkRange } from "./time-range.ts";

/** GET readings, those with a map, collections and missed of a board: the same query each. */
export function historyRoute(app: App, deps: ApiDeps): void {
  const answers = problems(400, 403, 404, 500);
  const order =
    "Without after: the newest, oldest first. With after: onward from that id, so a caller can page to the end. Boards that are no longer attached keep their history.";
  const routeOptions = <Item extends TSchema>(summary: string, item: Item) => ({
    schema: {
      summary,
      description: order,
      tags: ["history"],
      params: BoardParams,
      querystring: HistoryQuerySchema,
      response: { 200: listOf(item), ...answers },
    },
  });

  app.get(
    "/api/v1/boards/:id/readings",
    routeOptions("Stored readings", ReadingSchema),
    async ({ params, query }) => deps.store.readings(findHistory(deps, params.id), historyQuery(query)),
  );
  app.get(
    "/api/v1/boards/:id/maps",
    routeOptions("Stored readings that have a map", ReadingSchema),
    async ({ params, query }) => deps.store.mappedReadings(findHistory(deps, params.id), historyQuery(query)),
  );
  app.get(
    "/api/v1/boards/:id/collections",
    routeOptions("Stored collections", CollectionSchema),
    async ({ params, query }) => deps.store.collections(findHistory(deps, params.id), historyQuery(query)),
  );
  app.get(
    "/api/v1/boards/:id/missed",
    routeOptions("Readings that did not come", MissedSchema),
    async ({ params, query }) => deps.store.missed(findHistory(deps, params.id), historyQuery(query)),
  );
}

/** Throws `request-invalid` where the range is reversed. */
function historyQuery(query: Static<typeof HistoryQuerySchema>): HistoryQuery {
  const { from, to, after, limit = defaultLimit } = query;
  checkRange(query);
  return { from, to, after, limit };
}
