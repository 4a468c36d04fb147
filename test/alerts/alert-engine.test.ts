import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertInput } from "../../src/alerts/observation.ts";
import type { Alert } from "../../src/heap/reading.ts";
import { sampleMissed, sampleReading } from "../support/samples.ts";
import { Bench, boardId, rule, signs } from "./support.ts";

describe("a comparison", () => {
  test("fires once, after so many readings in a row, and says everything", () => {
    const bench = new Bench([
      rule("utilization > 90 % for 3 readings", { name: "full", severity: "critical" }),
    ]);
    expect(bench.utilization(0.95, 0.95)).toEqual(["", ""]);
    expect(bench.reading({ utilization: 0.955 })).toEqual([
      {
        id: null,
        boardId,
        at: "2026-11-22T17:00:30.000Z",
        rule: "full",
        condition: "utilization > 90 % for 3 readings",
        severity: "critical",
        state: "firing",
        since: "2026-11-22T17:00:30.000Z",
        value: 0.955,
        message: expect.stringContaining("greenhouse: heap utilization is 95.5 %, above 90 %."),
      },
    ]);
    expect(bench.utilization(0.99, 0.99)).toEqual(["", ""]);
  });

  test("a single reading to the contrary starts the count afresh", () => {
    const bench = new Bench([rule("utilization > 90 % for 3 readings")]);
    expect(bench.utilization(0.95, 0.95, 0.89, 0.95, 0.95, 0.95)).toEqual([
      "",
      "",
      "",
      "",
      "",
      "+utilization",
    ]);
  });

  test("resolves after as many readings beyond the margin, and keeps since and severity", () => {
    const bench = new Bench([rule("utilization > 80 % for 2 readings")]);
    expect(bench.utilization(0.9, 0.9)).toEqual(["", "+utilization"]);
    // 5 % of 80 % is 4 %: 76 % has left it, 77 % has not.
    expect(bench.utilization(0.77, 0.77, 0.77, 0.75, 0.77, 0.75)).toEqual(["", "", "", "", "", ""]);
    expect(bench.reading({ utilization: 0.76 })).toMatchObject([
      {
        state: "resolved",
        since: "2026-11-22T17:00:20.000Z",
        at: "2026-11-22T17:01:30.000Z",
        value: 0.76,
        message: expect.stringContaining("no longer above 80 % after 1 min 10 s"),
      },
    ]);
  });

  test("a value that flaps around the threshold does not flap the alert", () => {
    const bench = new Bench([rule("largestFreeBytes < 4096")]);
    const values = [4095, 4097, 4090, 4100, 4095, 4200, 4000];
    expect(values.map((largestFreeBytes) => signs(bench.reading({ largestFreeBytes })))).toEqual([
      "+largestFreeBytes",
      "",
      "",
      "",
      "",
      "",
      "",
    ]);
  });

  test("resolves at the rule's own clear value", () => {
    const bench = new Bench([rule("utilization > 80 %", { clear: 0.5 })]);
    expect(bench.utilization(0.81, 0.6, 0.5)).toEqual(["+utilization", "", "-utilization"]);
  });

  test("what cannot be known neither fires nor resolves", () => {
    const bench = new Bench([rule("utilization > 80 % for 2 readings")]);
    expect(bench.utilization(null, 0.9, null, 0.9)).toEqual(["", "", "", "+utilization"]);
    expect(bench.utilization(null, null, null, 0.1, null, 0.1)).toEqual(["", "", "", "", "", "-utilization"]);
    const stack = new Bench([rule("stackUsedBytes > 0")]);
    expect(stack.reading({ stack: null })).toEqual([]);
    expect(signs(stack.reading({}))).toBe("+stackUsedBytes");
  });

  test("for a time: from the first reading that meets it, by the monotonic clock", () => {
    const bench = new Bench([rule("utilization > 80 % for 1 min")]);
    expect(bench.utilization(0.9, 0.9, 0.9)).toEqual(["", "", ""]);
    bench.wallMs += 86_400_000; // somebody sets the clock
    expect(bench.utilization(0.9)).toEqual([""]);
    bench.wallMs -= 172_800_000;
    expect(bench.utilization(0.9, 0.9, 0.9)).toEqual(["", "", "+utilization"]);
    expect(bench.utilization(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).join("")).toBe("-utilization");
  });

  test("silence after one bad reading does not fire it", () => {
    const bench = new Bench([rule("utilization > 80 % for 1 min")]);
    bench.utilization(0.9);
    expect(bench.tick(3_600_000)).toEqual([]);
  });

  test("after collection: a heap full of garbage before one says nothing", () => {
    const bench = new Bench([rule("utilization > 80 % after collection for 2 readings")]);
    for (const phase of ["periodic", "before-collect", "on-demand"] as const)
      expect(bench.reading({ utilization: 0.99, phase })).toEqual([]);
    const after = { phase: "after-collect", utilization: 0.9 } as const;
    expect(bench.reading(after)).toEqual([]);
    expect(bench.reading({ utilization: 0.1 })).toEqual([]);
    expect(signs(bench.reading(after))).toBe("+utilization");
    expect(bench.reading({ utilization: 0.1 })).toEqual([]);
  });

  test("while: both must be met, and either may end it", () => {
    const bench = new Bench([rule("fragmentation > 80 % while utilization > 50 %")]);
    const seen = (fragmentation: number, utilization: number) =>
      signs(bench.reading({ fragmentation, utilization }));
    expect(seen(0.9, 0.1)).toBe("");
    expect(seen(0.9, 0.6)).toBe("+fragmentation");
    expect(seen(0.9, 0.49)).toBe("");
    expect(seen(0.9, 0.4)).toBe("-fragmentation");
    expect(seen(0.9, 0.6)).toBe("+fragmentation");
    expect(seen(0.1, 0.9)).toBe("-fragmentation");
  });
});

