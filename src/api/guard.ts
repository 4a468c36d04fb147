import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../shared/errors.ts";
import { decideAccess, type RouteScope, tokenOf, withoutTokens } from "./access.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import type { RateGate } from "./rate-limits.ts";
import { refusedTokens } from "./refused-tokens.ts";
import { foreignCaller } from "./same-machine.ts";

/**
 * Lets every request through three gates, in this order: is it meant for us (Host, Origin), is it one too many, may it.
 * A hook on all routes: a new route is guarded without a word of its own, `config: { scope }` says otherwise.
 */
export function guardRoutes(app: App, deps: ApiDeps, gate: RateGate): void {
  const { clock, allowedHosts = [], anyIpHost = false, tokens = () => [], tokenRequired = false } = deps;
  const tellRefused = refusedTokens(app.log, clock);
  app.decorateRequest("token", null);
  app.decorateReply("problemCode", null);
  app.addHook("onRequest", async (request, reply) => {
    const foreign = foreignCaller(request.headers, { allowedHosts, anyIpHost });
    if (foreign !== undefined) throw foreign;
    const scope = scopeOf(request);
    const retryAfter = (seconds: number): void => void reply.header("retry-after", seconds);
    await gate.countRequest(scope)(request, retryAfter);

    const answer = decideAccess({
      scope,
      path: `${request.method} ${request.url.split("?")[0]}`,
      token: tokenOf(request.headers, request.ws),
      isTokenRequired: tokenRequired,
      tokens: tokens(),
      nowMs: clock.nowMs(),
    });
    request.token = answer.token;
    if (answer.allowed) return;
    const { code } = answer.error;
    if (code === "token-invalid" || code === "token-expired") tellRefused(plainAddress(request.ip), code);
    if (code === "token-invalid") await gate.countFailedToken(request, retryAfter);
    reply.header("www-authenticate", answer.challenge);
    throw answer.error;
  });
}

/** What a request needs. A path without a route needs what its method would. */
export function scopeOf({ method, routeOptions }: FastifyRequest): RouteScope {
  return routeOptions.config?.scope ?? (method === "GET" || method === "HEAD" ? "read" : "control");
}

/**
 * Writes down each request for an action (a control route that is no GET), done or refused. What was one too many is
 * left out: the limit bounds the audit, too. A history that fails fails no action.
 */
export function auditActions(app: App, { clock, audit }: ApiDeps): void {
  if (audit === undefined) return;
  app.addHook("onResponse", async (request, reply) => {
    const { url } = request.routeOptions;
    if (url === undefined || request.method === "GET" || request.method === "HEAD") return;
    if (scopeOf(request) !== "control" || reply.problemCode === tooMany) return;
    const entry = {
      at: new Date(clock.nowMs()).toISOString(),
      action: url.split("/").at(-1) ?? url,
      board: boardNamed(request),
      token: request.token?.name ?? null,
      address: plainAddress(request.ip),
      status: reply.statusCode,
      code: codeOf(reply),
    };
    try {
      audit(entry);
    } catch (error) {
      request.log.warn({ err: error, entry }, "An action could not be written into the audit.");
    }
  });
}

const tooMany: ErrorCode = "rate-limited";

function codeOf({ problemCode, statusCode }: FastifyReply): string | null {
  return problemCode ?? (statusCode < 400 ? null : "internal");
}

/** The board as the caller named it. */
function boardNamed({ params }: FastifyRequest): string | null {
  const named = typeof params === "object" && params !== null && "id" in params;
  return named ? withoutTokens(String(params.id)).slice(0, 200) : null;
}

/** An IPv4 address as such, also where the listener speaks IPv6. */
export function plainAddress(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, "");
}
