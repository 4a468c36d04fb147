import * as crypto from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  answeredProtocol,
  decideAccess,
  findToken,
  newToken,
  type RouteScope,
  tokenOf,
  withoutTokens,
} from "../../src/api/access.ts";
import { sampleToken } from "../support/tokens.ts";

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof import("node:crypto")>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const nowMs = Date.UTC(2026, 10, 22, 17);
const reader = sampleToken("read");
const controller = sampleToken("control");
const expired = sampleToken("control", { name: "old", expiresAt: "2026-11-22T17:00:00.000Z" });
const lasting = sampleToken("read", { name: "new", expiresAt: "2026-11-22T17:00:00.001Z" });
const tokens = [reader.record, controller.record, expired.record, lasting.record];

const given: Readonly<Record<string, string | null>> = {
  none: null,
  empty: "",
  unknown: newToken().token,
  "the hash itself": reader.record.hash,
  "cut short": reader.token.slice(0, -1),
  expired: expired.token,
  read: reader.token,
  "still valid": lasting.token,
  control: controller.token,
};

describe("the table of access", () => {
  // What open, read and control routes answer: 0 = let in.
  test.each<[string, boolean, readonly (number | string)[]]>([
    ["none", false, [0, 0, 0]],
    ["none", true, [0, "token-missing", "token-missing"]],
    ...["empty", "unknown", "the hash itself", "cut short"].flatMap((name): [string, boolean, string[]][] => [
      [name, false, ["token-invalid", "token-invalid", "token-invalid"]],
      [name, true, ["token-invalid", "token-invalid", "token-invalid"]],
    ]),
    ["expired", false, ["token-expired", "token-expired", "token-expired"]],
    ["expired", true, ["token-expired", "token-expired", "token-expired"]],
    ["read", false, [0, 0, "scope-missing"]],
    ["read", true, [0, 0, "scope-missing"]],
    ["still valid", true, [0, 0, "scope-missing"]],
    ["control", false, [0, 0, 0]],
    ["control", true, [0, 0, 0]],
  ])("token %s, required %s: %j", (name, isTokenRequired, expected) => {
    const answers = (["open", "read", "control"] satisfies RouteScope[]).map((scope) => {
      const token = given[name] ?? null;
      const answer = decideAccess({ scope, path: "GET /x", token, isTokenRequired, tokens, nowMs });
      return answer.allowed ? 0 : answer.error.code;
    });
    expect(answers).toEqual(expected);
  });

  test("a refusal names its challenge, and never the token", () => {
    const ask = (token: string | null) =>
      decideAccess({ scope: "control", path: "POST /x", token, isTokenRequired: true, tokens, nowMs });
    const unknown = newToken().token;
    for (const [token, challenge] of [
      [null, 'Bearer realm="heapscope"'],
      [unknown, 'Bearer realm="heapscope", error="invalid_token"'],
      [expired.token, 'Bearer realm="heapscope", error="invalid_token"'],
      [reader.token, 'Bearer realm="heapscope", error="insufficient_scope", scope="control"'],
    ] as const) {
      const answer = ask(token);
      expect(answer).toMatchObject({ allowed: false, challenge });
      if (token !== null) expect(JSON.stringify(answer)).not.toContain(token);
    }
  });
});

test("every record is compared in constant time, also after the right one was found", () => {
  const compare = vi.mocked(crypto.timingSafeEqual);
  for (const token of [reader.token, "x", lasting.token]) {
    compare.mockClear();
    findToken(tokens, token);
    expect(compare).toHaveBeenCalledTimes(tokens.length);
  }
});

test("a record whose hash is damaged matches nothing and harms nobody", () => {
  const damaged = { ...reader.record, hash: "12" };
  expect(findToken([damaged, controller.record], reader.token)).toBeUndefined();
  expect(findToken([damaged, controller.record], controller.token)).toBe(controller.record);
});

test("tokens are 32 random bytes, and fit a header and a subprotocol", () => {
  const made = Array.from({ length: 200 }, () => newToken());
  expect(new Set(made.map(({ token }) => token)).size).toBe(200);
  for (const { token, hash } of made) {
    expect(token).toMatch(/^hs_[A-Za-z0-9_-]{43}$/);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(tokenOf({ authorization: `Bearer ${token}` }, false)).toBe(token);
    expect(tokenOf({ "sec-websocket-protocol": `heapscope, token.${token}` }, true)).toBe(token);
    expect(withoutTokens(`a ${token} b ${token}`)).toBe("a hs_… b hs_…");
  }
});

test.each([
  [{}, null],
  [{ authorization: "bearer abc" }, "abc"],
  [{ authorization: "  Bearer   abc  " }, "abc"],
  [{ authorization: "Bearer" }, ""],
  [{ authorization: "Bearer a b" }, "a b"],
  [{ authorization: "Bearerabc" }, null],
  // What a proxy's password looks like.
  [{ authorization: "Basic dXNlcjpwYXNz" }, null],
  [{ "sec-websocket-protocol": "heapscope" }, null],
  [{ "sec-websocket-protocol": "token.abc" }, "abc"],
  [{ "sec-websocket-protocol": "heapscope,token.abc" }, "abc"],
  [{ authorization: "Bearer abc", "sec-websocket-protocol": "heapscope, token.xyz" }, "abc"],
])("a WebSocket with %j brings %j", (headers, token) => {
  expect(tokenOf(headers, true)).toBe(token);
});

test("an ordinary request brings no token in a subprotocol", () => {
  expect(tokenOf({ "sec-websocket-protocol": "heapscope, token.abc" }, false)).toBeNull();
});

test("the subprotocol with the token is never the answer", () => {
  expect(answeredProtocol(new Set(["heapscope", "token.abc"]))).toBe("heapscope");
  expect(answeredProtocol(new Set(["token.abc", "heapscope"]))).toBe("heapscope");
  expect(answeredProtocol(new Set(["token.abc"]))).toBe(false);
});

test("no header, whatever is in it, lets anybody in where a token is required", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.boolean(), (authorization, protocol, isWebSocket) => {
      const token = tokenOf({ authorization, "sec-websocket-protocol": protocol }, isWebSocket);
      const answer = decideAccess({
        scope: "read",
        path: "GET /x",
        token,
        isTokenRequired: true,
        tokens,
        nowMs,
      });
      expect(answer.allowed).toBe(false);
    }),
  );
});
