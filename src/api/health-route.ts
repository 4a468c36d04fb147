import type { BoardSnapshot, BoardStateKind } from "../board/board-status.ts";
import { HeapscopeError } from "../shared/errors.ts";
import type { ApiDeps, LastError } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { problems } from "./responses.ts";
import { boardStateKinds } from "./schemas-board.ts";
import { HealthAnswer, NoQuery } from "./schemas-http.ts";

/** GET /api/v1/health: 200 while heapscope does its work, 503 with the same document when history fails. */
export function healthRoute(app: App, deps: ApiDeps): void {
  // Wall time may be set meanwhile. What had passed before the app was built is in it.
  const startedMs = deps.clock.monotonicMs() - (deps.clock.nowMs() - Date.parse(deps.startedAt));
  app.get(
    "/api/v1/health",
    {
      schema: {
        summary: "Is heapscope well?",
        description:
          "For monitors and people: version, uptime, boards by state, history, feed, last error. Where a token is required, a request without one gets the status alone.",
        tags: ["heapscope"],
        querystring: NoQuery,
        response: { 200: HealthAnswer, 503: HealthAnswer, ...problems(400, 403) },
      },
      config: { scope: "open" },
    },
    async (request, reply) => {
      const store = storeHealth(deps);
      const { waiting, dropped } = deps.history?.() ?? { waiting: 0, dropped: 0 };
      const lastError = store.error ?? deps.lastError?.() ?? null;
      const isWell = store.cursor !== null && waiting === 0 && lastError?.code !== "store-failed";
      if (deps.tokenRequired === true && request.token === null) {
        return reply
          .code(isWell ? 200 : 503)
          .send({ status: isWell ? ("ok" as const) : ("degraded" as const) });
      }
      const boards = deps.boards.list();
      return reply.code(isWell ? 200 : 503).send({
        status: isWell ? ("ok" as const) : ("degraded" as const),
        version: deps.version,
        startedAt: deps.startedAt,
        uptimeSeconds: (deps.clock.monotonicMs() - startedMs) / 1000,
        boards: { total: boards.length, byState: countByState(boards) },
        store: { cursor: store.cursor, waiting, dropped },
        feed: { clients: deps.feed.clientCount, encodings: deps.feed.encodings },
        consoleSocket: deps.consoleSocket?.() ?? null,
        webhooks: deps.webhooks?.() ?? [],
        lastError,
      });
    },
  );
}

function storeHealth({ store, clock }: ApiDeps): { cursor: number | null; error?: LastError } {
  try {
    return { cursor: store.latestCursor() };
  } catch (error) {
    if (!(error instanceof HeapscopeError)) throw error;
    const at = new Date(clock.nowMs()).toISOString();
    return { cursor: null, error: { at, code: error.code, message: error.message } };
  }
}

function countByState(boards: readonly BoardSnapshot[]): Record<BoardStateKind, number> {
  const counts = Object.fromEntries(boardStateKinds.map((kind) => [kind, 0]));
  for (const { state } of boards) counts[state.kind] = (counts[state.kind] ?? 0) + 1;
  // Object.fromEntries() forgets that the keys are all the kinds.
  return counts as Record<BoardStateKind, number>;
}
