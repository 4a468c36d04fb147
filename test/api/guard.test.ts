import { request } from "node:http";
import { connect } from "node:net";
import { pino } from "pino";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { App } from "../../src/api/app-type.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import type { AuditEntry } from "../../src/store/store-types.ts";
import { sampleToken } from "../support/tokens.ts";
import { boardId, portOf, type TestAppOptions, testApp } from "./test-app.ts";

const reader = sampleToken("read");
const controller = sampleToken("control");
const expired = sampleToken("control", { name: "old", expiresAt: "2026-11-22T16:59:59.000Z" });
const tokens = () => [reader.record, controller.record, expired.record];
const wrong = `hs_${"x".repeat(43)}`;
const read = `/api/v1/boards/${boardId}/read`;

const bearer = (token: string | null) => (token === null ? {} : { authorization: `Bearer ${token}` });

/** As serve wires it for a loopback listener, one with requireToken, and one that is public. */
function listener(kind: "loopback" | "required" | "public", more: TestAppOptions["deps"] = {}) {
  const isPublic = kind === "public";
  return testApp({ deps: { tokens, tokenRequired: kind !== "loopback", anyIpHost: isPublic, ...more } });
}

/** "GET /api/v1/boards/:id/readings", … of everything that is registered. */
function routesOf(app: App): { readonly method: "GET" | "POST" | "HEAD"; readonly url: string }[] {
  const parents: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const [, indent = "", path = "", methods = ""] = /^([│ ]*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
      if (path === "") return [];
      const depth = indent.length / 4;
      parents[depth] = path;
      const url = parents.slice(0, depth + 1).join("");
      return methods.split(", ").map((method) => ({ method: method as "GET", url }));
    });
}

test.each([
  // listener, token, then: health, boards, a reading now, the audit, the docs, a path that is not there
  ["loopback", null, [200, 200, 200, 200, 200, 404]],
  ["loopback", wrong, [401, 401, 401, 401, 401, 401]],
  ["loopback", expired.token, [401, 401, 401, 401, 401, 401]],
  ["loopback", reader.token, [200, 200, 403, 403, 200, 404]],
  ["loopback", controller.token, [200, 200, 200, 200, 200, 404]],
  ["required", null, [200, 401, 401, 401, 401, 401]],
  ["required", wrong, [401, 401, 401, 401, 401, 401]],
  ["required", reader.token, [200, 200, 403, 403, 200, 404]],
  ["public", null, [200, 401, 401, 401, 401, 401]],
  ["public", wrong, [401, 401, 401, 401, 401, 401]],
  ["public", expired.token, [401, 401, 401, 401, 401, 401]],
  ["public", reader.token, [200, 200, 403, 403, 200, 404]],
  ["public", controller.token, [200, 200, 200, 200, 200, 404]],
] as const)("on a %s listener, token %s: %j", async (kind, token, expected) => {
  const { app } = await listener(kind);
  const headers = bearer(token);
  const asked = [
    { url: "/api/v1/health" },
    { url: "/api/v1/boards" },
    { method: "POST", url: read },
    { url: "/api/v1/audit" },
    { url: "/docs/" },
    { url: "/api/v1/nowhere" },
  ] as const;
  const statuses = [];
  for (const options of asked) statuses.push((await app.inject({ ...options, headers })).statusCode);
  expect(statuses).toEqual(expected);
});

test("where a token is required every route asks for one, but health and the page's files", async () => {
  const { app } = await listener("public", { dashboardDir: "/nowhere" });
  const routes = routesOf(app);
  expect(routes.length).toBeGreaterThan(30);
  expect(routes).toContainEqual({ method: "POST", url: "/api/v1/boards/:id/collect" });
  const open = [];
  for (const { method, url } of routes) {
    const answer = await app.inject({ method, url: url.replace("*", "x") });
    if (answer.statusCode !== 401) open.push(`${method} ${url}`);
    else expect(answer.headers["www-authenticate"]).toBe('Bearer realm="heapscope"');
  }
  // The list has no prefix for a wildcard; dashboard.test.ts asks for the page's other files.
  const paths = ["/", "/api/v1/health", "/favicon.svg"];
  expect(open.sort()).toEqual(["GET", "HEAD"].flatMap((method) => paths.map((path) => `${method} ${path}`)));
});

