import { expect, test } from "vitest";
import { boardId, testApp } from "./test-app.ts";

const insides = /secret|\.ts\b|node_modules|\bat \S+ \(|Error:/;

test("whatever fails inside, the client gets a problem and where to look, and nothing of the insides", async () => {
  const fail = (): never => {
    throw new TypeError("secret of /home/me/x.ts");
  };
  const oddly = (): never => {
    throw "secret, and no Error at all";
  };
  for (const failing of [fail, oddly]) {
    const { app } = await testApp({
      control: { read: failing, collect: failing, release: failing, attach: failing, snapshot: failing },
      deps: { lastError: failing },
    });
    const broken = await testApp({ deps: { tokens: failing } });
    const board = `/api/v1/boards/${boardId}`;
    const answers = [
      await app.inject(board),
      await app.inject("/api/v1/health"),
      await app.inject(`${board}/readings`),
      ...(await Promise.all(
        ["read", "collect", "release", "attach"].map((action) =>
          app.inject({ method: "POST", url: `${board}/${action}` }),
        ),
      )),
      await broken.app.inject("/api/v1/boards"),
      await broken.app.inject("/api/v1/nowhere"),
      await broken.app.inject("/api/v1/feed"),
    ];
    for (const answer of answers) {
      expect([answer.statusCode, answer.json().code]).toEqual([500, "internal"]);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.body).not.toMatch(insides);
    }
  }
});

test("a history that fails is a problem of its own on every route that reads it", async () => {
  const { app, store } = await testApp();
  store.close();
  const board = `/api/v1/boards/${boardId}`;
  for (const path of ["readings", "collections", "missed", "maps/latest", "maps/1"]) {
    const answer = await app.inject(`${board}/${path}`);
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, 500, "store-failed"]);
    expect(answer.body).not.toMatch(insides);
  }
  expect((await app.inject("/api/v1/audit")).json().code).toBe("store-failed");
});

test("every answer, also a refusal, tells browsers what its page may do", async () => {
  const { app } = await testApp({ deps: { tokenRequired: true } });
  for (const url of ["/api/v1/health", "/api/v1/boards", "/nowhere", "/docs/"]) {
    const { headers } = await app.inject({ url, headers: { host: "localhost:7380" } });
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("*");
    // Swagger's page styles itself in line; scripts in line are nobody's.
    expect(policy.replace("style-src 'self' 'unsafe-inline'", "")).not.toContain("unsafe");
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("strict-transport-security");
  }
});

test("a page may open the feed where it came from, and a Host made of code gets into no header", async () => {
  const { app } = await testApp();
  const policyFor = async (host: string) =>
    String(
      (await app.inject({ url: "/api/v1/health", headers: { host } })).headers["content-security-policy"],
    );
  expect(await policyFor("localhost:7380")).toContain(
    "connect-src 'self' ws://localhost:7380 wss://localhost:7380;",
  );
  expect(await policyFor("[::1]:7380")).toContain("connect-src 'self' 'self';");
  expect(await policyFor("x; script-src *")).not.toContain("script-src *");
});
