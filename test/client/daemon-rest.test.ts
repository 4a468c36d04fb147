import { expect, test } from "vitest";
import { daemonRest } from "../../src/client/daemon-rest.ts";

const url = "http://127.0.0.1:7380";

function answering(status: number, answer: unknown) {
  const asked: unknown[] = [];
  const fetch = async (place: string, { headers }: { headers: Record<string, string> }) => {
    asked.push([place, headers]);
    return { ok: status < 400, status, json: async () => answer };
  };
  return { asked, fetch };
}

test("asks for boards and readings, with the token where there is one", async () => {
  const { asked, fetch } = answering(200, []);
  await daemonRest({ url, fetch }).boards();
  await daemonRest({ url, fetch, token: "t" }).readings("a/b", 7);
  expect(asked).toEqual([
    [`${url}/api/v1/boards`, {}],
    [`${url}/api/v1/boards/a%2Fb/readings?limit=7`, { authorization: "Bearer t" }],
  ]);
});

test("a refusal comes in the daemon's own words", async () => {
  const { fetch } = answering(401, { detail: "This token is unknown." });
  await expect(daemonRest({ url, fetch }).boards()).rejects.toMatchObject({
    code: "daemon-refused",
    message: expect.stringContaining("This token is unknown."),
  });
});

test("what is no heapscope is refused, nobody is absent, and no address is bad usage", async () => {
  const { fetch } = answering(200, { hello: "world" });
  await expect(daemonRest({ url, fetch }).boards()).rejects.toMatchObject({ code: "daemon-refused" });
  const nobody = async () => Promise.reject(new Error("ECONNREFUSED"));
  await expect(daemonRest({ url, fetch: nobody }).boards()).rejects.toMatchObject({ code: "daemon-absent" });
  expect(() => daemonRest({ url: "7380" })).toThrow(expect.objectContaining({ code: "usage" }));
});
