import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findBoard } from "./find-board.ts";
import { problems } from "./responses.ts";
import { BoardSnapshotSchema } from "./schemas-board.ts";
import { BoardParams, NoQuery } from "./schemas-http.ts";
import { listOf } from "./schemas-reading.ts";

/** GET /api/v1/boards and /api/v1/boards/:id. */
export function boardsRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards",
    {
      schema: {
        summary: "Every board",
        description: "What each is and is doing, with its last reading.",
        tags: ["boards"],
        querystring: NoQuery,
        response: { 200: listOf(BoardSnapshotSchema), ...problems(400, 403) },
      },
    },
    async () => deps.boards.list(),
  );

  app.get(
    "/api/v1/boards/:id",
    {
      schema: {
        summary: "One board",
        description: "By id or by configured name.",
        tags: ["boards"],
        params: BoardParams,
        querystring: NoQuery,
        response: { 200: BoardSnapshotSchema, ...problems(400, 403, 404) },
      },
    },
    async ({ params }) => findBoard(deps, params.id).snapshot(),
  );
}
