import Value from "typebox/value";
import { expect, test } from "vitest";
import { BoardSnapshotSchema } from "../../src/api/schemas-board.ts";
import { ConsoleLogSchema } from "../../src/api/schemas-console.ts";
import { BlockMapSchema, HealthSchema } from "../../src/api/schemas-http.ts";
import { CollectionSchema, MissedSchema, ReadingSchema } from "../../src/api/schemas-reading.ts";
import { BoardTrendSchema } from "../../src/api/schemas-trends.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import {
  sampleCollection,
  sampleDump,
  sampleMap,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../support/samples.ts";
import { boardId, testApp } from "./test-app.ts";

test("health says version, uptime, boards by state and the newest cursor", async () => {
  const { app, accept } = await testApp();
  accept({ type: "reading", data: sampleReading() });
  const answer = await app.inject("/api/v1/health");
  expect(answer.statusCode).toBe(200);
  expect(Value.Check(HealthSchema, answer.json())).toBe(true);
  expect(answer.json()).toMatchObject({
    status: "ok",
    version: "0.1.0",
    uptimeSeconds: 60,
    boards: { total: 1, byState: { ready: 1, busy: 0 } },
    store: { cursor: 1 },
    lastError: null,
  });
});

test("health is degraded, and says why, when history fails", async () => {
  const { app, store } = await testApp();
  store.close();
  const answer = await app.inject("/api/v1/health");
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ status: "degraded", lastError: { code: "store-failed" } });
});

test("health shows the last error it was handed", async () => {
  const lastError = { at: "2026-11-22T17:00:00.000Z", code: "port-busy", message: "held by another program" };
  const { app } = await testApp({ deps: { lastError: () => lastError } });
  expect((await app.inject("/api/v1/health")).json()).toMatchObject({ status: "ok", lastError });
});

test("boards are listed, and found by id and by name", async () => {
  const { app } = await testApp();
  const all = await app.inject("/api/v1/boards");
  expect(all.json()).toEqual([sampleSnapshot()]);
  expect(Value.Check(BoardSnapshotSchema, all.json()[0])).toBe(true);
  for (const id of [boardId, "greenhouse"]) {
    const one = await app.inject(`/api/v1/boards/${id}`);
    expect([one.statusCode, one.json()]).toEqual([200, sampleSnapshot()]);
  }
});

test("trends are given as they were computed", async () => {
  const trends = [
    { boardId, at: sampleTime, leakBytesPerHour: 1024, timeToExhaustionSeconds: 3600 },
    { boardId: "b", at: null, leakBytesPerHour: null, timeToExhaustionSeconds: null },
  ];
  const { app } = await testApp({ deps: { trends: () => trends } });
  const answer = await app.inject("/api/v1/trends");
  expect(answer.json()).toEqual(trends);
  for (const trend of answer.json()) expect(Value.Check(BoardTrendSchema, trend)).toBe(true);
});

test("what a board printed is given line by line, 200 without a limit", async () => {
  const asked: unknown[] = [];
  const page = { lines: [{ number: 8, at: sampleTime, text: "tick" }], next: 8, dropped: 7 };
  const consoleLog = (query: unknown) => {
    asked.push(query);
    return page;
  };
  const { app } = await testApp({ control: { consoleLog } });
  const answer = await app.inject("/api/v1/boards/greenhouse/console");
  expect(answer.json()).toEqual({ boardId, ...page });
  expect(Value.Check(ConsoleLogSchema, answer.json())).toBe(true);
  await app.inject(`/api/v1/boards/${boardId}/console?after=8&limit=5`);
  expect(asked).toEqual([
    { after: undefined, limit: 200 },
    { after: 8, limit: 5 },
  ]);
  const status = async (path: string) => (await app.inject(`/api/v1/boards/${path}`)).statusCode;
  expect([await status("nobody/console"), await status("greenhouse/console?limit=1001")]).toEqual([404, 400]);
});

