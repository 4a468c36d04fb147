import { heapscopeError } from "../shared/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { knownBoard, snapshotFromHistory } from "./known-boards.ts";
import { problems } from "./responses.ts";
import { BoardSnapshotSchema } from "./schemas-board.ts";
import { BoardParams, BoardsQuery, NoQuery } from "./schemas-http.ts";
import { listOf } from "./schemas-reading.ts";

/** GET /api/v1/boards and /api/v1/boards/:id. */
export function boardsRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards",
    {
      schema: {
        summary: "Every board",
        description:
          "What each is and is doing, with its last reading. With known=all also the boards that only history knows, after the others.",
        tags: ["boards"],
        querystring: BoardsQuery,
        response: { 200: listOf(BoardSnapshotSchema), ...problems(400, 403, 500) },
      },
    },
    async ({ query }) => {
      const watched = deps.boards.list();
      if (query.known !== "all") return watched;
      const ids = new Set(watched.map(({ id }) => id));
      const others = deps.store.boards().filter(({ id }) => !ids.has(id));
      return [...watched, ...others.map((board) => snapshotFromHistory(deps.store, board))];
    },
  );

  app.get(
    "/api/v1/boards/:id",
    {
      schema: {
        summary: "One board",
        description:
          "By id or by configured name. A board that only history knows is disconnected, and its message says so.",
        tags: ["boards"],
        params: BoardParams,
        querystring: NoQuery,
        response: { 200: BoardSnapshotSchema, ...problems(400, 403, 404, 500) },
      },
    },
    async ({ params: { id } }) => {
      const watched = deps.boards.find(id);
      if (watched !== undefined) return watched.snapshot();
      const known = knownBoard(deps.store, id);
      if (known === undefined) throw heapscopeError("board-unknown", { board: id });
      return snapshotFromHistory(deps.store, known);
    },
  );
}
