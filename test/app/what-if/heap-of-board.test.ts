import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { heapOfBoard } from "../../../src/app/what-if/heap-of-board.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { mapOf, readingOf } from "../../dashboard/map/support.ts";

type Answer = readonly [status: number, body: unknown];
const problem = (status: number, code: string, detail: string): Answer => [status, { code, detail, status }];
const board = (kind: string, message = "It answers.") =>
  [200, { id: "b1", name: "bench", state: { kind, message } }] as const;
const map = (id: number, text: string): Answer => [
  200,
  { ...mapOf(text.padEnd(64, "h")), reading: readingOf(id) },
];
const noMap = problem(404, "map-unknown", "no map");

/** A daemon that answers by method and path behind the board's; a list is answered one by one. Returns the heap, and what was asked. */
async function heapFrom(routes: Readonly<Record<string, Answer | Answer[]>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const key = `${request.method} ${request.url?.replace(/^\/api\/v1\/boards\/(bench|b1)\/?/, "")}`.trim();
    asked.push(key);
    const route = routes[key];
    const given = Array.isArray(route?.[0]) ? (route as Answer[]).shift() : (route as Answer | undefined);
    const [status, body] = given ?? problem(500, "internal", `nothing for ${key}`);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = { ...systemClock, nowMs: () => Date.parse("2026-11-27T12:03:01.000Z") };
  return { asked, heap: heapOfBoard({ url }, "bench", clock) };
}

test("a board is read, collected, and read again", async () => {
  const { asked, heap } = await heapFrom({
    GET: board("ready"),
    "POST read": [
      [200, readingOf(7)],
      [200, readingOf(9)],
    ],
    "POST collect": [200, {}],
    "GET maps/7": map(7, "h.h."),
    "GET maps/9": map(9, "h..."),
  });
  expect(await heap).toMatchObject({
    name: "bench",
    source: { kind: "daemon", boardId: "b1" },
    now: { starts: Uint32Array.of(1, 3), lengths: Uint32Array.of(1, 1) },
    collected: { kind: "known", free: { starts: Uint32Array.of(1), lengths: Uint32Array.of(3) } },
  });
  expect(asked).toEqual(["GET", "POST read", "GET maps/7", "POST collect", "POST read", "GET maps/9"]);
});

test("a board that reports by itself is asked for nothing: the newest stored map counts, with its age", async () => {
  const { asked, heap } = await heapFrom({
    GET: board("helper", "It reports."),
    "GET maps/latest": map(1, "h.."),
  });
  expect(await heap).toMatchObject({
    source: { kind: "stored", at: "2026-11-27T12:00:01.000Z", ageMs: 180_000, reason: "It reports." },
    collected: { kind: "unknown" },
  });
  expect(asked).toEqual(["GET", "GET maps/latest"]);
});

test.each(["board-not-ready", "board-not-watched"])(
  "so does one that cannot be read now: %s",
  async (code) => {
    const { heap } = await heapFrom({
      GET: board("busy"),
      "POST read": problem(503, code, "Its program runs."),
      "GET maps/latest": map(1, "h.."),
    });
    expect(await heap).toMatchObject({ source: { kind: "stored", reason: "Its program runs." } });
  },
);

test("without a stored map there is nothing to go by", async () => {
  const { heap } = await heapFrom({
    GET: board("busy"),
    "POST read": problem(503, "board-not-ready", "Its program runs."),
    "GET maps/latest": noMap,
  });
  await expect(heap).rejects.toMatchObject({
    code: "map-missing",
    message: expect.stringContaining("its history has none, and it cannot be read now. Its program runs."),
  });
});

test("a token that may only read is refused in the daemon's words", async () => {
  const { heap } = await heapFrom({
    GET: board("ready"),
    "POST read": problem(403, "scope-missing", "It needs the scope control."),
  });
  await expect(heap).rejects.toMatchObject({
    code: "daemon-refused",
    message: expect.stringContaining("It needs the scope control."),
  });
});

test("a firmware without maps, and a history that stores nothing, are told apart", async () => {
  const without = await heapFrom({
    GET: board("ready"),
    "POST read": [200, readingOf(7)],
    "GET maps/7": noMap,
  });
  await expect(without.heap).rejects.toMatchObject({
    code: "map-missing",
    message: expect.stringContaining("has no mem_info"),
  });
  const unstored = await heapFrom({ GET: board("ready"), "POST read": [200, { ...readingOf(7), id: null }] });
  await expect(unstored.heap).rejects.toMatchObject({
    code: "map-missing",
    message: expect.stringContaining("cannot store readings"),
  });
});

test("where the collection is refused, the heap as it is remains", async () => {
  const { heap } = await heapFrom({
    GET: board("ready"),
    "POST read": [200, readingOf(7)],
    "GET maps/7": map(7, "h."),
    "POST collect": problem(503, "board-not-ready", "Its program runs."),
  });
  expect(await heap).toMatchObject({
    source: { kind: "daemon" },
    collected: { kind: "unknown", reason: "The heap after a collection is not known: Its program runs." },
  });
});
