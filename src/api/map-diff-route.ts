import { heapscopeError } from "../shared/errors.ts";
import type { StoredMap } from "../store/store-types.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { MapDiffQuerySchema, MapDiffSchema } from "./schemas-analysis.ts";
import { BoardParams } from "./schemas-http.ts";

/** GET maps/diff: the blocks that appeared, went or changed their type between two stored maps. */
export function mapDiffRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/boards/:id/maps/diff",
    {
      schema: {
        summary: "What changed between two maps",
        description:
          "Blocks that appeared, went or changed type, per area; applied to the older map they give the newer. Without from and to: the newest map and the one before it.",
        tags: ["history"],
        params: BoardParams,
        querystring: MapDiffQuerySchema,
        response: { 200: MapDiffSchema, ...problems(400, 403, 404, 500) },
      },
    },
    async ({ params, query }) => {
      const board = findHistory(deps, params.id);
      const { older, newer } = mapsOf(deps, board, query);
      const compared = deps.diffMaps(older, newer);
      if (compared.kind === "damaged") {
        throw heapscopeError("dump-damaged", {
          source: `history, reading ${compared.map.reading.id}`,
          problem: "its map no longer parses",
        });
      }
      if (compared.kind === "incomparable") {
        throw heapscopeError("request-invalid", {
          detail: `the blocks of the maps of reading ${older.reading.id} and of reading ${newer.reading.id} differ in size, so nothing in them corresponds: the firmware was changed in between`,
        });
      }
      return { older: older.reading, newer: newer.reading, ...compared.diff };
    },
  );
}

/** Throws `map-unknown`, and `request-invalid` where `from` is not the older one. */
function mapsOf(
  { store }: Pick<ApiDeps, "store">,
  board: string,
  { from, to }: { readonly from?: number; readonly to?: number },
): { readonly older: StoredMap; readonly newer: StoredMap } {
  if (from !== undefined && to !== undefined && from >= to) {
    throw heapscopeError("request-invalid", {
      detail: `query parameter "from" (${from}) is not older than "to" (${to}); ids of later readings are greater`,
    });
  }
  const newer = to === undefined ? store.latestMap(board) : store.mapOf(board, to);
  if (newer === undefined) {
    throw heapscopeError("map-unknown", { board, readingId: to === undefined ? "latest" : `reading ${to}` });
  }
  const newerId = newer.reading.id ?? 0;
  if (from !== undefined && from >= newerId) {
    throw heapscopeError("request-invalid", {
      detail: `query parameter "from" (${from}) is not older than the latest map (${newerId})`,
    });
  }
  const olderId = from ?? store.mapIdBefore(board, newerId);
  const older = olderId === undefined ? undefined : store.mapOf(board, olderId);
  if (older === undefined) {
    const readingId = from === undefined ? `a time before reading ${newerId}` : `reading ${from}`;
    throw heapscopeError("map-unknown", { board, readingId });
  }
  return { older, newer };
}
