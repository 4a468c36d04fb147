import { statSync } from "node:fs";
import { join } from "node:path";
// Version 9: from 10 on it wants glob 14, which wants a newer Node than we do.
import files from "@fastify/static";
import { heapscopeError } from "../shared/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { noRoute } from "./problem.ts";

/** Names as the bundler makes them: neither a hidden file nor a way out of the folder. */
const assetName = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/**
 * GET /: the web page, as it was built into `dashboardDir`. It holds no data, so anybody may load it: what it shows it asks for with
 * a token of its own. Whether it was built is looked at with each request.
 */
export async function dashboardRoute(
  app: App,
  { dashboardDir }: Pick<ApiDeps, "dashboardDir">,
): Promise<void> {
  await app.register(files, { serve: false, cacheControl: false, index: false });
  const schema = { hide: true };
  // A browser asks each time whether it has changed, and is told in some hundred bytes.
  const config = { scope: "open", cacheControl: "no-cache" } as const;

  app.get("/", { schema, config }, async (_request, reply) => {
    if (dashboardDir === undefined || !isFile(dashboardDir, "index.html"))
      throw heapscopeError("dashboard-missing", {});
    return reply.sendFile("index.html", dashboardDir);
  });
  if (dashboardDir === undefined) return;
  app.get("/favicon.svg", { schema, config }, async (request, reply) => {
    if (!isFile(dashboardDir, "favicon.svg")) throw noRoute(request);
    return reply.sendFile("favicon.svg", dashboardDir);
  });
  app.get<{ Params: { "*": string } }>(
    "/assets/*",
    // Their names change with their content.
    { schema, config: { scope: "open", cacheControl: "public, max-age=31536000, immutable" } },
    async (request, reply) => {
      const name = request.params["*"];
      const folder = join(dashboardDir, "assets");
      if (!assetName.test(name) || !isFile(folder, name)) throw noRoute(request);
      return reply.sendFile(name, folder);
    },
  );
}

/** Looked at here because sendFile() passes what is missing on as a request of its own, which would need a token. */
function isFile(folder: string, name: string): boolean {
  try {
    return statSync(join(folder, name)).isFile();
  } catch {
    return false;
  }
}
