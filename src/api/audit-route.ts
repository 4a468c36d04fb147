import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { problems } from "./responses.ts";
import { AuditEntrySchema, AuditQuerySchema, defaultLimit } from "./schemas-http.ts";
import { listOf } from "./schemas-reading.ts";

/** GET /api/v1/audit: who asked what of which board, and what came of it. */
export function auditRoute(app: App, { store }: ApiDeps): void {
  app.get(
    "/api/v1/audit",
    {
      schema: {
        summary: "Who did what",
        description:
          "Every request to read, collect, release or attach and every opened console, done or refused, with the token's name and the address. Requests beyond the rate limit are left out. The newest 50 000 that were done are kept, and as many that were refused. Needs scope control.",
        tags: ["control"],
        querystring: AuditQuerySchema,
        response: { 200: listOf(AuditEntrySchema), ...problems(400, 403, 500) },
      },
      config: { scope: "control" },
    },
    async ({ query: { after, limit = defaultLimit } }) => store.auditTrail({ after, limit }),
  );
}
