import { describe, expect, onTestFinished, test } from "vitest";
import { absentRules } from "../../src/app/absent-rules.ts";
import { alertRules } from "../../src/app/alert-rules.ts";
import { adviseHistory } from "../../src/app/board-advice.ts";
import type { AlertsConfig } from "../../src/app/config-schema.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, Store } from "../../src/store/store-types.ts";
import { heapBytes, hourMs, minuteMs, simulate, startMs } from "../analysis/simulate.ts";
import { sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";
import { appendCollections } from "../support/stored-collections.ts";

const board = "e6614103e7452d2f";
const defaults = alertRules({ defaults: true, rules: [], webhooks: [] });

function storeWith(events: readonly NewEvent[] = []): Store {
  const store = openStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  store.append(events);
  return store;
}

function adviceOf(
  store: Store,
  minutes: number,
  known: Partial<Parameters<typeof adviseHistory>[4]> = {},
  nowMs = startMs + minutes * minuteMs,
) {
  const span = { fromMs: startMs, toMs: startMs + minutes * minuteMs };
  return adviseHistory(store, board, span, nowMs, {
    snapshot: null,
    modules: null,
    rules: defaults,
    ...known,
  });
}

const codes = ({ findings }: ReturnType<typeof adviceOf>) => findings.map(({ code }) => code);

test("a steady board, one that leaks with the default rules, and one without history get no advice", () => {
  const steady = storeWith();
  appendCollections(steady, simulate({ seed: 4, minutes: 600 }));
  const report = adviceOf(steady, 600);
  expect(report.findings).toEqual([]);
  expect(report.subject).toMatchObject({ boardId: board, readings: 1_199, collections: 600 });
  // Ten hours were asked for; the last reading came a minute before their end.
  const times = report.subject.kind === "board" ? [report.subject.from, report.subject.to] : [];
  expect(times.map((time) => Date.parse(time) - startMs)).toEqual([0, 599 * minuteMs]);
  const leaking = storeWith();
  appendCollections(leaking, simulate({ seed: 1, minutes: 600, leakBytesPerMinute: 200 }));
  expect(codes(adviceOf(leaking, 600))).toEqual([]);
  expect(codes(adviceOf(storeWith(), 600))).toEqual([]);
});

test("a leak that no rule would tell is told", () => {
  const store = storeWith();
  appendCollections(store, simulate({ seed: 1, minutes: 600, leakBytesPerMinute: 200 }));
  const rules = alertRules({ defaults: false, rules: [], webhooks: [] });
  const { findings } = adviceOf(store, 600, { rules });
  expect(findings.map(({ title }) => title)).toContainEqual(
    expect.stringMatching(/^Used memory after collections grows by 1\d\.\d KiB per hour, and no alert rule/),
  );
});

test("churn is found in stored readings", () => {
  const store = storeWith();
  // Each collection frees most of what is free: a heap that is full of garbage within the minute.
  const levels = simulate({ seed: 2, minutes: 120, noiseBytes: 0 });
  appendCollections(store, levels, Math.floor((heapBytes - 1_000_000) * 0.99));
  // Collections a minute apart cannot tell more than their interval.
  expect(codes(adviceOf(store, 120))).toContain("collect-period");
});

test("the program that held the prompt is told from missed readings, the gap from stored ones", () => {
  const at = (minute: number) => new Date(startMs + minute * minuteMs).toISOString();
  const readings = Array.from({ length: 60 }, (_, minute): NewEvent => {
    return { type: "reading", data: sampleReading({ at: at(minute < 30 ? minute : minute + 30) }) };
  });
  const missed = Array.from({ length: 6 }, (_, index): NewEvent => {
    return { type: "missed", data: sampleMissed({ at: at(30 + 5 * index), cause: "no-prompt" }) };
  });
  const report = adviceOf(storeWith([...readings, ...missed]), 90);
  expect(codes(report)).toEqual(["not-watched-while-running"]);
  expect(report.findings[0]?.title).toContain("31 min of the 90 min");
});

test("a board that is busy since before the span is told, with doubt where it never said what it is", () => {
  const missed = Array.from({ length: 24 }, (_, index): NewEvent => {
    const at = new Date(startMs + 5 * index * minuteMs).toISOString();
    return { type: "missed", data: sampleMissed({ at, cause: "no-prompt" }) };
  });
  const since = new Date(startMs - hourMs).toISOString();
  const snapshot = sampleSnapshot({ state: { kind: "busy", since, message: "" } });
  const store = storeWith(missed);
  expect(codes(adviceOf(store, 120, { snapshot }))).toEqual(["not-watched-while-running"]);
  const unknown = adviceOf(store, 120, { snapshot: { ...snapshot, facts: null } });
  expect(unknown.findings).toMatchObject([{ code: "not-watched-while-running", confidence: "low" }]);
});

test("what is to come is not counted as unread", () => {
  const at = (minute: number) => new Date(startMs + minute * minuteMs).toISOString();
  const away: NewEvent = {
    type: "board",
    boardId: board,
    at: at(100),
    data: sampleSnapshot({ state: { kind: "disconnected", since: at(100), message: "" } }),
  };
  const readings = Array.from({ length: 100 }, (_, minute): NewEvent => {
    return { type: "reading", data: sampleReading({ at: at(minute) }) };
  });
  const store = storeWith([...readings, away]);
  expect(codes(adviceOf(store, 600, {}, startMs + 101 * minuteMs))).toEqual([]);
  expect(codes(adviceOf(store, 600, {}, startMs + 200 * minuteMs))).toEqual(["holes-in-history"]);
});

describe("absent rules", () => {
  const names = (config: Partial<AlertsConfig>, name = "greenhouse") =>
    absentRules(alertRules({ defaults: true, rules: [], webhooks: [], ...config }), { id: board, name }).map(
      (rule) => rule.name,
    );

  test("are none by default, and all without defaults", () => {
    expect(names({})).toEqual([]);
    expect(names({ defaults: false })).toEqual([
      "little-room",
      "no-room",
      "no-large-block",
      "fragmented",
      "leak",
      "exhaustion",
      "exhaustion-soon",
      "no-readings",
      "rebooting",
      "unreachable",
    ]);
  });

  test("are not those for which another of the same kind stands", () => {
    const own = [
      { name: "room", when: "freeBytes < 8 KiB after collection" },
      { name: "soon", when: "timeToExhaustion < 1 d" },
    ];
    expect(names({ defaults: false, rules: own })).toEqual([
      "no-large-block",
      "fragmented",
      "no-readings",
      "rebooting",
      "unreachable",
    ]);
  });

  test("are those that are for other boards, or switched off", () => {
    expect(names({ rules: [{ name: "no-large-block", boards: ["kitchen"] }] })).toEqual(["no-large-block"]);
    expect(names({ rules: [{ name: "no-large-block", boards: ["kitchen"] }] }, "kitchen")).toEqual([]);
    expect(names({ rules: [{ name: "unreachable", enabled: false }] })).toEqual(["unreachable"]);
  });
});

test("readings that came at longer intervals before, with one missed here and there, are no holes", () => {
  const at = (ms: number) => new Date(startMs + ms).toISOString();
  const events: NewEvent[] = [];
  for (let minute = 0; minute < 600; minute++) {
    if (minute % 97 === 96)
      events.push({ type: "missed", data: sampleMissed({ at: at(minute * minuteMs) }) });
    else events.push({ type: "reading", data: sampleReading({ at: at(minute * minuteMs) }) });
  }
  for (let second = 0; second < 600; second++)
    events.push({ type: "reading", data: sampleReading({ at: at(600 * minuteMs + second * 1_000) }) });
  const snapshot = sampleSnapshot({ readIntervalMs: 1_000 });
  expect(codes(adviceOf(storeWith(events), 610, { snapshot }))).toEqual([]);
});
