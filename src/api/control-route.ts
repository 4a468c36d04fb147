import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findBoard } from "./find-board.ts";
import { problems } from "./responses.ts";
import { BoardParams, CollectBody, NoQuery, ReadBody } from "./schemas-http.ts";
import { CollectionSchema, ReadingSchema } from "./schemas-reading.ts";

/** POST read and collect: what a person may ask of a board. Nothing here runs a caller's code on it. */
export function controlRoute(app: App, deps: ApiDeps): void {
  const answers = problems(400, 403, 404, 409, 415, 500, 502, 503, 504);

  app.post(
    "/api/v1/boards/:id/read",
    {
      schema: {
        summary: "Take a reading now",
        description:
          "Answers when the board has answered; the reading is stored and on the feed by then. A map costs the board time: 125 to 180 ms on an RP2040, many seconds on a big heap over a slow line.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: ReadBody,
        response: { 200: ReadingSchema, ...answers },
      },
    },
    async ({ params, body }) => findBoard(deps, params.id).read({ map: body.map ?? false }),
  );

  app.post(
    "/api/v1/boards/:id/collect",
    {
      schema: {
        summary: "Collect garbage now",
        description: "A reading, gc.collect(), a reading: what it reclaimed and how long the board paused.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: CollectBody,
        response: { 200: CollectionSchema, ...answers },
      },
    },
    async ({ params }) => findBoard(deps, params.id).collect(),
  );
}