describe("missed readings", () => {
  test("count in a row; an overlap is none, a reading ends the row", () => {
    const bench = new Bench([rule("missed for 3 readings")]);
    bench.missed();
    bench.missed();
    bench.reading({});
    bench.missed();
    bench.missed();
    expect(bench.missed("overlap")).toEqual([]);
    const [alert] = bench.missed();
    expect(alert).toMatchObject({ state: "firing", value: null });
    expect(alert?.message).toBe(
      "greenhouse: 3 readings in a row did not come, so what is shown of its heap is old. The board went silent in mid-answer for 2000 ms. The reading is discarded.",
    );
    expect([bench.reading({}), bench.reading({}), bench.reading({})].map(signs)).toEqual(["", "", "-missed"]);
  });

  test("for a time: fires between two of them, and ends after three readings", () => {
    const bench = new Bench([rule("missed for 15 min")]);
    bench.missed();
    expect(bench.tick(14 * 60_000)).toEqual([]);
    expect(signs(bench.tick(60_000))).toBe("+missed");
    expect([bench.reading({}), bench.reading({}), bench.reading({})].map(signs)).toEqual(["", "", "-missed"]);
  });

  test("a board that is lent is not waited for", () => {
    const bench = new Bench([rule("missed for 15 min")]);
    bench.missed();
    bench.state("released");
    expect(bench.tick(3_600_000)).toEqual([]);
  });
});

describe("a board's state", () => {
  test("unreachable for so long, also through attempts to connect", () => {
    const bench = new Bench([rule("unreachable for 2 min")]);
    bench.state("disconnected");
    bench.state("connecting", 60_000);
    bench.state("unresponsive", 30_000);
    expect(signs(bench.tick(30_000))).toBe("+unreachable");
    expect(bench.state("ready")).toEqual([]);
    const [alert] = bench.tick(120_000);
    expect(alert).toMatchObject({
      state: "resolved",
      message: "greenhouse: it can be reached again after 2 min 10 s. Nothing needs to be done.",
    });
  });

  test("a board that comes back in time, is busy, or is lent, is not unreachable", () => {
    const bench = new Bench([rule("unreachable for 2 min")]);
    for (const kind of ["ready", "busy", "released", "console", "foreign", "aiorepl"] as const) {
      bench.state("disconnected");
      bench.state(kind);
      expect(bench.tick(600_000)).toEqual([]);
    }
  });

  test("rebooting, with what the board's state says", () => {
    const bench = new Bench([rule("rebooting for 1 min")]);
    bench.state("rebooting");
    expect(bench.tick(60_000)).toMatchObject([
      {
        message:
          "greenhouse: it has been restarting for 1 min, so its application does not get to work. It is rebooting.",
      },
    ]);
    bench.state("ready");
    expect(signs(bench.tick(60_000))).toBe("-rebooting");
  });

  test("at once, where the rule says no time", () => {
    const bench = new Bench([rule("rebooting")]);
    expect(signs(bench.state("rebooting"))).toBe("+rebooting");
    expect(signs(bench.state("ready"))).toBe("-rebooting");
  });
});

describe("trends", () => {
  test("a leak fires and resolves; unknown changes nothing", () => {
    const bench = new Bench([rule("leakBytesPerHour > 1 KiB for 20 s")]);
    expect([bench.trend(2000, null), bench.trend(null, null), bench.trend(2000, 1)].map(signs)).toEqual([
      "",
      "",
      "+leakBytesPerHour",
    ]);
    expect([bench.trend(0, null), bench.trend(null, null), bench.trend(10, null)].map(signs)).toEqual([
      "",
      "",
      "-leakBytesPerHour",
    ]);
  });

  test("a heap that no longer runs out has left every time to exhaustion", () => {
    const bench = new Bench([rule("timeToExhaustion < 3 d")]);
    expect(bench.trend(6000, 3600)).toMatchObject([
      { value: 3600, message: expect.stringContaining("the time until the heap is full is 1 h, below 3 d.") },
    ]);
    expect(bench.trend(null, null)).toEqual([]);
    expect(bench.trend(-10, null)).toMatchObject([{ state: "resolved", value: null }]);
  });
});

