import { kind } from "./error-kind.ts";

type AtBoard = { readonly board: string };

/** Errors of requests to the REST API and of messages to the feed. A part of the table in errors.ts. */
export const apiErrors = {
  "board-unknown": kind<AtBoard>(
    404,
    1,
    (c) =>
      `There is no board "${c.board}". GET /api/v1/boards lists the ones heapscope watches, with ?known=all also those that only its history knows.`,
  ),
  "board-not-watched": kind<AtBoard>(
    409,
    1,
    (c) =>
      `Board ${c.board} is known from history only, so nothing can be asked of it. Attach it, or configure its port; GET /api/v1/boards lists the boards that are watched.`,
  ),
  "map-unknown": kind<AtBoard & { readonly readingId: string }>(
    404,
    1,
    (c) =>
      `Board ${c.board} has no stored map for ${c.readingId}. Maps are rare by design; POST /api/v1/boards/${c.board}/read with {"map": true} takes one now.`,
  ),
  "route-unknown": kind<{ readonly path: string }>(
    404,
    1,
    (c) => `There is no ${c.path} here. /docs lists every route.`,
  ),
  "dashboard-missing": kind<Record<string, never>>(
    404,
    1,
    () =>
      'This heapscope was built without its web page: run "npm run build" in its folder. The API is there all the same, see /docs.',
  ),
  "method-refused": kind<{ readonly method: string; readonly path: string; readonly allowed: string }>(
    405,
    1,
    (c) => `${c.path} does not take ${c.method}, only ${c.allowed}. /docs lists every route.`,
  ),
  "request-invalid": kind<{ readonly detail: string }>(
    400,
    2,
    (c) => `The request cannot be used: ${c.detail}.`,
  ),
  "host-refused": kind<{ readonly host: string }>(
    403,
    1,
    (c) =>
      `This heapscope does not answer to the name "${c.host}": a foreign web page could have made it up. Use 127.0.0.1, localhost, or the address it listens on; other names go into allowedHosts of its configuration.`,
  ),
  "origin-refused": kind<{ readonly origin: string }>(
    403,
    1,
    (c) =>
      `A web page from "${c.origin}" may not talk to this heapscope: only its own pages may. Programs send no Origin header.`,
  ),
  "content-type-refused": kind<{ readonly given: string }>(
    415,
    2,
    (c) => `A body of type "${c.given}" cannot be read. Send JSON with Content-Type: application/json.`,
  ),
  "accept-refused": kind<{ readonly accept: string; readonly offered: string }>(
    406,
    2,
    (c) => `Accept: ${c.accept} asks for something this route does not have. It offers ${c.offered}.`,
  ),
  "body-too-large": kind<{ readonly limitBytes: number }>(
    413,
    2,
    (c) => `The body is larger than ${c.limitBytes} bytes. No route needs that much.`,
  ),
  "headers-too-large": kind<{ readonly limitBytes: number }>(
    431,
    2,
    (c) =>
      `The request's line and headers are larger than ${c.limitBytes} bytes together. No request needs that much.`,
  ),
  "upgrade-required": kind<{ readonly path: string }>(
    426,
    2,
    (c) => `${c.path} is a WebSocket: open it with ws://, not with an ordinary GET.`,
  ),
  "feed-full": kind<{ readonly limit: number }>(
    503,
    1,
    (c) => `The feed already has ${c.limit} clients, which is its limit. Close some, or try again later.`,
  ),
  "feed-message-invalid": kind<{ readonly detail: string }>(
    400,
    2,
    (c) =>
      `The message cannot be used: ${c.detail}. The feed takes {"type":"subscribe","boards":["*"],"after":CURSOR?}.`,
  ),
  "feed-cursor-foreign": kind<{ readonly after: number; readonly history: string }>(
    409,
    2,
    (c) =>
      `Event ${c.after} is one of another history (${c.history}) than this heapscope has now. Subscribe again without "after".`,
  ),
  "feed-cursor-ahead": kind<{ readonly after: number; readonly latest: number }>(
    409,
    2,
    (c) =>
      `There is no event ${c.after} yet: the newest is ${c.latest}. The history was replaced, or the cursor is from another heapscope. Subscribe again without "after".`,
  ),
  "feed-flooded": kind<{ readonly perSecond: number }>(
    429,
    2,
    (c) =>
      `Too many messages came: the feed takes ${c.perSecond} a second on average. One subscribe is enough for a connection; connect again and send it once.`,
  ),
  "feed-silent-client": kind<{ readonly waitedMs: number }>(
    408,
    1,
    (c) =>
      `No subscribe message came within ${c.waitedMs} ms. Connect again and send {"type":"subscribe","boards":["*"]}.`,
  ),
  "token-missing": kind<{ readonly path: string }>(
    401,
    1,
    (c) =>
      `${c.path} asks for a token, and none was given. Send "Authorization: Bearer TOKEN"; commands take --token or HEAPSCOPE_TOKEN. "heapscope token create NAME" on heapscope's machine makes one.`,
  ),
  /** Without the token: what is wrong may be nearly right. */
  "token-invalid": kind<{ readonly path: string }>(
    401,
    1,
    (c) =>
      `The token sent with ${c.path} is not one of this heapscope: it is mistyped, revoked, or another's. "heapscope token list" on its machine shows which there are.`,
  ),
  "token-expired": kind<{ readonly name: string; readonly expiresAt: string }>(
    401,
    1,
    (c) =>
      `The token "${c.name}" expired at ${c.expiresAt}. "heapscope token create" on heapscope's machine makes a new one.`,
  ),
  "scope-missing": kind<{ readonly name: string; readonly scope: string; readonly path: string }>(
    403,
    1,
    (c) =>
      `The token "${c.name}" may not do this: ${c.path} needs the scope ${c.scope}. "heapscope token create NAME --scope ${c.scope}" on heapscope's machine makes one that may.`,
  ),
  "rate-limited": kind<{ readonly limit: number; readonly what: string; readonly retrySeconds: number }>(
    429,
    1,
    (c) =>
      `Too many ${c.what} from this address: ${c.limit} a minute are allowed. Try again in ${c.retrySeconds} s.`,
  ),
} as const;
