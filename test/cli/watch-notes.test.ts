import { expect, test } from "vitest";
import type { WatchView } from "../../src/app/watch-view.ts";
import { WatchNotes } from "../../src/cli/watch-notes.ts";

const view = (silentMs: number, connection: WatchView["connection"] = { kind: "live" }): WatchView => ({
  connection,
  boards: [],
  alerts: [],
  unstored: false,
  silentMs,
});
const waiting = { kind: "waiting", reason: "The connection broke.", retryInMs: 250 } as const;

test("silence is told once, and so is its end", () => {
  const notes = new WatchNotes();
  expect([30_000, 46_000, 47_000, 100, 200].map((silentMs) => notes.silence(view(silentMs)))).toEqual([
    null,
    "no news for 46 s: the daemon, the way to it or a board hangs.",
    null,
    "there is news again.",
    null,
  ]);
});

test("where silence turns out to be a lost connection, only that is told", () => {
  const notes = new WatchNotes();
  notes.silence(view(46_000));
  expect(notes.connection(waiting)).toContain("connection lost: The connection broke.");
  expect(notes.silence(view(0, waiting))).toBeNull();
  expect(notes.connection({ kind: "connecting" })).toBeNull();
  expect(notes.connection({ kind: "live" })).toBe("the daemon is back.");
  expect(notes.silence(view(0))).toBeNull();
});
