import { expect, test } from "vitest";
import type { NewEvent } from "../../src/store/store-types.ts";
import { sampleCollection, sampleReading } from "../support/samples.ts";
import { boardId, testApp } from "./test-app.ts";

const startMs = Date.UTC(2026, 10, 22, 16, 0, 0);

function reading(second: number, usedBytes: number): NewEvent {
  const at = new Date(startMs + second * 1000).toISOString();
  return { type: "reading", data: sampleReading({ at, heap: { ...sampleReading().heap, usedBytes } }) };
}

async function withReadings() {
  const it = await testApp();
  it.accept(...[100, 300, 200, 400].map((used, index) => reading(index * 10, used)));
  return it;
}

test("a metric comes in buckets with least, mean, greatest and count", async () => {
  const { app } = await withReadings();
  const response = await app.inject(
    `/api/v1/boards/greenhouse/series?metric=usedBytes&from=2026-11-22T16:00:00Z&to=2026-11-22T16:00:40Z&points=2`,
  );
  expect([response.statusCode, response.json()]).toEqual([
    200,
    {
      boardId,
      metric: "usedBytes",
      from: "2026-11-22T16:00:00.000Z",
      to: "2026-11-22T16:00:40.000Z",
      bucketSeconds: 20,
      source: "single",
      buckets: [
        { at: "2026-11-22T16:00:00.000Z", min: 100, mean: 200, max: 300, count: 2 },
        { at: "2026-11-22T16:00:20.000Z", min: 200, mean: 300, max: 400, count: 2 },
      ],
    },
  ]);
});

test("without a range it is the last 24 hours", async () => {
  const { app } = await withReadings();
  const { from, to, buckets } = (
    await app.inject(`/api/v1/boards/${boardId}/series?metric=usedBytes`)
  ).json();
  expect([from, to]).toEqual(["2026-11-21T17:00:00.000Z", "2026-11-22T17:00:00.000Z"]);
  expect(buckets).toHaveLength(1);
});

test.each([
  ["metric=colour", 'query parameter "metric" is "colour"; expected is one of usedBytes, freeBytes,'],
  ["", "metric"],
  ["metric=usedBytes&points=0", "expected is one whole number from 1 to 5000"],
  ["metric=usedBytes&points=many", "expected is one whole number from 1 to 5000"],
  ["metric=usedBytes&from=yesterday", "expected is one time with its zone"],
  ["metric=usedBytes&from=2026-11-22T17:00:00Z&to=2026-11-22T16:00:00Z", "is later than"],
  ["metric=usedBytes&from=2027-01-01T00:00:00Z", "is empty"],
])("series?%s is refused with a sentence", async (query, sentence) => {
  const { app } = await withReadings();
  const response = await app.inject(`/api/v1/boards/${boardId}/series?${query}`);
  expect([response.statusCode, response.json().code]).toEqual([400, "request-invalid"]);
  expect(response.json().detail).toContain(sentence);
});

test("a series of an unknown board is 404", async () => {
  const { app } = await withReadings();
  const response = await app.inject("/api/v1/boards/nobody/series?metric=usedBytes");
  expect([response.statusCode, response.json().code]).toEqual([404, "board-unknown"]);
});

test("an export is NDJSON with a first line that says so, or CSV with the names of its columns", async () => {
  const { app, accept } = await withReadings();
  accept({ type: "collection", data: sampleCollection({ beforeId: 3, afterId: 4 }) });
  const ndjson = await app.inject(`/api/v1/boards/${boardId}/export`);
  expect(ndjson.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
  expect(ndjson.headers["content-disposition"]).toBe(`attachment; filename="${boardId}.ndjson"`);
  const lines = ndjson.body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual([
    "export",
    "board-record",
    ...Array(4).fill("reading"),
    "collection",
  ]);
  expect(lines[2].data).toMatchObject({ id: 1, heap: { usedBytes: 100 } });

  const csv = await app.inject(`/api/v1/boards/${boardId}/export?format=csv&from=2026-11-22T16:00:20Z`);
  const [head, ...rows] = csv.body.trimEnd().split("\r\n");
  expect(head).toMatch(/^id,boardId,at,.*usedBytes.*,boardName$/);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(new RegExp(`,${boardId}$`));
  const sinceDay = await app.inject(`/api/v1/boards/${boardId}/export?format=csv&from=2026-11-22`);
  const untilDay = await app.inject(`/api/v1/boards/${boardId}/export?format=csv&to=2026-11-22`);
  const count = ({ body }: { readonly body: string }) => body.trimEnd().split("\r\n").length - 1;
  expect([count(sinceDay), count(untilDay)]).toEqual([4, 0]);
  const collections = await app.inject(`/api/v1/boards/${boardId}/export?format=csv&type=collection`);
  expect(collections.body).toContain(`5,${boardId},2026-11-22T17:00:00.123Z,3,4,4096,1024,0.25,0.0625,3.25`);
});

test("a CSV of board changes is refused before anything is sent", async () => {
  const { app } = await withReadings();
  const response = await app.inject(`/api/v1/boards/${boardId}/export?format=csv&type=board`);
  expect([response.statusCode, response.json().code]).toEqual([400, "request-invalid"]);
});
