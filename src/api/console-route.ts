import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findBoard } from "./find-board.ts";
import { problems } from "./responses.ts";
import { ConsoleLogSchema, ConsoleQuerySchema, defaultConsoleLimit } from "./schemas-console.ts";
import { BoardParams } from "./schemas-http.ts";

/** GET console of a board: what it printed beside its answers. Nothing is sent to the board. */
export function consoleRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/console",
    {
      schema: {
        summary: "What a board printed",
        description:
          "The lines that a board printed beside its answers, to heapscope or to a person at its console. Of boards that are watched now; what is kept is gone when the daemon ends.",
        tags: ["boards"],
        params: BoardParams,
        querystring: ConsoleQuerySchema,
        response: { 200: ConsoleLogSchema, ...problems(400, 403, 404) },
      },
    },
    async ({ params, query }) => {
      const { after, limit = defaultConsoleLimit } = query;
      const board = findBoard(deps, params.id);
      return { boardId: board.snapshot().id, ...board.consoleLog({ after, limit }) };
    },
  );
}
