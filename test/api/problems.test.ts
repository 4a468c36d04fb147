import { connect } from "node:net";
import Value from "typebox/value";
import { expect, test } from "vitest";
import { ProblemSchema } from "../../src/api/schemas-http.ts";
import { boardId, portOf, testApp } from "./test-app.ts";

const readings = `/api/v1/boards/${boardId}/readings`;
const read = `/api/v1/boards/${boardId}/read`;

test.each([
  ["limit=0", 'query parameter "limit" is "0"; expected is one whole number from 1 to 10000'],
  ["limit=10001", '"limit"'],
  ["limit=ten", '"limit"'],
  ["limit=1e3", '"limit"'],
  ["limit=", '"limit"'],
  ["limit=1&limit=2", '"limit"'],
  ["from=yesterday", 'query parameter "from" is "yesterday"; expected is one time with its zone'],
  ["from=2026-02-30T00:00:00Z", '"from"'],
  ["to=2026-11-31", '"to"'],
  ["from=2026-11-22T18:00:00Z&to=2026-11-22T17:00:00Z", 'is later than "to"'],
  ["after=-1", '"after"'],
  ["form=2026-11-22T17:00:00Z", 'unknown query parameter "form"; known: from, to, after, limit'],
  ["constructor=1", 'unknown query parameter "constructor"'],
])("?%s is a 400 that names the parameter", async (query, sentence) => {
  const { app } = await testApp();
  const answer = await app.inject(`${readings}?${query}`);
  expect(answer.statusCode).toBe(400);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  expect(Value.Check(ProblemSchema, answer.json())).toBe(true);
  expect(answer.json()).toMatchObject({ code: "request-invalid", detail: expect.stringContaining(sentence) });
});

test.each([
  ["a string for a boolean", '{"map":"true"}', "application/json", 400, 'body key "map" is "true"'],
  ["an unknown key", '{"maps":true}', "application/json", 400, 'unknown body key "maps"; known: map'],
  ["an array", "[]", "application/json", 400, "must be a JSON object"],
  ["half an object", '{"map":', "application/json", 400, "JSON"],
  ["nothing, though it says JSON", "", "application/json", 400, "empty"],
  ["a form", "map=true", "application/x-www-form-urlencoded", 415, "application/json"],
  ["plain text", "{}", "text/plain", 415, "application/json"],
  ["too much", JSON.stringify({ map: "x".repeat(20_000) }), "application/json", 413, "16384"],
])("a body that is %s is refused", async (_, payload, type, status, sentence) => {
  const { app } = await testApp();
  const answer = await app.inject({ method: "POST", url: read, payload, headers: { "content-type": type } });
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ status, detail: expect.stringContaining(sentence) });
});

test("seconds of a release that are too few or too many are refused with the bounds", async () => {
  const { app } = await testApp();
  for (const seconds of [0, -1, 604_801, "5"]) {
    const url = `/api/v1/boards/${boardId}/release`;
    const answer = await app.inject({ method: "POST", url, payload: { seconds } });
    expect(answer.json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining("expected is one number above 0, at most 604800"),
    });
  }
});

test("an unknown parameter is refused everywhere", async () => {
  const { app } = await testApp();
  for (const url of ["/api/v1/health", "/api/v1/boards", `/api/v1/boards/${boardId}`]) {
    expect((await app.inject(`${url}?x=1`)).json()).toMatchObject({
      detail: expect.stringContaining('unknown query parameter "x"; known: '),
    });
  }
});

test("a reading id that is no id is 400", async () => {
  const { app } = await testApp();
  for (const id of ["newest", "0", "1.5", "-3", "99999999999999999999"]) {
    const answer = await app.inject(`/api/v1/boards/${boardId}/maps/${id}`);
    expect([id, answer.statusCode]).toEqual([id, 400]);
  }
});