test("readings, collections and missed come from history", async () => {
  const { app, accept } = await testApp();
  accept(
    { type: "reading", data: sampleReading({ map: sampleMap }) },
    { type: "collection", data: sampleCollection() },
    { type: "missed", data: sampleMissed() },
  );
  const get = async (kind: string) => (await app.inject(`/api/v1/boards/greenhouse/${kind}`)).json();
  expect(await get("readings")).toEqual([{ ...sampleReading({ map: sampleMap }), id: 1 }]);
  expect(await get("collections")).toEqual([{ ...sampleCollection(), id: 2 }]);
  expect(await get("missed")).toEqual([{ ...sampleMissed(), id: 3 }]);
  expect(Value.Check(ReadingSchema, (await get("readings"))[0])).toBe(true);
  expect(Value.Check(CollectionSchema, (await get("collections"))[0])).toBe(true);
  expect(Value.Check(MissedSchema, (await get("missed"))[0])).toBe(true);
});

test("readings are cut by time, paged by id, and 100 without a limit", async () => {
  const { app, accept } = await testApp();
  const at = (n: number) => new Date(Date.UTC(2026, 10, 22, 17, 0, n)).toISOString();
  accept(
    ...Array.from({ length: 120 }, (_, n) => ({
      type: "reading" as const,
      data: sampleReading({ at: at(n) }),
    })),
  );
  const ids = async (query: string) => {
    const answer = await app.inject(`/api/v1/boards/${boardId}/readings?${query}`);
    return answer.json().map(({ id }: { id: number }) => id);
  };
  expect(await ids("")).toEqual(Array.from({ length: 100 }, (_, n) => n + 21));
  expect(await ids(`from=${at(3)}&to=${at(5)}`)).toEqual([4, 5]);
  expect(await ids("from=2026-11-22T18:00:03%2B01:00&limit=10000&to=2026-11-22T17:00:05Z")).toEqual([4, 5]);
  expect(await ids("after=7&limit=2")).toEqual([8, 9]);
});

test("a board that only history knows is disconnected, listed on request, and cannot be asked for anything", async () => {
  const { app, accept, boards, store } = await testApp();
  const { id, name, emulated, facts } = sampleSnapshot();
  store.upsertBoard({ id, name, port: null, emulated, facts }, "2026-11-22T17:05:00.000Z");
  accept({ type: "reading", data: sampleReading() });
  boards.length = 0;
  for (const asked of [boardId, "greenhouse"]) {
    const one = await app.inject(`/api/v1/boards/${asked}`);
    expect(one.json()).toMatchObject({
      id: boardId,
      name: "greenhouse",
      port: "",
      state: {
        kind: "disconnected",
        since: "2026-11-22T17:05:00.000Z",
        message: expect.stringContaining("Known from history only"),
      },
      facts,
      lastReading: { id: 1 },
    });
    expect(Value.Check(BoardSnapshotSchema, one.json())).toBe(true);
    expect((await app.inject(`/api/v1/boards/${asked}/readings`)).json()).toHaveLength(1);
    const read = await app.inject({ method: "POST", url: `/api/v1/boards/${asked}/read`, payload: {} });
    expect([read.statusCode, read.json().code]).toEqual([409, "board-not-watched"]);
  }
  const ids = async (query: string) => {
    const all = (await app.inject(`/api/v1/boards${query}`)).json();
    return all.map((board: { id: string }) => board.id);
  };
  expect(await ids("")).toEqual([]);
  expect(await ids("?known=all")).toEqual([boardId]);
  boards.push(sampleSnapshot({ id: "attached" }));
  expect(await ids("?known=all")).toEqual(["attached", boardId]);
  expect((await app.inject("/api/v1/boards/greenhouse")).json().id).toBe("attached");
});

