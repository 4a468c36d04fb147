import { maxHeaderSize, STATUS_CODES } from "node:http";
import websocket from "@fastify/websocket";
import Fastify, { LogController } from "fastify";
import { heapscopeError } from "../shared/errors.ts";
import { answeredProtocol, withoutTokens } from "./access.ts";
import { adviceRoute } from "./advice-route.ts";
import { alertsRoute } from "./alerts-route.ts";
import { analysisRoute } from "./analysis-route.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { asyncApiRoute } from "./asyncapi-route.ts";
import { auditRoute } from "./audit-route.ts";
import { boardsRoute } from "./boards-route.ts";
import { consoleRoute } from "./console-route.ts";
import { controlRoute } from "./control-route.ts";
import { dashboardRoute } from "./dashboard-route.ts";
import { exportRoute } from "./export-route.ts";
import { feedPath, feedRoute, hardMessageBytes } from "./feed-route.ts";
import { auditActions, guardRoutes } from "./guard.ts";
import { healthRoute } from "./health-route.ts";
import { historyRoute } from "./history-route.ts";
import { collectPaths } from "./known-paths.ts";
import { mapDiffRoute } from "./map-diff-route.ts";
import { mapsRoute } from "./maps-route.ts";
import { marksRoute } from "./marks-route.ts";
import { metricsRoute } from "./metrics-route.ts";
import { collectOpenApi, serveOpenApi } from "./openapi.ts";
import { clientError, noRoute, problemOf, problemType, sendProblem } from "./problem.ts";
import { openRateGate, rateLimits } from "./rate-limits.ts";
import { sendSecurityHeaders } from "./security-headers.ts";
import { seriesRoute } from "./series-route.ts";
import { TokenConnections } from "./token-connections.ts";
import { trendsRoute } from "./trends-route.ts";
import { requestValidator } from "./validate-request.ts";

/**
 * The HTTP app: REST, feed, OpenAPI and its page, the web page. It does not listen: the caller does, and closes it. Closing says
 * goodbye to the feed's clients.
 */
export async function buildApi(deps: ApiDeps): Promise<App> {
  const app: App = Fastify({
    ...(deps.logger === false ? { logger: false } : { loggerInstance: deps.logger.child({ part: "api" }) }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 16 * 1024,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 250 },
    frameworkErrors: (error, request, reply) => {
      // No hook runs for a path that cannot be decoded, so nobody else would end a refused WebSocket's connection.
      if (request.headers.upgrade !== undefined) reply.raw.once("finish", () => request.socket.destroySoon());
      sendProblem(clientError(error, request), request, reply);
    },
    clientErrorHandler: ({ code }, socket) => {
      if (socket.writable) socket.end(unreadableAnswer(code));
    },
  });
  // Values are typed by the schemas when compiled: serializing by schema would only hide what does not fit.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setValidatorCompiler(requestValidator);
  // Only JSON bodies: a form or plain text is what a foreign web page can send without asking.
  app.removeContentTypeParser("text/plain");

  app.setErrorHandler((error, request, reply) => sendProblem(clientError(error, request), request, reply));
  const methodsOf = collectPaths(app);
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const path = url.split("?")[0] ?? url;
    const methods = methodsOf(path);
    const allowed = methods.join(", ");
    // A route that takes the method may still have nothing at this path.
    if (allowed === "" || methods.includes(method) || request.ws)
      return sendProblem(noRoute(request), request, reply);
    reply.header("allow", allowed);
    return sendProblem(heapscopeError("method-refused", { method, path, allowed }), request, reply);
  });
  app.addHook("onSend", async (request, reply) => {
    const { cacheControl = "no-store" } = request.routeOptions.config;
    reply.header("x-content-type-options", "nosniff");
    reply.header("cache-control", reply.statusCode < 400 ? cacheControl : "no-store");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, url } = request;
    request.log.debug(
      { method, url: withoutTokens(url), status: reply.statusCode, durationMs: reply.elapsedTime },
      "answered",
    );
  });

  await sendSecurityHeaders(app);
  const gate = await openRateGate(app, {
    limits: { ...rateLimits, ...deps.rateLimits },
    clock: deps.clock,
    onLimited: (address, limit) =>
      app.log.warn({ address, limit }, "Requests are refused: their address has reached its limit."),
  });
  await collectOpenApi(app, deps.version);
  await app.register(websocket, {
    options: { maxPayload: hardMessageBytes, perMessageDeflate: false, handleProtocols: answeredProtocol },
    errorHandler: (error, _socket, request) => {
      // ws has closed, or is closing, with the code that fits.
      request.log.debug({ err: error }, "feed connection failed");
    },
    preClose(done) {
      deps.feed.close();
      this.websocketServer.close();
      done();
    },
  });
  // After the WebSocket plugin's own hook, which must know a connection before it can end a refused one.
  guardRoutes(app, deps, gate);
  auditActions(app, deps);
  app.addHook("onRequest", async (request) => {
    // The plugin would accept a WebSocket on any route, only to close it again.
    if (request.ws && request.routeOptions.url !== feedPath) throw noRoute(request);
  });
  healthRoute(app, deps);
  boardsRoute(app, deps);
  historyRoute(app, deps);
  marksRoute(app, deps);
  mapsRoute(app, deps);
  seriesRoute(app, deps);
  exportRoute(app, deps);
  alertsRoute(app, deps);
  mapDiffRoute(app, deps);
  trendsRoute(app, deps);
  analysisRoute(app, deps);
  adviceRoute(app, deps);
  consoleRoute(app, deps);
  controlRoute(app, deps);
  auditRoute(app, deps);
  feedRoute(app, deps.feed, new TokenConnections(deps));
  asyncApiRoute(app, deps);
  if (deps.metrics) metricsRoute(app, deps.metrics);
  await serveOpenApi(app);
  await app.register(async (scope: App) => dashboardRoute(scope, deps));
  await app.ready();
  return app;
}

/** For what is no request that could be answered, so the answer is written by hand. `code`: Node's. */
function unreadableAnswer(code: string): string {
  const error =
    code === "HPE_HEADER_OVERFLOW"
      ? heapscopeError("headers-too-large", { limitBytes: maxHeaderSize })
      : heapscopeError("request-invalid", { detail: "it is not HTTP" });
  const body = JSON.stringify(problemOf(error, ""));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
