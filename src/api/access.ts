import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

/**
 * Who may do what. The whole rule, for a request that is neither foreign (same-machine) nor one too many (rate-limits):
 *
 *   token given            | open | read               | control
 *   -----------------------+------+--------------------+-------------------
 *   none, none is required | yes  | yes                | yes
 *   none, one is required  | yes¹ | 401 token-missing  | 401 token-missing
 *   unknown or mistyped    | 401 token-invalid, everywhere
 *   expired                | 401 token-expired, everywhere
 *   scope read             | yes  | yes                | 403 scope-missing
 *   scope control          | yes  | yes                | yes
 *
 * One is required where others than this machine's users can come: on an address that is not loopback, with
 * `allowedHosts`, and with `requireToken`. That is settled when the daemon starts, so revoking the last token opens no
 * door. On a loopback address alone every user of the machine is let in, as they always were.
 *
 * ¹ health, which then says only whether all is well; and the files of the web page, which hold no data.
 */
export const tokenScopes = ["read", "control"] as const;
export type TokenScope = (typeof tokenScopes)[number];
export type RouteScope = TokenScope | "open";

/** What is kept of a token: enough to know it again, not enough to use it. */
export interface TokenRecord {
  readonly name: string;
  /** `control` is never without `read`. */
  readonly scopes: readonly TokenScope[];
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  /** UTC, ISO 8601; null: it does not expire. */
  readonly expiresAt: string | null;
  /** SHA-256 of the token, 64 hexadecimal digits. */
  readonly hash: string;
}

export interface AccessQuestion {
  readonly scope: RouteScope;
  /** Method and path, for the sentence. */
  readonly path: string;
  /** Null: none was given. */
  readonly token: string | null;
  readonly isTokenRequired: boolean;
  readonly tokens: readonly TokenRecord[];
  readonly nowMs: number;
}

export type AccessAnswer =
  | { readonly allowed: true; readonly token: TokenRecord | null }
  | {
      readonly allowed: false;
      readonly error: HeapscopeError;
      /** Whose token it was where it is known but does not do. */
      readonly token: TokenRecord | null;
      /** For WWW-Authenticate, by RFC 6750 section 3. */
      readonly challenge: string;
    };

const realm = 'Bearer realm="heapscope"';

/** Decides by the table above. */
export function decideAccess(question: AccessQuestion): AccessAnswer {
  const { scope, path, token: given, isTokenRequired, tokens, nowMs } = question;
  const refused = (error: HeapscopeError, token: TokenRecord | null, detail = ""): AccessAnswer => ({
    allowed: false,
    error,
    token,
    challenge: `${realm}${detail}`,
  });
  if (given === null) {
    if (scope === "open" || !isTokenRequired) return { allowed: true, token: null };
    return refused(heapscopeError("token-missing", { path }), null);
  }
  const token = findToken(tokens, given);
  if (token === undefined) {
    return refused(heapscopeError("token-invalid", { path }), null, ', error="invalid_token"');
  }
  const { name, expiresAt } = token;
  if (expiresAt !== null && isExpired(token, nowMs)) {
    return refused(heapscopeError("token-expired", { name, expiresAt }), token, ', error="invalid_token"');
  }
  if (scope !== "open" && !token.scopes.includes(scope)) {
    const error = heapscopeError("scope-missing", { name, scope, path });
    return refused(error, token, `, error="insufficient_scope", scope="${scope}"`);
  }
  return { allowed: true, token };
}

export function isExpired({ expiresAt }: Pick<TokenRecord, "expiresAt">, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs;
}

/** The record of `token`. Every record is compared, in the same time whatever the bytes are. */
export function findToken(tokens: readonly TokenRecord[], token: string): TokenRecord | undefined {
  const hash = sha256(token);
  let found: TokenRecord | undefined;
  for (const record of tokens) {
    const kept = Buffer.from(record.hash, "hex");
    if (kept.length === hash.length && timingSafeEqual(kept, hash)) found = record;
  }
  return found;
}

/**
 * A new token: `hs_` and 32 random bytes in base64url, 46 characters. `hash` is what to keep. One round of SHA-256 is
 * right here: slow, salted hashing protects what people think up; 256 random bits cannot be guessed at any speed.
 */
export function newToken(): { readonly token: string; readonly hash: string } {
  const token = `hs_${randomBytes(32).toString("base64url")}`;
  return { token, hash: sha256(token).toString("hex") };
}

/** The pattern of tokens: so many characters are no word. */
const tokenShape = /hs_[A-Za-z0-9_-]{20,}/g;

/** `text` without what looks like a token: some put theirs where it does not belong. */
export function withoutTokens(text: string): string {
  return text.includes("hs_") ? text.replaceAll(tokenShape, "hs_…") : text;
}

/** The subprotocol of the feed for clients that name one. */
export const feedProtocol = "heapscope";
const protocolPrefix = "token.";

export interface TokenHeaders {
  readonly authorization?: string | undefined;
  readonly "sec-websocket-protocol"?: string | undefined;
}

/**
 * The token that a request brings: `Authorization: Bearer TOKEN`, or for a WebSocket, where browsers let pages set no
 * header, the subprotocols `heapscope, token.TOKEN`. Never the URL, which ends up in logs and histories. Null: none.
 * Other schemes than Bearer are none: a proxy that asks for a password may pass that on.
 */
export function tokenOf(headers: TokenHeaders, isWebSocket: boolean): string | null {
  const [, bearer] = /^Bearer(?=\s|$)\s*(.*)$/is.exec(headers.authorization?.trim() ?? "") ?? [];
  if (bearer !== undefined) return bearer;
  if (!isWebSocket) return null;
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const protocol = protocols.find((name) => name.startsWith(protocolPrefix));
  return protocol === undefined ? null : protocol.slice(protocolPrefix.length);
}

/** The subprotocol to answer a WebSocket with: never the one that holds a token. False: none. */
export function answeredProtocol(offered: ReadonlySet<string>): string | false {
  return offered.has(feedProtocol) ? feedProtocol : false;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
