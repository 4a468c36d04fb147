import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { asyncApiDocument } from "./asyncapi.ts";
import { feedPath } from "./feed-route.ts";

/** GET /api/v1/asyncapi.json: every message of the feed, for people and for generators of clients. */
export function asyncApiRoute(app: App, { feed, version }: Pick<ApiDeps, "feed" | "version">): void {
  app.get("/api/v1/asyncapi.json", { schema: { hide: true } }, async (request) =>
    asyncApiDocument({ version, host: request.host, address: feedPath, limits: feed.limits }),
  );
}
