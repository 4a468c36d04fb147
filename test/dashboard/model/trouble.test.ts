import { expect, test } from "vitest";
import type { Freshness } from "../../../src/dashboard/model/freshness.ts";
import { byTrouble, troubleOf } from "../../../src/dashboard/model/trouble.ts";
import { sampleAlert, sampleSnapshot } from "../../support/samples.ts";

const fresh: Freshness = { kind: "fresh", ageMs: 1000 };
const board = sampleSnapshot();
const gone = sampleSnapshot({
  state: { kind: "disconnected", since: "2026-11-22T16:00:00.000Z", message: "It is unplugged." },
});

test("the worst alert says what is wrong, since when and what to do", () => {
  const critical = sampleAlert({
    severity: "critical",
    rule: "no-room",
    message: "Full.",
    since: "2026-11-22T15:00:00Z",
  });
  expect(troubleOf(board, [sampleAlert(), critical], fresh)).toEqual({
    level: "critical",
    since: "2026-11-22T15:00:00Z",
    why: "Full.",
    what: "no-room",
  });
});

test("a state can be the trouble, and an alert of the same level goes before it", () => {
  expect(troubleOf(gone, [], fresh)).toMatchObject({
    level: "warning",
    why: "It is unplugged.",
    what: "disconnected",
  });
  expect(troubleOf(gone, [sampleAlert()], fresh)).toMatchObject({
    level: "warning",
    what: "heap-nearly-full",
  });
});

test("a reading that is overdue is a trouble; one that is old by somebody's wish is none", () => {
  expect(troubleOf(board, [], { kind: "late", ageMs: 60_000 })).toMatchObject({
    level: "warning",
    what: "late",
  });
  expect(troubleOf(board, [], { kind: "old", ageMs: 60_000 }).level).toBe("none");
});

test("the worst come first, then who has it longest, then by name as people count", () => {
  const row = (name: string, level: "critical" | "warning" | "none", since: string | null) => ({
    name,
    trouble: { level, since, why: "", what: "" },
  });
  const rows = [
    row("board-10", "none", null),
    row("board-9", "none", null),
    row("young", "warning", "2026-11-22T16:00:00Z"),
    row("old", "warning", "2026-11-20T16:00:00Z"),
    row("worst", "critical", "2026-11-22T17:00:00Z"),
  ];
  expect(rows.sort(byTrouble).map(({ name }) => name)).toEqual([
    "worst",
    "old",
    "young",
    "board-9",
    "board-10",
  ]);
});

test("an alert's own mention of its board is left out beside the board", () => {
  const named = sampleAlert({ message: "greenhouse: the largest free block is 1.3 KiB." });
  expect(troubleOf(board, [named], fresh).why).toBe("The largest free block is 1.3 KiB.");
});
