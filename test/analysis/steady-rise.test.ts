import { expect, test } from "vitest";
import type { SeriesPoint } from "../../src/analysis/series.ts";
import { steadyRise } from "../../src/analysis/steady-rise.ts";
import { seeded } from "../support/seeded.ts";

function series(count: number, value: (index: number) => number): SeriesPoint[] {
  return Array.from({ length: count }, (_, index) => ({ atMs: index * 10_000, value: value(index) }));
}

/** A walk of `count` steps, each made by `step`. */
function walk(count: number, random: () => number, step: (random: () => number) => number): SeriesPoint[] {
  let value = 20_000;
  return series(count, () => {
    value += step(random);
    return value;
  });
}

test("a leak whose pace varies is seen in a minute and a half of 40 collections, with its rate", () => {
  const random = seeded(1);
  for (let run = 0; run < 100; run++) {
    const leak = walk(40, random, (next) => (next() < 0.3 ? 0 : 100 + 200 * next()));
    const rise = steadyRise(leak, 64);
    // 140 bytes each 10 s.
    expect(rise?.slopePerHour).toBeGreaterThan(30_000);
    expect(rise?.lowPerHour).toBeLessThanOrEqual(50_400 * 1.3);
    expect(rise?.highPerHour).toBeGreaterThan(50_400 * 0.8);
  }
});

test("a walk without a drift and plain noise are hardly ever taken for one", () => {
  const random = seeded(2);
  let walks = 0;
  let noises = 0;
  for (let run = 0; run < 1_000; run++) {
    if (
      steadyRise(
        walk(60, random, (next) => 100 * (next() - 0.5)),
        64,
      )
    )
      walks++;
    if (
      steadyRise(
        series(60, () => 100 * random()),
        64,
      )
    )
      noises++;
  }
  expect([walks <= 3, noises]).toEqual([true, 0]);
});

test.each([
  ["levels off", (index: number) => 20_000 + 3_000 * (1 - Math.exp(-index / 8))],
  ["fills and is emptied", (index: number) => 20_000 + 64 * (index % 35)],
  ["falls", (index: number) => 20_000 - 64 * index],
  ["stays", () => 20_000],
  ["rises too little to matter", (index: number) => 20_000 + index / 2],
])("what %s does not rise steadily", (_, value) => {
  expect(steadyRise(series(60, value), 64)).toBeNull();
});

test("fewer than 20 points say nothing", () => {
  const rising = (index: number) => 20_000 + 64 * index;
  expect(steadyRise(series(19, rising), 64)).toBeNull();
  expect(steadyRise(series(20, rising), 64)).toMatchObject({ slopePerHour: 64 * 360, lowPerHour: 64 * 360 });
  expect(steadyRise([], 64)).toBeNull();
});
