import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { BoardAnalysisSchema, MapDiffSchema } from "../../src/api/schemas-analysis.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import type { TimeSpan } from "../../src/store/store-types.ts";
import { simulate } from "../analysis/simulate.ts";
import { dumpText } from "../support/block-maps.ts";
import { sampleMap, sampleReading } from "../support/samples.ts";
import { appendCollections } from "../support/stored-collections.ts";
import { boardId, type TestApp, testApp } from "./test-app.ts";

const url = `/api/v1/boards/${boardId}`;

describe("GET analysis", () => {
  test("answers by the schema, of the last 7 days", async () => {
    const { app, store, clock } = await testApp();
    const shiftMs = clock.nowMs() - 300 * 60_000 - simulate({ seed: 1, minutes: 1 })[0]!.atMs;
    const levels = simulate({ seed: 1, minutes: 300, leakBytesPerMinute: 200 });
    appendCollections(
      store,
      levels.map((level) => ({ ...level, atMs: level.atMs + shiftMs })),
    );
    const answer = await app.inject(`${url}/analysis`);
    expect(answer.statusCode).toBe(200);
    expect([...Value.Errors(BoardAnalysisSchema, answer.json())]).toEqual([]);
    expect(answer.json()).toMatchObject({
      boardId,
      from: "2026-11-15T17:00:00.001Z",
      to: "2026-11-22T17:00:00.001Z",
      counts: { collections: 300 },
      leak: { significant: true },
      exhaustion: { heap: { expectedAt: expect.any(String) } },
    });
  });

  test("answers for a board without history, and by name", async () => {
    const { app, store } = await testApp();
    store.upsertBoard(
      { id: boardId, name: "greenhouse", port: null, emulated: false, facts: null },
      "2026-11-22T17:00:00Z",
    );
    const answer = await app.inject("/api/v1/boards/greenhouse/analysis");
    expect([...Value.Errors(BoardAnalysisSchema, answer.json())]).toEqual([]);
    expect(answer.json()).toMatchObject({ leak: null, churn: null, pins: [] });
  });

  test("asks for the span that was given", async () => {
    const asked: TimeSpan[] = [];
    const analysis = (await (await testApp()).app.inject(`${url}/analysis`)).json();
    const { app } = await testApp({
      deps: {
        analyze: (_board, span) => {
          asked.push(span);
          return analysis;
        },
      },
    });
    await app.inject(`${url}/analysis?from=2026-11-01T00:00:00Z&to=2026-11-03T00:00:00Z`);
    await app.inject(`${url}/analysis?to=2026-11-08T00:00:00Z`);
    expect(asked).toEqual([
      { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 3) },
      { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 8) },
    ]);
  });

  test.each([
    ["from=2026-11-03T00:00:00Z&to=2026-11-01T00:00:00Z", "is not before"],
    ["from=2026-11-03T00:00:00Z&to=2026-11-03T00:00:00Z", "is not before"],
    ["from=2026-12-24T00:00:00Z", "is not before now"],
    ["from=2026-01-01T00:00:00Z", "longer than 31 days"],
    ["from=yesterday", "2026-11-22T17:00:00Z"],
    ["points=5", "unknown query parameter"],
  ])("refuses ?%s", async (query, words) => {
    const { app } = await testApp();
    const answer = await app.inject(`${url}/analysis?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "request-invalid", detail: expect.stringContaining(words) });
  });

  test("knows no unknown board", async () => {
    const { app } = await testApp();
    expect((await app.inject("/api/v1/boards/nobody/analysis")).json()).toMatchObject({
      code: "board-unknown",
    });
  });
});

/** Readings 1, 3 and 4 have maps. */
function acceptMaps({ accept }: TestApp): void {
  const withMap = (blocks: string) => ({
    type: "reading" as const,
    data: sampleReading({ map: sampleMap }),
    dump: bytesOf(dumpText([blocks])),
  });
  accept(withMap("h=.."), { type: "reading", data: sampleReading() }, withMap("h=S."), withMap("h=SA"));
}

describe("GET maps/diff", () => {
  test("compares the newest map with the one before, or those that were asked for", async () => {
    const test = await testApp();
    acceptMaps(test);
    const diff = async (query: string) => (await test.app.inject(`${url}/maps/diff${query}`)).json();
    const newest = await diff("");
    expect([...Value.Errors(MapDiffSchema, newest)]).toEqual([]);
    expect(newest).toMatchObject({
      older: { id: 3 },
      newer: { id: 4 },
      areas: [
        {
          base: "10000",
          olderBlocks: 64,
          newerBlocks: 64,
          changes: [{ kind: "appeared", offset: 3, blocks: 1, from: ".", to: "A" }],
        },
      ],
      totals: { appeared: 1, went: 0, changed: 0 },
      letters: { A: { gained: 1, lost: 0 } },
    });
    expect(await diff("?to=3")).toMatchObject({
      older: { id: 1 },
      newer: { id: 3 },
      totals: { appeared: 1 },
    });
    expect(await diff("?from=1")).toMatchObject({
      older: { id: 1 },
      newer: { id: 4 },
      totals: { appeared: 2 },
    });
    expect(await diff("?from=1&to=3")).toMatchObject({ older: { id: 1 }, newer: { id: 3 } });
  });

  test.each([
    ["from=3&to=1", "is not older than"],
    ["from=3&to=3", "is not older than"],
    ["from=4", "is not older than the latest map (4)"],
    ["from=9", "is not older than the latest map (4)"],
    ["from=0", "whole number"],
    ["to=2026-11-22T17:00:00Z", "whole number"],
  ])("refuses ?%s", async (query, words) => {
    const test = await testApp();
    acceptMaps(test);
    const answer = await test.app.inject(`${url}/maps/diff?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "request-invalid", detail: expect.stringContaining(words) });
  });

  test.each([
    ["to=2", "reading 2"],
    ["from=2&to=4", "reading 2"],
    ["to=99", "reading 99"],
    ["to=1", "before reading 1"],
  ])("says that a map is missing: ?%s", async (query, words) => {
    const test = await testApp();
    acceptMaps(test);
    const answer = await test.app.inject(`${url}/maps/diff?${query}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "map-unknown", detail: expect.stringContaining(words) });
  });

  test("of a board without any map is map-unknown, too", async () => {
    const { app } = await testApp();
    expect((await app.inject(`${url}/maps/diff`)).json()).toMatchObject({ code: "map-unknown" });
  });

  test("says which dump is damaged, and that other block sizes cannot be compared", async () => {
    const damaged = await testApp({ deps: { diffMaps: (older) => ({ kind: "damaged", map: older }) } });
    acceptMaps(damaged);
    expect((await damaged.app.inject(`${url}/maps/diff`)).json()).toMatchObject({
      code: "dump-damaged",
      detail: expect.stringContaining("reading 3"),
    });
    const other = await testApp({ deps: { diffMaps: () => ({ kind: "incomparable" }) } });
    acceptMaps(other);
    expect((await other.app.inject(`${url}/maps/diff`)).json()).toMatchObject({
      code: "request-invalid",
      detail: expect.stringContaining("differ in size"),
    });
  });
});
