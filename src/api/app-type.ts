import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { RouteScope, TokenRecord } from "./access.ts";

/** The Fastify app whose handlers are typed by their TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may use the route. Default: read for GET and HEAD, control for everything else. */
    scope?: RouteScope;
    /** Cache-Control of its answers that are no problems. Default: no-store. */
    cacheControl?: string;
  }
  interface FastifyRequest {
    /** Whose token came with it, also where that did not suffice; null: none did, or none that is known. */
    token: TokenRecord | null;
  }
  interface FastifyReply {
    /** The code of the problem that it answers with; null: none. */
    problemCode: string | null;
  }
}
