import { expect, test } from "vitest";
import { sampleToken } from "../support/tokens.ts";
import { testApp } from "./test-app.ts";

const metrics = { contentType: "text/plain; version=0.0.4; charset=utf-8", text: async () => "# ö\n" };

test("GET /metrics is the text as it is, whatever the scraper would rather have", async () => {
  const { app } = await testApp({ deps: { metrics } });
  const accept = "application/openmetrics-text;version=1.0.0";
  const answer = await app.inject({ url: "/metrics", headers: { accept } });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(answer.body).toBe("# ö\n");
});

test("a page of another host may not read it", async () => {
  const { app } = await testApp({ deps: { metrics } });
  const answer = await app.inject({ url: "/metrics", headers: { host: "evil.example" } });
  expect(answer.statusCode).toBe(403);
  expect(answer.json()).toMatchObject({ code: "host-refused" });
});

test("a query parameter is refused, because none is known", async () => {
  const { app } = await testApp({ deps: { metrics } });
  const answer = await app.inject("/metrics?board=greenhouse");
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: "request-invalid" });
});

test("OpenAPI names it; without figures there is no such route", async () => {
  const { app } = await testApp({ deps: { metrics } });
  expect((await app.inject("/api/v1/openapi.json")).json().paths).toHaveProperty("/metrics");
  const { app: bare } = await testApp();
  expect((await bare.inject("/metrics")).statusCode).toBe(404);
});

test("where tokens are asked for, one that may read is enough", async () => {
  const { token, record } = sampleToken("read");
  const { app } = await testApp({ deps: { metrics, tokenRequired: true, tokens: () => [record] } });
  expect((await app.inject("/metrics")).json()).toMatchObject({ status: 401, code: "token-missing" });
  const answer = await app.inject({ url: "/metrics", headers: { authorization: `Bearer ${token}` } });
  expect(answer.statusCode).toBe(200);
});
