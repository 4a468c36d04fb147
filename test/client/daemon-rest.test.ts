import { expect, test } from "vitest";
import { daemonRest, type RestFetch } from "../../src/client/daemon-rest.ts";

const url = "http://127.0.0.1:7380";

function answering(status: number, answer: unknown) {
  const asked: unknown[] = [];
  const fetch: RestFetch = async (place, { method = "GET", headers, body }) => {
    asked.push([`${method} ${place}`, headers, ...(body === undefined ? [] : [body])]);
    return { ok: status < 400, status, json: async () => answer };
  };
  return { asked, fetch };
}

test("asks for boards and readings, with the token where there is one", async () => {
  const { asked, fetch } = answering(200, []);
  await daemonRest({ url, fetch }).boards();
  await daemonRest({ url, fetch, token: "t" }).readings("a/b", { limit: 7, after: undefined });
  expect(asked).toEqual([
    [`GET ${url}/api/v1/boards`, {}],
    [`GET ${url}/api/v1/boards/a%2Fb/readings?limit=7`, { authorization: "Bearer t" }],
  ]);
});

test("every question goes to its route", async () => {
  const lists = answering(200, []);
  const ones = answering(200, {});
  const ofLists = daemonRest({ url, fetch: lists.fetch });
  const ofOnes = daemonRest({ url, fetch: ones.fetch });
  const from = "2026-11-27T10:00:00Z";
  await ofLists.trends();
  await ofLists.alerts({ board: "b", state: "all" });
  await ofLists.collections("b");
  await ofLists.missed("b", { from });
  await ofLists.maps("b", { after: 3 });
  await ofOnes.board("b");
  await ofOnes.series("b", { metric: "usedBytes", points: 10 });
  await ofOnes.analysis("b");
  await ofOnes.advice("b", { from });
  await ofOnes.map("b", "latest");
  await ofOnes.mapDiff("b", { from: 1, to: 2 });
  await ofOnes.console("b", { after: 9, limit: 5 });
  const places = [...lists.asked, ...ones.asked].map((asked) => String(Array.isArray(asked) && asked[0]));
  expect(places.map((place) => place.replace(`GET ${url}/api/v1/`, ""))).toEqual([
    "trends",
    "alerts?board=b&state=all",
    "boards/b/collections",
    "boards/b/missed?from=2026-11-27T10%3A00%3A00Z",
    "boards/b/maps?after=3",
    "boards/b",
    "boards/b/series?metric=usedBytes&points=10",
    "boards/b/analysis",
    "boards/b/advice?from=2026-11-27T10%3A00%3A00Z",
    "boards/b/maps/latest",
    "boards/b/maps/diff?from=1&to=2",
    "boards/b/console?after=9&limit=5",
  ]);
});

test("what acts on a board is a POST with a JSON body", async () => {
  const { asked, fetch } = answering(200, {});
  const rest = daemonRest({ url, fetch });
  await rest.read("b", { map: true });
  await rest.collect("b");
  await rest.listModules("b");
  await rest.release("b", { seconds: 60 });
  await rest.release("b");
  await rest.attach("b");
  const json = { "content-type": "application/json" };
  expect(asked).toEqual([
    [`POST ${url}/api/v1/boards/b/read`, json, '{"map":true}'],
    [`POST ${url}/api/v1/boards/b/collect`, json, "{}"],
    [`POST ${url}/api/v1/boards/b/modules`, json, "{}"],
    [`POST ${url}/api/v1/boards/b/release`, json, '{"seconds":60}'],
    [`POST ${url}/api/v1/boards/b/release`, json, "{}"],
    [`POST ${url}/api/v1/boards/b/attach`, json, "{}"],
  ]);
});

test("a refusal comes in the daemon's own words, with status and problem", async () => {
  const { fetch } = answering(401, { detail: "This token is unknown.", code: "token-invalid" });
  await expect(daemonRest({ url, fetch }).boards()).rejects.toMatchObject({
    code: "daemon-refused",
    message: expect.stringContaining("This token is unknown."),
    context: { status: 401, problem: "token-invalid" },
  });
});

test("a daemon that is not well says so with its health; a problem is none", async () => {
  const ill = answering(503, { status: "degraded" });
  await expect(daemonRest({ url, fetch: ill.fetch }).health()).resolves.toEqual({ status: "degraded" });
  const problem = answering(503, { status: 503, detail: "It stops.", code: "internal" });
  await expect(daemonRest({ url, fetch: problem.fetch }).health()).rejects.toMatchObject({
    context: { status: 503, problem: "internal" },
  });
});

test("what is no heapscope is refused, nobody is absent, and no address is bad usage", async () => {
  const { fetch } = answering(200, { hello: "world" });
  await expect(daemonRest({ url, fetch }).boards()).rejects.toMatchObject({
    code: "daemon-refused",
    context: { status: 200, problem: "" },
  });
  const nobody = async () => Promise.reject(new Error("ECONNREFUSED"));
  await expect(daemonRest({ url, fetch: nobody }).boards()).rejects.toMatchObject({ code: "daemon-absent" });
  expect(() => daemonRest({ url: "7380" })).toThrow(expect.objectContaining({ code: "usage" }));
});

test("a question that is taken back ends with the signal's reason", async () => {
  const abort = new AbortController();
  const fetch: RestFetch = (_place, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const asked = daemonRest({ url, fetch }).boards(abort.signal);
  abort.abort(new Error("left the page"));
  await expect(asked).rejects.toThrow("left the page");
});