test("what changes something needs control without a word of its own", async () => {
  const { app } = await listener("public");
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
    const answer = await app.inject({ method, url: "/api/v1/later", headers: bearer(reader.token) });
    expect([method, answer.json().code]).toEqual([method, "scope-missing"]);
  }
});

test("health without a token says whether all is well, and no more", async () => {
  const { app, store } = await listener("public");
  const brief = await app.inject("/api/v1/health");
  expect([brief.statusCode, brief.json()]).toEqual([200, { status: "ok" }]);
  const whole = await app.inject({ url: "/api/v1/health", headers: bearer(reader.token) });
  expect(whole.json()).toMatchObject({ status: "ok", version: "0.1.0" });
  store.close();
  const ill = await app.inject("/api/v1/health");
  expect([ill.statusCode, ill.json()]).toEqual([503, { status: "degraded" }]);
});

test("a revoked token is refused with the next request", async () => {
  const records = [reader.record];
  const { app } = await listener("public", { tokens: () => records });
  const ask = async () =>
    (await app.inject({ url: "/api/v1/boards", headers: bearer(reader.token) })).statusCode;
  expect(await ask()).toBe(200);
  records.pop();
  expect(await ask()).toBe(401);
  // With no token left the door stays shut.
  expect((await app.inject("/api/v1/boards")).statusCode).toBe(401);
});

test("refused tokens leave one line per address and minute, without the token", async () => {
  let log = "";
  const stream = {
    write: (text: string) => {
      log += text;
    },
  };
  const { app, clock } = await listener("public", { logger: pino({ level: "warn" }, stream) });
  const ask = (token: string, remoteAddress: string) =>
    app.inject({ url: "/api/v1/boards", headers: bearer(token), remoteAddress });
  for (const token of [wrong, expired.token, wrong]) await ask(token, "10.0.0.1");
  await ask(wrong, "10.0.0.2");
  await ask(reader.token, "10.0.0.3");
  await clock.advance(60_000);
  await ask(wrong, "10.0.0.1");
  const told = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(told.map(({ level, address }) => [level, address])).toEqual([
    [40, "10.0.0.1"],
    [40, "10.0.0.2"],
    [40, "10.0.0.1"],
  ]);
  expect(log).not.toContain(wrong);
});

test("a token that strayed into the URL is neither taken nor repeated", async () => {
  const { app } = await listener("public");
  const answer = await app.inject(`/api/v1/boards?token=${controller.token}`);
  expect([answer.statusCode, answer.json().instance]).toEqual([401, "/api/v1/boards?token=hs_…"]);
  const known = await app.inject({
    url: `/api/v1/boards/${controller.token}/readings?limit=${controller.token}`,
    headers: bearer(controller.token),
  });
  expect(known.statusCode).toBe(400);
  expect(known.body).not.toContain(controller.token);
});

/** Over a real socket: what came back, headers and all. */
function ask(app: App, path: string, headers: Readonly<Record<string, string>>, method = "GET") {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asked = request({ port: portOf(app), host: "127.0.0.1", path, method, headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on("error", reject).end();
  });
}

/** How the feed answers an upgrade: its subprotocol, or the status and body of the refusal. */
function upgrade(app: App, headers: Readonly<Record<string, string>>, protocols: readonly string[] = []) {
  const socket = new WebSocket(`ws://127.0.0.1:${portOf(app)}/api/v1/feed`, [...protocols], { headers });
  return new Promise<{ protocol: string } | { status: number; code: string }>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => {
      resolve({ protocol: socket.protocol });
      socket.terminate();
    });
    socket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, code: JSON.parse(body).code as string }),
      );
    });
  });
}

