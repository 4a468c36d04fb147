import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { App } from "./app-type.ts";
import { withNamedSchemas } from "./named-schemas.ts";

/** Registers the collector of route schemas; must come before the routes. */
export async function collectOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "heapscope",
        version,
        description:
          "Watches the heap of MicroPython boards. Times are UTC, ISO 8601. Names carry units. Null means unknown. Errors are RFC 9457 problem documents with a stable code. Where a token is required: Authorization: Bearer TOKEN; what reads takes scope read, what acts (POST, audit) scope control.",
      },
      tags: [
        { name: "heapscope", description: "The daemon itself" },
        { name: "boards", description: "What is attached, and how it is" },
        { name: "history", description: "What was stored" },
        { name: "control", description: "Ask a board now" },
        { name: "feed", description: "Live events" },
      ],
    },
    transformObject: (document) =>
      // Only this union's OpenAPI member exists here: the options above ask for one.
      "openapiObject" in document ? withComponents(document.openapiObject) : document.swaggerObject,
  });
}

/** GET /api/v1/openapi.json, and the page at /docs, which loads nothing from elsewhere. */
export async function serveOpenApi(app: App): Promise<void> {
  app.get("/api/v1/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { validatorUrl: null, docExpansion: "list" },
    theme: { title: "heapscope API", css: [{ filename: "own.css", content: ".topbar { display: none }" }] },
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  });
}

type Json = Readonly<Record<string, unknown>>;

/** Moves every schema with a title to components, where generators of clients look for names. */
function withComponents<Document extends object>(document: Document): Document & Json {
  const schemas: Record<string, unknown> = {};
  const paths = "paths" in document ? withNamedSchemas(document.paths, schemas) : {};
  const securitySchemes = { token: { type: "http", scheme: "bearer" } };
  // A token, or none where none is required.
  return { ...document, paths, security: [{ token: [] }, {}], components: { schemas, securitySchemes } };
}