describe("after a restart of the daemon", () => {
  function firingOf(text: string): { readonly alert: Alert; readonly bench: Bench } {
    const bench = new Bench([rule(text)]);
    const [alert] = bench.reading({ utilization: 0.95 });
    return { alert: { ...alert!, id: 7 }, bench };
  }

  test("what fired does not fire again, and does resolve", () => {
    const { alert } = firingOf("utilization > 90 %");
    const bench = new Bench([rule("utilization > 90 %")], [alert]);
    expect(bench.engine.start(bench.now)).toEqual([]);
    expect(bench.utilization(0.95, 0.95, 0.1, 0.1)).toEqual(["", "", "-utilization", ""]);
  });

  test.each([
    ["the rule is gone", [], "is no longer in the configuration"],
    ["the rule was changed", [rule("utilization > 95 %")], "was changed"],
    [
      "the rule is for other boards now",
      [rule("utilization > 90 %", { appliesTo: () => false })],
      "no longer for this board",
    ],
  ])("%s: the alert ends with a message that says so, and once", (_case, rules, why) => {
    const { alert } = firingOf("utilization > 90 %");
    const bench = new Bench(rules, [alert]);
    expect(bench.engine.start(bench.now)).toMatchObject([
      { id: null, state: "resolved", since: alert.since, value: null, message: expect.stringContaining(why) },
    ]);
    expect(bench.utilization(0.1, 0.1)).toEqual(["", ""]);
  });

  test("a board that is no longer watched is forgotten, and its alerts end", () => {
    const { bench } = firingOf("utilization > 90 %");
    const gone = { type: "gone", boardId } as const;
    expect(bench.feed(gone)).toMatchObject([
      { state: "resolved", message: expect.stringContaining("no longer watches") },
    ]);
    expect(bench.engine.boardIds).toEqual([]);
    expect(bench.feed(gone)).toEqual([]);
  });
});

test("a board that is renamed out of a rule's selection has its alert ended", () => {
  const bench = new Bench([rule("utilization > 90 %", { appliesTo: ({ name }) => name === "greenhouse" })]);
  expect(bench.utilization(0.95)).toEqual(["+utilization"]);
  bench.names.set(boardId, "cellar");
  expect(bench.utilization(0.95, 0.95)).toEqual(["-utilization", ""]);
});

const boards = ["a", "b", "c"];
const input: fc.Arbitrary<AlertInput> = fc.oneof(
  fc
    .record({
      boardId: fc.constantFrom(...boards),
      utilization: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      phase: fc.constantFrom("periodic" as const, "after-collect" as const),
    })
    .map(({ boardId, ...change }) => ({
      type: "reading" as const,
      boardId,
      reading: sampleReading({ boardId, ...change }),
    })),
  fc
    .record({ boardId: fc.constantFrom(...boards), cause: fc.constantFrom("overlap", "answer-silent") })
    .map((change) => ({ type: "missed" as const, missed: sampleMissed(change) })),
  fc.record({
    type: fc.constant("board-state" as const),
    boardId: fc.constantFrom(...boards),
    kind: fc.constantFrom(
      "ready",
      "connecting",
      "disconnected",
      "unresponsive",
      "rebooting",
      "released",
      "busy",
    ),
    message: fc.constant(""),
  }),
  fc.record({
    type: fc.constant("trend" as const),
    boardId: fc.constantFrom(...boards),
    leakBytesPerHour: fc.option(fc.integer({ min: -2000, max: 5000 })),
    timeToExhaustionSeconds: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
  }),
  fc.record({ type: fc.constant("gone" as const), boardId: fc.constantFrom(...boards) }),
  fc.constant({ type: "tick" } as const),
);

test("per board and rule, firing and resolved alternate, whatever comes and over restarts", () => {
  const rules = [
    rule("utilization > 50 % for 2 readings", { name: "one" }),
    rule("utilization > 30 % after collection for 20 s", { name: "two" }),
    rule("missed for 15 s", { name: "three" }),
    rule("missed for 2 readings", { name: "four" }),
    rule("unreachable for 10 s", { name: "five", appliesTo: ({ id }) => id !== "c" }),
    rule("rebooting", { name: "six" }),
    rule("leakBytesPerHour > 1 KiB", { name: "seven" }),
    rule("timeToExhaustion < 3 d", { name: "eight" }),
  ];
  const step = fc.record({ input, ms: fc.integer({ min: 0, max: 20_000 }), restarts: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let bench = new Bench(rules);
      const last = new Map<string, Alert>();
      for (const { input: next, ms, restarts } of steps) {
        if (restarts) {
          const firing = [...last.values()].filter(({ state }) => state === "firing");
          const { wallMs, monotonicMs } = bench;
          bench = Object.assign(new Bench(rules, firing), { wallMs, monotonicMs });
          expect(bench.engine.start(bench.now)).toEqual([]);
        }
        for (const alert of bench.feed(next, ms)) {
          const key = `${alert.boardId} ${alert.rule}`;
          expect(alert.state).toBe(last.get(key)?.state === "firing" ? "resolved" : "firing");
          expect(alert.since).toBe(alert.state === "firing" ? alert.at : last.get(key)?.since);
          last.set(key, alert);
        }
        expect(bench.engine.boardIds.length).toBeLessThanOrEqual(boards.length);
      }
    }),
    { numRuns: 500 },
  );
});
