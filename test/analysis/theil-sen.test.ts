import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { twoSidedProbability, twoSidedQuantile } from "../../src/analysis/normal.ts";
import { medianOf, quantileOf, selectInPlace, selectorInPlace } from "../../src/analysis/order-statistics.ts";
import { theilSen } from "../../src/analysis/theil-sen.ts";
import { seeded } from "../heap/support.ts";

const columns = (xs: readonly number[], ys: readonly number[], confidence?: number) =>
  theilSen(Float64Array.from(xs), Float64Array.from(ys), confidence);

describe("published examples", () => {
  test("Sen 1968: seven points, slope 4, 93 % interval from 26/7 to 35/8", () => {
    const line = columns([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78], 0.93);
    expect(line).toMatchObject({ slope: 4, intercept: 6, concordance: 21 });
    expect(line?.low).toBeCloseTo(26 / 7, 12);
    expect(line?.high).toBeCloseTo(35 / 8, 12);
  });

  test("Hollander & Wolfe, cloud seeding: slope −0.05625, S = −6, p = 0.22", () => {
    const line = columns([1, 2, 3, 4, 5], [1.26, 1.27, 1.12, 1.16, 1.03]);
    expect(line?.slope).toBeCloseTo(-0.05625, 12);
    expect(line?.concordance).toBe(-6);
    // z = 5 / √(5·4·15 / 18)
    expect(line?.pValue).toBeCloseTo(0.2207, 4);
  });

  test("R's statpsych, ci.theil: equal x have no slope, slope 0.5", () => {
    const xs = [67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51];
    const ys = [21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19];
    const order = xs.map((_, index) => index).sort((one, other) => xs[one]! - xs[other]!);
    const line = columns(
      order.map((index) => xs[index]!),
      order.map((index) => ys[index]!),
    );
    expect(line?.slope).toBe(0.5);
    expect(line?.low).toBeCloseTo(0.324, 1);
    expect(line?.high).toBeCloseTo(0.75, 1);
  });
});

test("ties in y shrink the variance, as Kendall's formula says", () => {
  // n = 6 with a group of 3 and one of 2: (6·5·17 − 3·2·11 − 2·1·9) / 18 = 23.67; S = 11.
  const line = columns([0, 1, 2, 3, 4, 5], [1, 1, 1, 2, 2, 3]);
  expect(line?.concordance).toBe(11);
  expect(line?.pValue).toBeCloseTo(twoSidedProbability(10 / Math.sqrt(426 / 18)), 10);
});

test("nothing but ties has slope 0 and p 1; fewer than two x have no line", () => {
  expect(columns([0, 1, 2, 3], [5, 5, 5, 5])).toMatchObject({ slope: 0, low: 0, high: 0, pValue: 1 });
  expect(columns([3, 3], [1, 2])).toBeNull();
  expect(columns([], [])).toBeNull();
});

test("29 % of wild points do not move the slope", () => {
  const xs = Array.from({ length: 100 }, (_, index) => index);
  const ys = xs.map((x) => (x % 4 === 0 ? 1e6 * ((x % 8) - 3) : 3 * x));
  expect(columns(xs, ys)?.slope).toBeCloseTo(3, 6);
});

test("points that follow their neighbours widen the interval and raise p", () => {
  const random = seeded(4);
  const noise = Float64Array.from({ length: 300 }, () => random() - 0.5);
  const xs = noise.map((_, index) => index);
  let level = 0;
  const alike = noise.map((value) => {
    level = 0.95 * level + value;
    return level;
  });
  const scale = 1 / Math.sqrt(1 - 0.95 ** 2);
  const free = theilSen(xs, noise)!;
  const bound = theilSen(xs, alike)!;
  expect(bound.high - bound.low).toBeGreaterThan(3 * scale * (free.high - free.low));
  expect(bound.pValue).toBeGreaterThan(0.001);
});

const pointsArbitrary = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 50 }), y: fc.integer({ min: -1000, max: 1000 }) }), {
    minLength: 3,
    maxLength: 40,
  })
  .map((steps) => {
    let x = 0;
    const xs = steps.map(({ step }) => {
      x += step;
      return x;
    });
    return { xs, ys: steps.map(({ y }) => y) };
  });

