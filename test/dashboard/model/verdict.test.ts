import { expect, test } from "vitest";
import { verdictOf } from "../../../src/dashboard/model/verdict.ts";

const live = { kind: "live" } as const;
const waiting = { kind: "waiting", reason: "", retryInMs: 1 } as const;
const none = { level: "none", about: "state", since: null, why: "", what: "ready" } as const;

test("a board is called fine only where that is known", () => {
  expect(verdictOf(none, "ready", live, true)).toEqual({ level: "none", text: "fine · ready" });
  expect(verdictOf(none, "ready", live, false)).toEqual({ level: "info", text: "ready" });
  expect(verdictOf(none, "helper", live, true).text).toBe("fine · heard through its helper");
  const lent = { ...none, level: "info", what: "released" } as const;
  expect(verdictOf(lent, "released", live, true)).toEqual({ level: "info", text: "released" });
});

test("without a connection everything is of before", () => {
  expect(verdictOf(none, "ready", waiting, true)).toEqual({ level: "old", text: "last known: ready" });
  const leak = { ...none, level: "warning", about: "leak", what: "full in 7 h" } as const;
  expect(verdictOf(leak, "ready", waiting, false)).toEqual({ level: "old", text: "last known: full in 7 h" });
  expect(verdictOf(leak, "ready", live, false)).toEqual({ level: "warning", text: "full in 7 h" });
});
