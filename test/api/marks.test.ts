import { expect, test } from "vitest";
import type { HelperFigures, ReadingMark } from "../../src/heap/reading.ts";
import type { NewEvent } from "../../src/store/store-types.ts";
import { sampleReading } from "../support/samples.ts";
import { boardId, testApp } from "./test-app.ts";

const plain: HelperFigures = {
  run: "3f2a",
  sequence: 1,
  ticksMs: 0,
  mark: null,
  gcThreshold: null,
  peakBytes: null,
  idfHeap: null,
};

function marked(
  sequence: number,
  mark: ReadingMark | null,
  usedBytes: number,
  largestFreeBytes = 1000,
): NewEvent {
  const at = new Date(Date.UTC(2026, 10, 22, 16, 0, sequence)).toISOString();
  const heap = { ...sampleReading().heap, usedBytes };
  const helper = { ...plain, sequence, mark };
  return { type: "reading", data: sampleReading({ at, source: "helper", helper, heap, largestFreeBytes }) };
}

const block = (kind: ReadingMark["kind"], label = "parse"): ReadingMark => ({ kind, label });

async function marks(events: readonly NewEvent[], query = "") {
  const { app, accept } = await testApp();
  accept(...events);
  const response = await app.inject(`/api/v1/boards/${boardId}/marks${query}`);
  return response.json();
}

test("marks are the readings with a label, in order; a measured block's cost is with its settled mark", async () => {
  const events = [
    marked(1, { kind: "point", label: "after wifi" }, 4000),
    marked(2, block("begin"), 5000, 900),
    marked(3, null, 6000),
    marked(4, block("end"), 7000),
    marked(5, block("settled"), 5600, 700),
  ];
  expect(await marks(events)).toMatchObject([
    { readingId: 1, boardId, kind: "point", label: "after wifi", usedBytes: 4000, cost: null },
    { kind: "begin", cost: null },
    { kind: "end", cost: null },
    {
      readingId: 5,
      kind: "settled",
      cost: { beginId: 2, endId: 4, netBytes: 600, garbageBytes: 1400, largestFreeChangeBytes: -200 },
    },
  ]);
});

test("a block that began before the page still has its cost", async () => {
  const events = [
    marked(1, block("begin"), 100),
    marked(2, block("end"), 300),
    marked(3, block("settled"), 150),
  ];
  expect(await marks(events, "?after=2")).toMatchObject([
    { cost: { beginId: 1, netBytes: 50, garbageBytes: 150 } },
  ]);
  expect(await marks(events, "?limit=1")).toMatchObject([{ kind: "settled", cost: { netBytes: 50 } }]);
});

test("nested blocks each have their own cost", async () => {
  const events = [
    marked(1, block("begin"), 100),
    marked(2, block("begin"), 200),
    marked(3, block("end"), 260),
    marked(4, block("settled"), 230),
    marked(5, block("end"), 500),
    marked(6, block("settled"), 400),
  ];
  const settled = (await marks(events)).filter(({ kind }: ReadingMark) => kind === "settled");
  expect(settled).toMatchObject([
    { cost: { beginId: 2, endId: 3, netBytes: 30, garbageBytes: 30 } },
    { cost: { beginId: 1, endId: 5, netBytes: 300, garbageBytes: 100 } },
  ]);
});

test("an inner block whose last frame is missing does not take the outer one's end", async () => {
  const events = [
    marked(1, block("begin"), 100),
    marked(2, block("begin"), 200),
    marked(3, block("end"), 260),
    marked(5, block("end"), 500),
    marked(6, block("settled"), 400),
  ];
  expect((await marks(events)).at(-1)).toMatchObject({
    cost: { beginId: 1, netBytes: 300, garbageBytes: 100 },
  });
});

test("what a missing frame would tell is unknown", async () => {
  expect(await marks([marked(2, block("end"), 300), marked(3, block("settled"), 150)])).toMatchObject([
    {},
    { cost: { beginId: null, netBytes: null, garbageBytes: 150, largestFreeChangeBytes: null } },
  ]);
  expect(
    await marks([
      marked(1, block("begin"), 100),
      marked(2, block("end"), 1),
      marked(4, block("settled"), 150),
    ]),
  ).toMatchObject([{}, {}, { cost: { netBytes: 50, endId: null, garbageBytes: null } }]);
});

test("a range that is reversed, and an unknown board, are refused", async () => {
  const { app } = await testApp();
  const reversed = "?from=2026-11-22T17:00:00Z&to=2026-11-22T16:00:00Z";
  expect((await app.inject(`/api/v1/boards/${boardId}/marks${reversed}`)).statusCode).toBe(400);
  expect((await app.inject("/api/v1/boards/none/marks")).statusCode).toBe(404);
});
