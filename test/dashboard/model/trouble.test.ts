import { expect, test } from "vitest";
import type { Freshness } from "../../../src/dashboard/model/freshness.ts";
import { alertSince, byTrouble, troubleOf } from "../../../src/dashboard/model/trouble.ts";
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
  expect(troubleOf(board, [sampleAlert(), critical], fresh, null)).toEqual({
    level: "critical",
    about: "alert",
    since: "2026-11-22T15:00:00Z",
    why: "Full.",
    what: "no-room",
  });
});

test("a state can be the trouble, and an alert of the same level goes before it", () => {
  expect(troubleOf(gone, [], fresh, null)).toMatchObject({
    level: "warning",
    why: "It is unplugged.",
    what: "disconnected",
  });
  expect(troubleOf(gone, [sampleAlert()], fresh, null)).toMatchObject({
    level: "warning",
    what: "heap-nearly-full",
  });
});

test("a reading that is overdue is a trouble; one that is old by somebody's wish is none", () => {
  expect(troubleOf(board, [], { kind: "late", ageMs: 60_000 }, null)).toMatchObject({
    level: "warning",
    what: "late",
  });
  expect(troubleOf(board, [], { kind: "old", ageMs: 60_000 }, null).level).toBe("none");
});

test("the worst come first, then who has it longest, then by name as people count", () => {
  const row = (name: string, level: "critical" | "warning" | "none", since: string | null) => ({
    name,
    trouble: { level, about: "alert" as const, since, why: "", what: "" },
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
  expect(troubleOf(board, [named], fresh, null).why).toBe("The largest free block is 1.3 KiB.");
});

test("what its trend says is coming is a trouble, and an alert of the same level goes before it", () => {
  const leak = { level: "warning", what: "full in 7 h", why: "It grows." } as const;
  expect(troubleOf(board, [], fresh, leak)).toEqual({ ...leak, about: "leak", since: null });
  expect(troubleOf(board, [sampleAlert()], fresh, leak).what).toBe("heap-nearly-full");
  const info = sampleAlert({ severity: "info", rule: "leak" });
  expect(troubleOf(board, [info], fresh, leak).what).toBe("full in 7 h");
});

test("a board whose memory nobody watches is not fine", () => {
  for (const kind of ["released", "console", "busy", "connecting"] as const) {
    const since = "2026-11-22T16:00:00.000Z";
    const state = { kind, since, message: "Lent." };
    const found = troubleOf({ ...board, state }, [], { kind: "old", ageMs: 0 }, null);
    expect(found).toEqual({ level: "info", about: "state", since, why: "Lent.", what: kind });
  }
  expect(troubleOf(board, [], { kind: "none" }, null)).toMatchObject({
    level: "info",
    what: "not read yet",
  });
});

test("an alert about a state lasts as long as the state", () => {
  const alert = { since: "2026-11-22T16:02:00.000Z" };
  const since = (condition: string, at = gone) => alertSince({ ...alert, condition }, at);
  expect(since("unreachable for 2 min")).toBe("2026-11-22T16:00:00.000Z");
  expect(since("utilization > 90 %")).toBe(alert.since);
  // A board that is ready may be so for days, and readings missed since a moment.
  expect(since("missed for 15 min", board)).toBe(alert.since);
  const later = { ...gone, state: { ...gone.state, since: "2026-11-22T16:03:00.000Z" } };
  expect(since("unreachable for 2 min", later)).toBe(alert.since);
});