test("a map is JSON runs, or the dump as printed, by Accept", async () => {
  const { app, accept } = await testApp();
  accept({ type: "reading", data: sampleReading({ map: sampleMap }), dump: sampleDump });
  for (const which of ["latest", "1"]) {
    const url = `/api/v1/boards/${boardId}/maps/${which}`;
    const json = await app.inject(url);
    expect(json.headers).toMatchObject({
      vary: expect.stringContaining("Accept"),
      "content-type": expect.stringContaining("application/json"),
    });
    expect(Value.Check(BlockMapSchema, json.json())).toBe(true);
    expect(json.json()).toMatchObject({ reading: { id: 1 }, blockSizeBytes: 16 });
    const text = await app.inject({ url, headers: { accept: "text/plain" } });
    expect(text.headers["content-type"]).toContain("text/plain");
    expect(new Uint8Array(text.rawPayload)).toEqual(sampleDump);
    const neither = await app.inject({ url, headers: { accept: "image/png" } });
    expect(neither.statusCode).toBe(406);
    expect(neither.headers).toMatchObject({ vary: expect.stringContaining("Accept") });
    expect(neither.json()).toMatchObject({ code: "accept-refused" });
  }
});

test("readings whose map is stored are listed like readings", async () => {
  const { app, accept } = await testApp();
  const dump = sampleDump;
  const data = sampleReading({ map: sampleMap });
  accept({ type: "reading", data, dump }, { type: "reading", data }, { type: "reading", data, dump });
  const get = async (query: string) => (await app.inject(`/api/v1/boards/${boardId}/maps${query}`)).json();
  expect(await get("")).toEqual([1, 3].map((id) => ({ ...data, id })));
  expect(await get("?limit=1")).toEqual([{ ...data, id: 3 }]);
  expect(await get("?after=1&to=2020-01-01T00:00:00Z")).toEqual([]);
  expect(await get("?from=now")).toMatchObject({ code: "request-invalid" });
});

test("a map that is not there is 404 and says how to get one", async () => {
  const { app, accept } = await testApp();
  accept({ type: "reading", data: sampleReading() });
  for (const which of ["latest", "1", "999"]) {
    const answer = await app.inject(`/api/v1/boards/${boardId}/maps/${which}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "map-unknown", detail: expect.stringContaining("POST") });
  }
});

test("a stored dump that no longer parses is a problem, but its text is still there", async () => {
  const { app, accept } = await testApp({ deps: { decodeMap: () => undefined } });
  accept({ type: "reading", data: sampleReading({ map: sampleMap }), dump: sampleDump });
  const url = `/api/v1/boards/${boardId}/maps/latest`;
  expect((await app.inject(url)).json()).toMatchObject({ code: "dump-damaged" });
  expect((await app.inject({ url, headers: { accept: "text/plain" } })).statusCode).toBe(200);
});

test("read asks the board, with a map only when told so", async () => {
  const asked: unknown[] = [];
  const read = async (options: { readonly map: boolean }) => {
    asked.push(options);
    return sampleReading({ phase: "on-demand" });
  };
  const { app } = await testApp({ control: { read } });
  const url = `/api/v1/boards/${boardId}/read`;
  const bare = await app.inject({ method: "POST", url });
  expect([bare.statusCode, bare.json()]).toEqual([200, sampleReading({ phase: "on-demand" })]);
  await app.inject({ method: "POST", url, payload: {} });
  await app.inject({ method: "POST", url, payload: { map: true } });
  expect(asked).toEqual([{ map: false }, { map: false }, { map: true }]);
});

test("collect answers with the collection", async () => {
  const { app } = await testApp();
  const answer = await app.inject({ method: "POST", url: "/api/v1/boards/greenhouse/collect" });
  expect([answer.statusCode, answer.json()]).toEqual([200, sampleCollection()]);
});

test("what the board refuses reaches the client with its code and status", async () => {
  const { app } = await testApp({
    control: {
      read: () => Promise.reject(heapscopeError("board-occupied", { board: boardId })),
      collect: () => Promise.reject(heapscopeError("board-not-ready", { board: boardId, state: "busy" })),
    },
  });
  const post = (what: string) => app.inject({ method: "POST", url: `/api/v1/boards/${boardId}/${what}` });
  expect((await post("read")).json()).toMatchObject({ code: "board-occupied", status: 409 });
  expect((await post("collect")).json()).toMatchObject({ code: "board-not-ready", status: 503 });
});
