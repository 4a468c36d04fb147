import { expect, test } from "vitest";
import { defaultRules } from "../../src/alerts/default-rules.ts";
import type { Alert, Reading, ReadingPhase } from "../../src/heap/reading.ts";
import { Bench, rule, signs } from "./support.ts";

const rules = defaultRules.map(({ name, when, severity }) => rule(when, { name, severity }));

/** A number from 0 to 1, the same ones each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** A heap of 64 KiB of which `used` is in use and `largest` (of the free part) in one piece. */
function heap(used: number, largest: number, phase: ReadingPhase): Partial<Reading> {
  const totalBytes = 65_536;
  const usedBytes = Math.round(totalBytes * used);
  const freeBytes = totalBytes - usedBytes;
  return {
    phase,
    heap: { totalBytes, usedBytes, freeBytes, growableBytes: null },
    largestFreeBytes: Math.round(freeBytes * largest),
    utilization: used,
    fragmentation: 1 - largest,
  };
}

test("a healthy board that fills with garbage between collections raises nothing in a day", () => {
  const bench = new Bench(rules);
  const random = seeded(7);
  const raised: Alert[] = [];
  for (let step = 0; step < 8640; step++) {
    // 30 % are kept; garbage fills the rest within a minute and a half, in small pieces.
    const used = 0.3 + 0.69 * ((step % 9) / 9) + 0.01 * random();
    raised.push(...bench.reading(heap(used, 0.05 + 0.1 * random(), "periodic")));
    if (step % 6 === 0) {
      raised.push(...bench.reading(heap(Math.min(1, used + 0.01), 0.02, "before-collect")));
      raised.push(...bench.reading(heap(0.3 + 0.08 * random(), 0.4 + 0.5 * random(), "after-collect")));
    }
    if (step % 30 === 0) raised.push(...bench.trend(step % 60 === 0 ? 0 : null, null));
    if (random() < 0.05) raised.push(...bench.missed());
    // Somebody presses reset now and then.
    if (step % 1000 === 500) raised.push(...bench.state("disconnected"), ...bench.state("ready"));
    raised.push(...bench.tick(0));
  }
  expect(raised).toEqual([]);
});

test("a nearly empty heap in pieces is no matter", () => {
  const bench = new Bench(rules);
  for (let count = 0; count < 20; count++)
    expect(bench.reading(heap(0.05, 0.1, "after-collect"))).toEqual([]);
});

test.each([
  ["little-room", (bench: Bench) => bench.reading(heap(0.93, 0.9, "after-collect"))],
  ["little-room no-room", (bench: Bench) => bench.reading(heap(0.975, 0.9, "after-collect"))],
  ["no-large-block little-room", (bench: Bench) => bench.reading(heap(0.91, 0.17, "after-collect"))],
  ["fragmented", (bench: Bench) => bench.reading(heap(0.6, 0.1, "after-collect"))],
  ["leak", (bench: Bench) => bench.trend(6000, null)],
  ["leak exhaustion", (bench: Bench) => bench.trend(6000, 2 * 86_400)],
  ["leak exhaustion exhaustion-soon", (bench: Bench) => bench.trend(6000, 3600)],
  ["no-readings", (bench: Bench) => bench.missed()],
  ["rebooting", (bench: Bench) => bench.state("rebooting")],
  ["unreachable", (bench: Bench) => bench.state("unresponsive")],
])("%s", (names, trouble) => {
  const bench = new Bench(rules);
  const raised = Array.from({ length: 500 }, () => signs([...trouble(bench), ...bench.tick(0)]));
  const seen = raised.filter((sign) => sign !== "").flatMap((sign) => sign.split(" "));
  expect(seen.sort()).toEqual(
    names
      .split(" ")
      .map((name) => `+${name}`)
      .sort(),
  );
});
