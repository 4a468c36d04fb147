import { expect, test } from "vitest";
import { trendLength, WatchModel } from "../../src/app/watch-view.ts";
import { sampleAlert, sampleMissed, sampleReading, sampleSnapshot, sampleTime } from "../support/samples.ts";

const boardId = sampleSnapshot().id;
const nowMs = Date.parse(sampleTime) + 500;
const reading = (id: number, usedBytes: number) =>
  sampleReading({
    id,
    heap: { totalBytes: 1000, usedBytes, freeBytes: 1000 - usedBytes, growableBytes: null },
  });

function begun(): WatchModel {
  const model = new WatchModel();
  model.begin({
    type: "snapshot",
    boards: [sampleSnapshot({ lastReading: reading(5, 50) })],
    alerts: [],
    cursor: 5,
  });
  return model;
}

const used = (model: WatchModel) => model.view(0).boards[0]?.trend.map(({ usedBytes }) => usedBytes);

test("readings move the board's line on, and its trend", () => {
  const model = begun();
  model.take({ type: "reading", cursor: 6, data: reading(6, 60) }, nowMs);
  expect(model.view(0).boards).toMatchObject([{ name: "greenhouse", lastReading: { id: 6 } }]);
  expect(used(model)).toEqual([50, 60]);
});

test("older readings become the beginning of the trend, none of them twice", () => {
  const model = begun();
  model.take({ type: "reading", cursor: 6, data: reading(6, 60) }, nowMs);
  model.take({ type: "reading", cursor: 7, data: reading(7, 70) }, nowMs);
  model.remember(
    boardId,
    [3, 4, 5, 6].map((id) => reading(id, id * 10)),
  );
  expect(used(model)).toEqual([30, 40, 50, 60, 70]);
  model.remember("nobody", [reading(1, 10)]);
  model.remember(boardId, []);
  expect(used(model)).toEqual([30, 40, 50, 60, 70]);
});

test("a trend has an end", () => {
  const model = begun();
  for (let id = 6; id < 1000; id++)
    model.take({ type: "reading", cursor: id, data: reading(id, id % 7) }, nowMs);
  expect(model.view(0).boards[0]?.trend).toHaveLength(trendLength);
});

test("a state change keeps the trend, a new board joins, and what is not shown changes nothing", () => {
  const model = begun();
  const busy = {
    kind: "busy",
    since: "2026-11-22T17:00:00.000Z",
    message: "A program holds the prompt.",
  } as const;
  model.take(
    {
      type: "board",
      cursor: 6,
      data: sampleSnapshot({ state: busy, lastReading: reading(5, 50) }),
    },
    nowMs,
  );
  model.take({ type: "board", cursor: 7, data: sampleSnapshot({ id: "b", name: "porch" }) }, nowMs);
  model.take({ type: "missed", cursor: 8, data: sampleMissed() }, nowMs);
  model.take({ type: "reading", cursor: 9, data: sampleReading({ id: 9, boardId: "stranger" }) }, nowMs);
  expect(model.view(0).boards).toMatchObject([
    { name: "greenhouse", state: { kind: "busy" } },
    { name: "porch", trend: [] },
  ]);
  expect(used(model)).toEqual([50]);
  expect([model.nameOf("b"), model.nameOf("stranger")]).toEqual(["porch", "stranger"]);
});

test("alerts fire until they are resolved, one per board and rule", () => {
  const model = begun();
  model.take({ type: "alert", cursor: 6, data: sampleAlert() }, nowMs);
  model.take({ type: "alert", cursor: 7, data: sampleAlert({ rule: "leak" }) }, nowMs);
  model.take({ type: "alert", cursor: 8, data: sampleAlert({ rule: "leak", message: "worse" }) }, nowMs);
  expect(model.view(0).alerts).toMatchObject([
    { rule: "heap-nearly-full" },
    { rule: "leak", message: "worse" },
  ]);
  model.take({ type: "alert", cursor: 9, data: sampleAlert({ state: "resolved" }) }, nowMs);
  expect(model.view(0).alerts).toMatchObject([{ rule: "leak" }]);
});

test("what is not stored shows as such until something is stored again", () => {
  const model = begun();
  model.takeUnstored({ type: "unstored", event: "reading", data: reading(-1, 90) }, nowMs);
  expect([model.view(0).unstored, used(model)]).toEqual([true, [50, 90]]);
  model.take({ type: "reading", cursor: 6, data: reading(6, 60) }, nowMs);
  expect(model.view(0).unstored).toBe(false);
});

test("a new snapshot takes the place of everything, and null alerts are unknown ones", () => {
  const model = begun();
  model.take({ type: "alert", cursor: 6, data: sampleAlert() }, nowMs);
  model.begin({ type: "snapshot", boards: [sampleSnapshot({ id: "b" })], alerts: null, cursor: 1 });
  expect(model.view(0)).toMatchObject({ boards: [{ id: "b" }], alerts: null });
});

test("a reading counts from when it came, by this machine's clock, and one from before from when it was taken", () => {
  const model = begun();
  const readAt = () => model.view(0).boards[0]?.readAtMs;
  expect(readAt()).toBe(Date.parse(sampleTime));
  model.take({ type: "reading", cursor: 6, data: reading(6, 60) }, nowMs + 3_600_000);
  expect(readAt()).toBe(nowMs + 3_600_000);
  model.take({ type: "board", cursor: 7, data: sampleSnapshot({ lastReading: reading(6, 60) }) }, nowMs);
  expect(readAt()).toBe(nowMs + 3_600_000);
});
