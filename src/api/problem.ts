import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { withoutTokens } from "./access.ts";

export const problemType = "application/problem+json";

/** RFC 9457, with heapscope's `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
}

/** The problem document for `error`, which happened at the path `instance`. */
export function problemOf(error: HeapscopeError, instance: string): Problem {
  const words = error.code.replaceAll("-", " ");
  return {
    type: `urn:heapscope:problem:${error.code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status: error.status,
    detail: error.message,
    instance,
    code: error.code,
  };
}

/** Answers `request` with the problem document for `error`. */
export function sendProblem(
  error: HeapscopeError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.problemCode = error.code;
  // A string passes every serializer untouched. A token may have strayed into the URL, which is repeated here.
  return reply
    .code(error.status)
    .type(problemType)
    .send(withoutTokens(JSON.stringify(problemOf(error, request.url))));
}

/** There is nothing at the path that was asked for. */
export function noRoute({ method, url }: FastifyRequest): HeapscopeError {
  return heapscopeError("route-unknown", { path: `${method} ${url.split("?")[0]}` });
}

/**
 * What a thrown value means to the client. Ours pass as they are; Fastify's own become the entry of our table that
 * says the same; anything else is a bug: the log gets all of it, the client only where to look.
 */
export function clientError(error: unknown, request: FastifyRequest): HeapscopeError {
  if (error instanceof HeapscopeError) {
    // A board that cannot answer now is the client's news, and the board's own log line; a failing store is ours.
    // A history that waits for its disk is told of once, by who writes it, and not with every request.
    const passes = error.code === "store-failed" && error.context["trouble"] !== "other";
    const level = passes ? "debug" : "warn";
    if (error.status === 500) request.log[level]({ code: error.code }, error.message);
    return error;
  }
  const { code, statusCode = 500, message }: Partial<FastifyError> = error instanceof Error ? error : {};
  switch (code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return heapscopeError("content-type-refused", { given: request.headers["content-type"] ?? "none" });
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return heapscopeError("body-too-large", { limitBytes: request.routeOptions.bodyLimit });
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return heapscopeError("request-invalid", {
        detail: "the body is empty although its Content-Type is application/json; send {} or no Content-Type",
      });
    default:
  }
  if (statusCode >= 400 && statusCode < 500) {
    const detail = (message ?? "it is malformed").replace(/\.$/, "");
    return heapscopeError("request-invalid", { detail });
  }
  request.log.error({ err: error }, "request failed unexpectedly");
  return heapscopeError("internal", { detail: `see the log for request ${request.id}` });
}
