import type { Static } from "typebox";
import type { Alert } from "../heap/reading.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findHistory } from "./find-board.ts";
import { problems } from "./responses.ts";
import { AlertsQuerySchema } from "./schemas-alerts.ts";
import { defaultLimit } from "./schemas-http.ts";
import { AlertSchema, listOf } from "./schemas-reading.ts";

type AlertsQuery = Static<typeof AlertsQuerySchema>;

/** GET /api/v1/alerts: what fires now, or the history of what fired and resolved. */
export function alertsRoute(app: App, deps: ApiDeps): void {
  app.get(
    "/api/v1/alerts",
    {
      schema: {
        summary: "Alerts",
        description:
          "Without state, or with state=firing: the alerts that fire now, oldest first. With state=all: the history of changes, each alert once when it began to fire and once when it resolved; with state=resolved: the latter only. Without after: the newest, oldest first. With after: onward from that id.",
        tags: ["history"],
        querystring: AlertsQuerySchema,
        response: { 200: listOf(AlertSchema), ...problems(400, 403, 404, 500) },
      },
    },
    async ({ query }) => {
      const { board, state = "firing", severity, from, to, after, limit = defaultLimit } = query;
      if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to)) {
        const detail = `query parameter "from" (${from}) is later than "to" (${to})`;
        throw heapscopeError("request-invalid", { detail });
      }
      const boardId = board === undefined ? undefined : findHistory(deps, board);
      if (state === "firing") {
        const firing = deps.firingAlerts?.() ?? deps.store.firingAlerts();
        const wanted = firing.filter((alert) => isWanted(alert, boardId, query));
        return after === undefined ? wanted.slice(-limit) : wanted.slice(0, limit);
      }
      const changes = state === "all" ? undefined : state;
      return deps.store.alerts({ boardId, state: changes, severity, from, to, after, limit });
    },
  );
}

/** The same choice that the history makes by itself. */
function isWanted(
  { id, boardId, severity, at }: Alert,
  wantedBoardId: string | undefined,
  { severity: wantedSeverity, from, to, after }: AlertsQuery,
): boolean {
  const atMs = Date.parse(at);
  return (
    (wantedBoardId === undefined || boardId === wantedBoardId) &&
    (wantedSeverity === undefined || severity === wantedSeverity) &&
    (from === undefined || atMs >= Date.parse(from)) &&
    (to === undefined || atMs < Date.parse(to)) &&
    (after === undefined || (id ?? 0) > after)
  );
}
