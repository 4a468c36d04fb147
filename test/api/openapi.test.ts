import { expect, test } from "vitest";
import { testApp } from "./test-app.ts";

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

test("OpenAPI 3.1 names every route with summary, description, answers and problems", async () => {
  const { app } = await testApp();
  const document = (await app.inject("/api/v1/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths).sort()).toEqual([
    "/api/v1/alerts",
    "/api/v1/audit",
    "/api/v1/boards",
    "/api/v1/boards/{id}",
    "/api/v1/boards/{id}/advice",
    "/api/v1/boards/{id}/analysis",
    "/api/v1/boards/{id}/attach",
    "/api/v1/boards/{id}/collect",
    "/api/v1/boards/{id}/collections",
    "/api/v1/boards/{id}/console",
    "/api/v1/boards/{id}/export",
    "/api/v1/boards/{id}/maps",
    "/api/v1/boards/{id}/maps/diff",
    "/api/v1/boards/{id}/maps/latest",
    "/api/v1/boards/{id}/maps/{readingId}",
    "/api/v1/boards/{id}/marks",
    "/api/v1/boards/{id}/missed",
    "/api/v1/boards/{id}/modules",
    "/api/v1/boards/{id}/read",
    "/api/v1/boards/{id}/readings",
    "/api/v1/boards/{id}/release",
    "/api/v1/boards/{id}/series",
    "/api/v1/feed",
    "/api/v1/health",
    "/api/v1/trends",
  ]);
  const paths: Record<string, Record<string, Operation>> = document.paths;
  for (const [path, methods] of Object.entries(paths)) {
    for (const operation of Object.values(methods)) {
      expect(operation.summary, path).toBeTruthy();
      expect(operation.description, path).toBeTruthy();
      expect(Object.keys(operation.responses["403"]?.content ?? {}), path).toEqual([
        "application/problem+json",
      ]);
    }
  }
});

test("named schemas are components, and every reference resolves", async () => {
  const { app } = await testApp();
  const { body } = await app.inject("/api/v1/openapi.json");
  const { schemas } = JSON.parse(body).components;
  expect(Object.keys(schemas).sort()).toEqual([
    "AdviceFinding",
    "AdviceReport",
    "AfterCollection",
    "Alert",
    "AreaDiff",
    "AuditEntry",
    "BlockChange",
    "BlockMap",
    "Board",
    "BoardAnalysis",
    "BoardTrend",
    "BytesTrend",
    "Churn",
    "Collection",
    "CollectionsWorth",
    "ConsoleLog",
    "Exhaustion",
    "Extreme",
    "Health",
    "HelperFigures",
    "LoadedModule",
    "MapDiff",
    "MapSummary",
    "Mark",
    "Measured",
    "Missed",
    "ModulesSeen",
    "NotMeasured",
    "Pin",
    "Place",
    "Problem",
    "Reading",
    "Saving",
    "Series",
    "ShareTrend",
    "Survivor",
    "TypeGrowth",
    "Webhook",
  ]);
  for (const [, name] of body.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(schemas).toHaveProperty([name!]);
});

test("the page at /docs loads only from here", async () => {
  const { app } = await testApp();
  const page = await app.inject("/docs/");
  expect(page.statusCode).toBe(200);
  expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(page.headers["content-security-policy"]).not.toContain("http");
  expect((await app.inject("/docs/static/swagger-ui-bundle.js")).statusCode).toBe(200);
  const start = await app.inject("/docs/static/swagger-initializer.js");
  expect(start.body).toContain('"validatorUrl":null');
});
