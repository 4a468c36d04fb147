import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { testApp } from "./test-app.ts";

const local = { host: "127.0.0.1:7380" };

/** An app with a page as the bundler leaves it, and a file beside its folder that is nobody's business. */
async function appWithPage(deps: { tokenRequired?: boolean } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dashboardDir = join(folder, "dashboard");
  mkdirSync(join(dashboardDir, "assets"), { recursive: true });
  writeFileSync(join(dashboardDir, "index.html"), "<!doctype html><title>heapscope</title>");
  writeFileSync(join(dashboardDir, "favicon.svg"), "<svg/>");
  writeFileSync(join(dashboardDir, "assets", "index-B1x_-2.js"), "export {};");
  writeFileSync(join(dashboardDir, "assets", ".hidden"), "secret");
  writeFileSync(join(folder, "secret.txt"), "secret");
  const { app } = await testApp({ deps: { ...deps, dashboardDir } });
  return app;
}

test("the page is served at /, asked for again each time, under the policy for scripts", async () => {
  const app = await appWithPage();
  const page = await app.inject({ url: "/", headers: local });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain("<title>heapscope</title>");
  expect(page.headers).toMatchObject({
    "content-type": expect.stringContaining("text/html"),
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "content-security-policy": expect.stringContaining("default-src 'self'"),
  });
  const icon = await app.inject({ url: "/favicon.svg", headers: local });
  expect(icon.headers).toMatchObject({ "content-type": "image/svg+xml", "cache-control": "no-cache" });
  const again = await app.inject({ url: "/", headers: { ...local, "if-none-match": page.headers.etag } });
  expect([again.statusCode, again.body, again.headers["cache-control"]]).toEqual([304, "", "no-cache"]);
  const head = await app.inject({ method: "HEAD", url: "/", headers: local });
  expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, "", page.headers.etag]);
});

test("files whose names change with their content may be kept for good; one that is not there may not", async () => {
  const app = await appWithPage();
  const script = await app.inject({ url: "/assets/index-B1x_-2.js", headers: local });
  expect(script.headers).toMatchObject({
    "content-type": expect.stringContaining("/javascript"),
    "cache-control": "public, max-age=31536000, immutable",
  });
  const gone = await app.inject({ url: "/assets/index-old.js", headers: local });
  expect(gone.json()).toMatchObject({ status: 404, code: "route-unknown" });
  expect(gone.headers["cache-control"]).toBe("no-store");
});

test("whoever comes without a token gets the page, and no data", async () => {
  const app = await appWithPage({ tokenRequired: true });
  expect((await app.inject({ url: "/", headers: local })).statusCode).toBe(200);
  expect((await app.inject({ url: "/assets/index-B1x_-2.js", headers: local })).statusCode).toBe(200);
  expect((await app.inject({ url: "/assets/gone.js", headers: local })).statusCode).toBe(404);
  expect((await app.inject({ url: "/api/v1/boards", headers: local })).statusCode).toBe(401);
});

test.each([
  "/assets/../../secret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/assets/%2e%2e/%2e%2e/secret.txt",
  "/assets/..%5c..%5csecret.txt",
  "/assets/.hidden",
  "/assets/",
  "/assets//index-B1x_-2.js",
  "/assets/index-B1x_-2.js%00",
  "/assets/index-B1x_-2.js/more",
  `/assets/${"x".repeat(5_000)}`,
  "/index.html",
  "/other",
])("there is no %s", async (url) => {
  const app = await appWithPage();
  const answer = await app.inject({ url, headers: local });
  expect(answer.statusCode).toBe(404);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
});

test("where the page was not built, / says so in one sentence", async () => {
  const { app } = await testApp({ deps: { dashboardDir: join(tmpdir(), "heapscope-no-such-folder") } });
  const answer = await app.inject({ url: "/", headers: local });
  expect(answer.json()).toMatchObject({
    status: 404,
    code: "dashboard-missing",
    detail: expect.stringContaining("npm run build"),
  });
  expect((await app.inject({ url: "/favicon.svg", headers: local })).statusCode).toBe(404);
});