describe("laws", () => {
  test("the slope of an exact line is exact, and its interval is that slope", () => {
    const whole = fc.integer({ min: -500, max: 500 });
    fc.assert(
      fc.property(pointsArbitrary, whole, whole, ({ xs }, slope, intercept) => {
        const line = columns(
          xs,
          xs.map((x) => slope * x + intercept),
        )!;
        expect([line.slope, line.low, line.high].map((value) => value + 0)).toEqual(
          [slope, slope, slope].map((value) => value + 0),
        );
        expect(line.intercept).toBeCloseTo(intercept, 8);
      }),
    );
  });

  test("adding a line to y adds its slope; scaling y scales the slope; mirroring y mirrors it", () => {
    fc.assert(
      fc.property(pointsArbitrary, fc.integer({ min: -50, max: 50 }), ({ xs, ys }, slope) => {
        const line = columns(xs, ys)!;
        const tilted = columns(
          xs,
          ys.map((y, index) => y + slope * xs[index]! + 7),
        )!;
        expect(tilted.slope).toBeCloseTo(line.slope + slope, 8);
        const scaled = columns(
          xs,
          ys.map((y) => 4 * y),
        )!;
        expect([scaled.slope, scaled.low, scaled.high]).toEqual([
          4 * line.slope,
          4 * line.low,
          4 * line.high,
        ]);
        const mirrored = columns(
          xs,
          ys.map((y) => -y),
        )!;
        expect(mirrored.slope).toBeCloseTo(-line.slope, 12);
        expect(mirrored.pValue).toBeCloseTo(line.pValue, 12);
      }),
    );
  });

  test("low ≤ slope ≤ high, and more confidence never narrows", () => {
    fc.assert(
      fc.property(pointsArbitrary, ({ xs, ys }) => {
        const [narrow, wide] = [columns(xs, ys, 0.5)!, columns(xs, ys, 0.99)!];
        expect(narrow.low).toBeLessThanOrEqual(narrow.slope);
        expect(narrow.slope).toBeLessThanOrEqual(narrow.high);
        expect(wide.low).toBeLessThanOrEqual(narrow.low);
        expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
      }),
    );
  });

  test("selection, median and quantiles are those of the sorted values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 }), (values) => {
        const sorted = [...values].sort((one, other) => one - other);
        sorted.forEach((value, place) => {
          expect(selectInPlace(Float64Array.from(values), place)).toBe(value);
        });
        const middle = (sorted.length - 1) / 2;
        const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
        expect(medianOf(values)).toBe(median);
        expect(quantileOf(values, 0.5)).toBe(median);
        expect([quantileOf(values, 0), quantileOf(values, 1)]).toEqual([sorted[0], sorted.at(-1)]);
      }),
    );
  });
});

describe("selection among many values", () => {
  const count = 20_011;
  const shuffled = Float64Array.from({ length: count }, (_, index) => (index * 7_919) % count);

  test.each([
    ["in any order", shuffled],
    ["ascending", shuffled.slice().sort()],
    ["descending", shuffled.slice().sort().reverse()],
    ["few of them different", shuffled.map((value) => value % 3)],
    ["all equal", new Float64Array(count)],
    [
      "with the greatest where a sample of every tenth is taken",
      shuffled.map((value, index) => (index % 10 === 0 ? 1e6 : value)),
    ],
    ["with infinite ones", shuffled.map((value) => (value < 9_000 ? Number.NEGATIVE_INFINITY : value))],
  ])("finds what sorting finds, near and far: %s", (_, values) => {
    const sorted = values.slice().sort();
    const select = selectorInPlace(values.slice());
    const middle = count >>> 1;
    for (const place of [middle, middle - 1, middle - 500, middle + 500, 0, count - 1, 3, middle, 15_000])
      expect(select(place)).toBe(sorted[place]);
    expect(() => select(count)).toThrow(RangeError);
    expect(medianOf([...values])).toBe(sorted[middle]);
    expect(medianOf([...values.subarray(1)])).toBe(medianOf([...values.slice(1).sort()]));
  });
});

test("the normal distribution has the table's values", () => {
  expect(twoSidedQuantile(0.95)).toBeCloseTo(1.959964, 5);
  expect(twoSidedQuantile(0.99)).toBeCloseTo(2.575829, 5);
  expect(twoSidedProbability(0)).toBeCloseTo(1, 6);
  expect(twoSidedProbability(-1.959964)).toBeCloseTo(0.05, 6);
  expect(() => twoSidedQuantile(1)).toThrow(RangeError);
  expect(() => selectInPlace(new Float64Array(2), 2)).toThrow(RangeError);
});
