import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { ExportQuerySchema } from "./schemas-export.ts";
import { BoardParams } from "./schemas-http.ts";
import { checkRange } from "./time-range.ts";

const types = { ndjson: "application/x-ndjson; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

/** GET export of a board: its whole history, or a range of it, as it is read from the database. */
export function exportRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/export",
    {
      schema: {
        summary: "History as a file",
        description:
          "NDJSON: one event per line, as on the feed, with a first line that says what it is; heapscope import takes it back. CSV: one kind of event, one column per figure, for spreadsheets.",
        tags: ["history"],
        params: BoardParams,
        querystring: ExportQuerySchema,
        response: {
          200: {
            description: "The file, in order of id.",
            content: {
              "application/x-ndjson": { schema: { type: "string" } },
              "text/csv": { schema: { type: "string" } },
            },
          },
          ...problems(400, 403, 404, 500),
        },
      },
    },
    async ({ params, query }, reply) => {
      checkRange(query);
      const { format = "ndjson", type, from, to, maps = false } = query;
      const boardId = findHistory(deps, params.id);
      const lines = deps.exportHistory({ boardIds: [boardId], format, type, from, to, maps });
      return sendFile(reply, lines, `${boardId.replace(/[^\w.-]+/g, "_")}.${format}`, types[format]);
    },
  );
}

function sendFile(
  reply: FastifyReply,
  lines: AsyncIterable<string>,
  name: string,
  type: string,
): FastifyReply {
  reply.header("content-disposition", `attachment; filename="${name}"`);
  return reply.type(type).send(Readable.from(lines, { objectMode: false }));
}