test("over a real socket foreign pages, foreign names and wrong tokens get nothing", async () => {
  const { app } = await listener("loopback");
  await app.listen({ port: 0, host: "127.0.0.1" });
  const collect = `/api/v1/boards/${boardId}/collect`;
  for (const [headers, status, code] of [
    [{ origin: "http://evil.example" }, 403, "origin-refused"],
    [{ origin: "null" }, 403, "origin-refused"],
    [{ host: "evil.example" }, 403, "host-refused"],
    [{ host: "192.168.1.20" }, 403, "host-refused"],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403, "origin-refused"],
    [{ "sec-fetch-site": "same-site" }, 403, "origin-refused"],
    // A right token is no excuse.
    [{ origin: "http://evil.example", ...bearer(controller.token) }, 403, "origin-refused"],
    [bearer(wrong), 401, "token-invalid"],
    [bearer(reader.token), 403, "scope-missing"],
  ] as const) {
    const { body, ...answer } = await ask(app, collect, headers, "POST");
    expect([headers, answer.status, JSON.parse(body).code]).toEqual([headers, status, code]);
  }
  const evil = { origin: "http://evil.example" };
  expect(await upgrade(app, evil)).toEqual({ status: 403, code: "origin-refused" });
  expect(await upgrade(app, { host: "evil.example" })).toEqual({ status: 403, code: "host-refused" });
  expect(await upgrade(app, bearer(wrong))).toEqual({ status: 401, code: "token-invalid" });
  // A link to it from elsewhere may be followed, and its own page may load from it.
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  expect((await ask(app, "/docs/", link)).status).toBe(200);
  expect((await ask(app, "/api/v1/boards", { "sec-fetch-site": "same-origin" })).status).toBe(200);
});

test("an upgrade is refused before it happens, and let in by header or subprotocol", async () => {
  const { app, feed } = await listener("public");
  await app.listen({ port: 0, host: "127.0.0.1" });
  const withToken = (token: string) => ["heapscope", `token.${token}`];
  expect(await upgrade(app, {})).toEqual({ status: 401, code: "token-missing" });
  expect(await upgrade(app, {}, ["heapscope"])).toEqual({ status: 401, code: "token-missing" });
  expect(await upgrade(app, {}, withToken(wrong))).toEqual({ status: 401, code: "token-invalid" });
  expect(await upgrade(app, {}, withToken(expired.token))).toEqual({ status: 401, code: "token-expired" });
  expect(feed.clientCount).toBe(0);
  expect(await upgrade(app, {}, withToken(reader.token))).toEqual({ protocol: "heapscope" });
  expect(await upgrade(app, {}, withToken(reader.token).reverse())).toEqual({ protocol: "heapscope" });
  expect(await upgrade(app, bearer(reader.token))).toEqual({ protocol: "" });
});

test("a feed ends when its token is revoked or expires, and others go on", async () => {
  const soon = sampleToken("read", { name: "soon", expiresAt: "2026-11-22T17:00:20.000Z" });
  let records = [reader.record, soon.record, controller.record];
  const { clock, connect, feed } = await listener("public", { tokens: () => records });
  const clients = [];
  for (const { token } of [reader, soon, controller]) {
    const client = await connect({ headers: bearer(token) });
    await client.subscribe();
    clients.push(client);
  }
  await clock.advance(6_000);
  expect(feed.clientCount).toBe(3);
  records = [soon.record, controller.record];
  await clock.advance(6_000);
  expect(await clients[0]!.closed).toEqual({ code: 1008, reason: 'the token "read" was revoked' });
  await clock.advance(10_000);
  expect(await clients[1]!.closed).toEqual({ code: 1008, reason: 'the token "soon" has expired' });
  await expect.poll(() => feed.clientCount).toBe(1);
});

