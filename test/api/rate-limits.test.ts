import { expect, test } from "vitest";
import type { RateLimits } from "../../src/api/rate-limits.ts";
import type { AuditEntry } from "../../src/store/store-types.ts";
import { sampleToken } from "../support/tokens.ts";
import { boardId, testApp } from "./test-app.ts";

const { token, record } = sampleToken("control");
const read = { method: "POST", url: `/api/v1/boards/${boardId}/read` } as const;
const list = { url: "/api/v1/boards" } as const;

function limited(rateLimits: Partial<RateLimits>, audit: (entry: AuditEntry) => void = () => {}) {
  return testApp({ deps: { rateLimits, audit, tokens: () => [record] } });
}

test("what is one too many is a problem that says when to try again, and passes with time", async () => {
  const { app, clock } = await limited({ reads: 3 });
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push((await app.inject(list)).statusCode);
  expect(statuses).toEqual([200, 200, 200, 429]);
  await clock.advance(20_500);
  const refused = await app.inject(list);
  expect(refused.headers).toMatchObject({
    "retry-after": "40",
    "content-type": expect.stringContaining("application/problem+json"),
  });
  expect(refused.json()).toMatchObject({
    code: "rate-limited",
    detail: "Too many requests from this address: 3 a minute are allowed. Try again in 40 s.",
  });
  await clock.advance(39_500);
  expect((await app.inject(list)).statusCode).toBe(200);
});

test("each address has its own limit, one network of IPv6 shares one, and actions have a stricter one", async () => {
  const { app } = await limited({ reads: 2, controls: 1 });
  const from = async (remoteAddress: string, what: typeof list | typeof read = list) =>
    (await app.inject({ ...what, remoteAddress })).statusCode;
  expect([await from("192.0.2.1", read), await from("192.0.2.1", read)]).toEqual([200, 429]);
  expect([await from("192.0.2.1"), await from("192.0.2.1"), await from("192.0.2.1")]).toEqual([
    200, 200, 429,
  ]);
  expect([await from("192.0.2.2"), await from("::ffff:192.0.2.2"), await from("192.0.2.2")]).toEqual([
    200, 200, 429,
  ]);
  expect([await from("fd00::1"), await from("fd00::2"), await from("fd00::3")]).toEqual([200, 200, 429]);
  expect(await from("fd01::1")).toBe(200);
});

test("paths that are not there count, too", async () => {
  const { app } = await limited({ reads: 1 });
  const statuses = [];
  for (const url of ["/a", "/b"]) statuses.push((await app.inject(url)).statusCode);
  expect(statuses).toEqual([404, 429]);
});

test("wrong tokens are soon one too many; who has a right one does not notice", async () => {
  const entries: AuditEntry[] = [];
  const { app } = await limited({ failedTokens: 2 }, (entry) => void entries.push(entry));
  const codes = [];
  for (let count = 0; count < 4; count++) {
    codes.push((await app.inject({ ...read, headers: { authorization: "Bearer hs_guess" } })).json().code);
  }
  expect(codes).toEqual(["token-invalid", "token-invalid", "rate-limited", "rate-limited"]);
  expect((await app.inject({ ...read, headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(200);
  // The audit holds what the limit let through.
  expect(entries.map(({ status }) => status)).toEqual([401, 401, 200]);
});

test("a dashboard of 64 boards and a scraper stay far below the default", async () => {
  const { app } = await testApp();
  for (let count = 0; count < 2_000; count++) {
    const { statusCode } = await app.inject("/api/v1/boards");
    if (statusCode !== 200) expect([count, statusCode]).toEqual([count, 200]);
  }
  expect((await app.inject(read)).statusCode).toBe(200);
});
