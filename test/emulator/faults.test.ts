import { describe, expect, test } from "vitest";
import {
  createFaultInjector,
  type FaultInjector,
  type FaultPlan,
  type OutputStep,
} from "../../src/emulator/faults.ts";

const answer = Buffer.from("OKhello\x04\x04>", "latin1");

function exchange(injector: FaultInjector, cuts: readonly number[] = []): OutputStep[] {
  const steps = [...injector.hostWrote()];
  let at = 0;
  for (const cut of [...cuts, answer.length]) {
    if (steps.some(({ kind }) => kind === "unplug" || kind === "reset")) break; // nobody is left to print
    steps.push(...injector.output(answer.subarray(at, cut)));
    at = cut;
  }
  injector.settled();
  return steps;
}

const sent = (steps: readonly OutputStep[]): string =>
  steps.map((step) => (step.kind === "write" ? Buffer.from(step.bytes).toString("latin1") : "")).join("");
const whole = answer.toString("latin1");
const withPlan = (plan: FaultPlan, seed = 1): FaultInjector => createFaultInjector(plan, seed);

describe("a position", () => {
  test("cuts exactly there, for every position of the answer", () => {
    for (let at = 0; at <= answer.length; at++) {
      const injector = withPlan([{ kind: "unplug", at }]);
      const steps = exchange(injector);
      expect(sent(steps)).toBe(whole.slice(0, at));
      expect(steps.at(-1)).toEqual({ kind: "unplug" });
      expect(sent(exchange(injector))).toBe(whole); // fires once
    }
  });

  test("counts through exchanges without each, and anew with each", () => {
    const once = withPlan([{ kind: "drop", at: answer.length + 2 }]);
    expect(sent(exchange(once))).toBe(whole);
    expect(sent(exchange(once))).toBe("OKello\x04\x04>");
    expect(sent(exchange(once))).toBe(whole);
    const each = withPlan([{ kind: "drop", at: 2, each: true }]);
    expect([1, 2].map(() => sent(exchange(each)))).toEqual(["OKello\x04\x04>", "OKello\x04\x04>"]);
  });

  test("does not count what is printed before the host wrote", () => {
    const injector = withPlan([{ kind: "drop", at: 0 }]);
    expect(sent(injector.output(Buffer.from("boot")))).toBe("boot");
    expect(sent(exchange(injector))).toBe(whole.slice(1));
  });

  test("does not depend on how the output is cut into chunks", () => {
    const plan: FaultPlan = [
      { kind: "garble", at: 3 },
      { kind: "stall", at: 5, ms: 10 },
    ];
    const expected = sent(exchange(withPlan(plan)));
    for (let cut = 1; cut < answer.length; cut++) {
      expect(sent(exchange(withPlan(plan), [cut]))).toBe(expected);
    }
  });
});

test("drop-rest lets the next exchange through", () => {
  const injector = withPlan([{ kind: "drop-rest", at: 4 }]);
  expect(sent(exchange(injector))).toBe("OKhe");
  expect(sent(exchange(injector))).toBe(whole);
});

test("stall and delay wait where they stand and lose nothing", () => {
  expect(withPlan([{ kind: "delay", ms: 7 }]).hostWrote()).toEqual([{ kind: "wait", ms: 7 }]);
  const steps = exchange(withPlan([{ kind: "stall", at: 2, ms: null }]));
  expect(steps.map(({ kind }) => kind)).toEqual(["write", "wait", "write"]);
  expect(sent(steps)).toBe(whole);
});

test("split keeps the bytes and cuts the pieces", () => {
  const steps = exchange(withPlan([{ kind: "split", chunkBytes: 3, gapMs: 1 }]));
  expect(sent(steps)).toBe(whole);
  expect(steps.filter(({ kind }) => kind === "write").length).toBe(Math.ceil(answer.length / 3));
});

test("garble changes one bit of one byte; double repeats one; silent prints nothing", () => {
  const garbled = Buffer.from(sent(exchange(withPlan([{ kind: "garble", at: 4 }]))), "latin1");
  const changed = [...garbled].map((byte, at) => byte ^ (answer[at] ?? 0)).filter((bits) => bits !== 0);
  expect(changed.length).toBe(1);
  expect(Math.log2(changed[0]!) % 1).toBe(0);
  expect(sent(exchange(withPlan([{ kind: "double", at: 1 }])))).toBe("OKKhello\x04\x04>");
  expect(sent(exchange(withPlan([{ kind: "silent" }])))).toBe("");
});

test("chance follows the seed", () => {
  const plan: FaultPlan = [
    { kind: "drop", probability: 0.3 },
    { kind: "garble", probability: 0.3 },
  ];
  const outcome = (seed: number): string => sent(exchange(withPlan(plan, seed)));
  expect(outcome(5)).toBe(outcome(5));
  expect(new Set([1, 2, 3, 4, 5].map(outcome)).size).toBeGreaterThan(1);
});

test("a wrong baud rate turns both directions into garbage, the same each time and for any chunks", () => {
  const text = Buffer.from("stack: 640 out of 32768\r\nGC: total: 64000, used: 63344", "latin1");
  const heard = (cut: number): string => {
    const injector = withPlan([{ kind: "baud" }]);
    return sent([...injector.output(text.subarray(0, cut)), ...injector.output(text.subarray(cut))]);
  };
  const garbage = heard(text.length);
  for (let cut = 0; cut < text.length; cut++) expect(heard(cut)).toBe(garbage);
  const bytes = [...Buffer.from(garbage, "latin1")];
  expect(bytes).toContain(0x00);
  expect(bytes.some((byte) => byte >= 0x80)).toBe(true);
  expect(bytes.filter((byte) => byte >= 0x20 && byte < 0x7f).length).toBe(0);

  const arriving = (ratio: number): readonly number[] => [
    ...withPlan([{ kind: "baud", ratio }]).arriving(Buffer.from("\r\x01")),
  ];
  expect(arriving(2)).toEqual([0xfe, 0xfc]);
  expect(arriving(12)).toEqual([0xff, 0xff]);
  expect(arriving(1 / 12)).toEqual([0, 0, 0, 0, 0]);
  expect(arriving(24)).toEqual([]);
});

test("without a plan every byte arrives", () => {
  expect([...withPlan([]).arriving(answer)]).toEqual([...answer]);
  expect([...withPlan([{ kind: "silent" }]).arriving(answer)]).toEqual([...answer]);
});
