import { expect, test } from "vitest";
import { measuredStore } from "../../../src/app/metrics/measured-store.ts";
import { heapscopeError } from "../../../src/shared/errors.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { sampleReading, sampleSnapshot } from "../../support/samples.ts";

function measured() {
  const heard: string[] = [];
  const metrics = {
    noteStoreLatency: (seconds: number) => void heard.push(`${seconds} s`),
    noteStoreFailure: () => void heard.push("failed"),
  };
  return { heard, metrics };
}

test("an append is passed on, timed by the monotonic clock", () => {
  const { heard, metrics } = measured();
  const real = openStore({ file: ":memory:" });
  const clock = Object.assign(new ManualClock(), { monotonicMs: () => times.shift() ?? 0 });
  const times = [1000, 1002.5];
  const store = measuredStore(real, metrics, clock);
  const stored = store.append([{ type: "reading", data: sampleReading() }]);
  expect(stored).toEqual(real.eventsAfter(0, { limit: 10 }));
  expect(heard).toEqual(["0.0025 s"]);
  real.close();
});

test("a failure is counted and thrown on, whatever was written", () => {
  const { heard, metrics } = measured();
  const fail = (): never => {
    throw heapscopeError("store-failed", { file: "h.db", reason: "disk I/O error" });
  };
  const store = measuredStore({ append: fail, upsertBoard: fail }, metrics, new ManualClock());
  expect(() => store.append([])).toThrow("disk I/O error");
  expect(() => store.upsertBoard(sampleSnapshot(), sampleSnapshot().state.since)).toThrow("disk I/O error");
  expect(heard).toEqual(["failed", "failed"]);
});