test("on all addresses any IP address may be in Host, and names only when configured", async () => {
  const { app } = await listener("public", { allowedHosts: ["heap.lan"] });
  const headers = bearer(reader.token);
  for (const [host, status] of [
    ["192.168.1.20:7380", 200],
    ["[fd00::1]:7380", 200],
    ["heap.lan", 200],
    ["localhost:7380", 200],
    ["evil.example", 403],
    ["192.168.1.20.evil.example", 403],
  ] as const) {
    const answer = await app.inject({ url: "/api/v1/boards", headers: { ...headers, host } });
    expect([host, answer.statusCode]).toEqual([host, status]);
  }
});

test("every control action is in the audit, done or refused, and nothing else", async () => {
  const entries: AuditEntry[] = [];
  const { app, clock } = await testApp({
    deps: { tokens, audit: (entry) => void entries.push(entry) },
    control: { collect: () => Promise.reject(heapscopeError("board-occupied", { board: boardId })) },
  });
  const post = (action: string, headers: object = {}, board = boardId) =>
    app.inject({ method: "POST", url: `/api/v1/boards/${board}/${action}`, headers: { ...headers } });
  await app.inject("/api/v1/boards");
  await app.inject("/api/v1/audit");
  await app.inject({ method: "POST", url: "/api/v1/nowhere" });
  expect(entries).toEqual([]);
  await post("read", bearer(controller.token));
  await clock.advance(1_000);
  await post("collect");
  await post("release", bearer(reader.token));
  await post("attach", bearer(wrong));
  await post("attach", bearer(expired.token));
  await post("read", { origin: "http://evil.example" });
  await post("read", {}, controller.token);
  const at = "2026-11-22T17:00:01.000Z";
  const refused = { at, board: boardId, address: "127.0.0.1" };
  expect(entries).toEqual([
    {
      at: "2026-11-22T17:00:00.000Z",
      action: "read",
      board: boardId,
      token: "control",
      address: "127.0.0.1",
      status: 200,
      code: null,
    },
    { ...refused, action: "collect", token: null, status: 409, code: "board-occupied" },
    { ...refused, action: "release", token: "read", status: 403, code: "scope-missing" },
    { ...refused, action: "attach", token: null, status: 401, code: "token-invalid" },
    { ...refused, action: "attach", token: "old", status: 401, code: "token-expired" },
    { ...refused, action: "read", token: null, status: 403, code: "origin-refused" },
    { ...refused, action: "read", token: null, board: "hs_…", status: 404, code: "board-unknown" },
  ]);
});

test("an audit that cannot be written fails no action", async () => {
  const { app } = await testApp({
    deps: {
      audit: () => {
        throw heapscopeError("store-failed", { file: "x", reason: "the disk is full" });
      },
    },
  });
  expect((await app.inject({ method: "POST", url: read })).statusCode).toBe(200);
});

test("the audit is paged like history", async () => {
  const { app, store } = await testApp();
  for (const action of ["read", "collect", "attach"]) {
    const entry = { at: "2026-11-22T17:00:00.000Z", action, board: boardId, token: null, code: null };
    store.audit({ ...entry, address: "127.0.0.1", status: 200 });
  }
  const actions = async (query: string) => {
    const answer = await app.inject(`/api/v1/audit?${query}`);
    return answer.json().map(({ action }: AuditEntry) => action);
  };
  expect(await actions("")).toEqual(["read", "collect", "attach"]);
  expect(await actions("limit=2")).toEqual(["collect", "attach"]);
  expect(await actions("after=1&limit=1")).toEqual(["collect"]);
  expect((await app.inject("/api/v1/audit?limit=0")).json().code).toBe("request-invalid");
});

test("headers that are too large get a problem, not a broken connection", async () => {
  const { app } = await testApp();
  await app.listen({ port: 0, host: "127.0.0.1" });
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(portOf(app), "127.0.0.1", () => {
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: ${"x".repeat(20_000)}\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
  expect(answer).toContain("HTTP/1.1 431 ");
  expect(answer).toContain('"code":"headers-too-large"');
});