test("an unknown board is 404 on every route of it", async () => {
  const { app } = await testApp();
  for (const path of ["", "/readings", "/collections", "/missed", "/maps/latest", "/maps/1"]) {
    const answer = await app.inject(`/api/v1/boards/nobody${path}`);
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, 404, "board-unknown"]);
  }
  const posted = await app.inject({ method: "POST", url: "/api/v1/boards/nobody/read" });
  expect(posted.json()).toMatchObject({ code: "board-unknown", instance: "/api/v1/boards/nobody/read" });
});

test("a method that a known path does not take is a 405 problem with those it takes", async () => {
  const { app } = await testApp();
  for (const [method, url, allow] of [
    ["DELETE", "/api/v1/boards", "GET, HEAD"],
    ["PUT", `/api/v1/boards/${boardId}`, "GET, HEAD"],
    ["GET", `/api/v1/boards/${boardId}/read`, "POST"],
    ["POST", "/api/v1/boards/a%2Fb/readings?limit=1", "GET, HEAD"],
  ] as const) {
    const answer = await app.inject({ method, url });
    expect([url, answer.statusCode, answer.headers.allow]).toEqual([url, 405, allow]);
    expect(answer.json()).toMatchObject({ code: "method-refused", detail: expect.stringContaining(allow) });
  }
});

test("an unknown route is a 404 problem", async () => {
  const { app } = await testApp();
  const answer = await app.inject("/api/v2/boards?x=1");
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: "route-unknown", instance: "/api/v2/boards?x=1" });
  expect((await app.inject({ method: "DELETE", url: "/api/v1/nothing" })).json().code).toBe("route-unknown");
});

test("a path that cannot be decoded is a 400 problem", async () => {
  const { app } = await testApp();
  const answer = await app.inject("/api/v1/boards/%zz");
  expect([answer.statusCode, answer.json().code]).toEqual([400, "request-invalid"]);
});

test("a bug of ours answers 500 without its insides", async () => {
  const { app } = await testApp({
    control: { read: () => Promise.reject(new TypeError("secret of /home/me")) },
  });
  const answer = await app.inject({ method: "POST", url: read });
  expect(answer.statusCode).toBe(500);
  expect(answer.json().code).toBe("internal");
  expect(answer.body).not.toMatch(/secret|\.ts:|at /);
});

test("bytes that are no HTTP get a problem and a closed connection", async () => {
  const { app } = await testApp();
  await app.listen({ port: 0, host: "127.0.0.1" });
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(portOf(app), "127.0.0.1", () => socket.write("\x01raw REPL?\r\n\r\n"));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("close", () => resolve(text));
  });
  expect(answer).toContain("HTTP/1.1 400 Bad Request");
  expect(answer).toContain('"code":"request-invalid"');
});

test.each([
  ["evil.example", undefined, "host-refused"],
  ["evil.example:7380", undefined, "host-refused"],
  ["127.0.0.1.evil.example", undefined, "host-refused"],
  ["x@localhost", undefined, "host-refused"],
  ["192.168.1.9", undefined, "host-refused"],
  ["localhost:7380", "http://evil.example", "origin-refused"],
  ["localhost:7380", "http://localhost:5173", "origin-refused"],
  ["localhost:7380", "null", "origin-refused"],
  ["localhost:7380", "http://localhost:7380", undefined],
  ["127.0.0.1:7380", undefined, undefined],
  ["[::1]:7380", "http://[::1]:7380", undefined],
  ["LOCALHOST", "http://localhost", undefined],
  ["heap.lan", "https://heap.lan", undefined],
  ["[fd00::1]:7380", undefined, undefined],
])("Host %s with Origin %s: %s", async (host, origin, code) => {
  const { app } = await testApp({ deps: { allowedHosts: ["heap.lan", "fd00::1"] } });
  const headers = origin === undefined ? { host } : { host, origin };
  for (const url of ["/api/v1/boards", "/api/v1/nowhere", "/docs/"]) {
    const answer = await app.inject({ url, headers });
    if (code === undefined) expect(answer.statusCode).not.toBe(403);
    else expect([answer.statusCode, answer.json().code]).toEqual([403, code]);
  }
});
