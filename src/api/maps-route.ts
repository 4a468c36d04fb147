import type { FastifyReply, FastifyRequest } from "fastify";
import { heapscopeError } from "../shared/errors.ts";
import type { StoredMap } from "../store/store-types.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { negotiate } from "./content-negotiation.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { BlockMapSchema, BoardParams, MapParams, NoQuery } from "./schemas-http.ts";

const offers = ["application/json", "text/plain"];

/** GET maps/latest and maps/:readingId: every block as JSON, or the dump byte for byte as the board printed it. */
export function mapsRoute(app: App, deps: ApiDeps): void {
  const description =
    "JSON: every block of every area as runs of equal letters. Accept: text/plain gives the dump byte for byte as the board printed it.";
  const response = {
    200: {
      description: "The map.",
      content: {
        "application/json": { schema: BlockMapSchema },
        "text/plain": { schema: { type: "string", description: "The dump as the board printed it." } },
      },
    },
    ...problems(400, 403, 404, 406, 500),
  };

  app.get(
    "/api/v1/boards/:id/maps/latest",
    {
      schema: {
        summary: "The newest stored map",
        description,
        tags: ["history"],
        params: BoardParams,
        querystring: NoQuery,
        response,
      },
    },
    async (request, reply) => {
      const board = findHistory(deps, request.params.id);
      const map = deps.store.latestMap(board);
      if (map === undefined) throw heapscopeError("map-unknown", { board, readingId: "latest" });
      return sendMap(map, deps, request, reply);
    },
  );

  app.get(
    "/api/v1/boards/:id/maps/:readingId",
    {
      schema: {
        summary: "The map of one reading",
        description,
        tags: ["history"],
        params: MapParams,
        querystring: NoQuery,
        response,
      },
    },
    async (request, reply) => {
      const { id, readingId } = request.params;
      const board = findHistory(deps, id);
      const map = deps.store.mapOf(board, readingId);
      if (map === undefined) {
        throw heapscopeError("map-unknown", { board, readingId: `reading ${readingId}` });
      }
      return sendMap(map, deps, request, reply);
    },
  );
}

function sendMap(
  { reading, dump }: StoredMap,
  { decodeMap }: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.header("vary", "Accept");
  const { accept } = request.headers;
  const type = negotiate(accept, offers);
  if (type === undefined) {
    throw heapscopeError("accept-refused", {
      accept: (accept ?? "").slice(0, 100),
      offered: offers.join(" and "),
    });
  }
  if (type === "text/plain") return reply.type("text/plain; charset=utf-8").send(Buffer.from(dump));
  const map = decodeMap(dump);
  if (map === undefined) {
    throw heapscopeError("dump-damaged", {
      source: `history, reading ${reading.id}`,
      problem: "its map no longer parses; Accept: text/plain gives it as it is stored",
    });
  }
  return reply.send({ reading, ...map });
}
