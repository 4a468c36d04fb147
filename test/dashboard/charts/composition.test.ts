import { expect, test } from "vitest";
import { brokenAt, compositionsOf, restLetter, stackOf } from "../../../src/dashboard/charts/composition.ts";
import { sampleMap, sampleReading } from "../../support/samples.ts";

function mapped(types: Readonly<Record<string, number>>, seconds = 0) {
  const totals = Object.entries(types).map(([letter, blocks]) => [letter, { objects: 1, blocks }] as const);
  const at = new Date(Date.parse("2026-11-27T12:00:00Z") + seconds * 1000).toISOString();
  return sampleReading({ at, map: { ...sampleMap, types: Object.fromEntries(totals) } });
}

test("the largest of the newest map lies at the bottom, and tops add up", () => {
  const stack = stackOf(compositionsOf([mapped({ S: 9, h: 1 }), mapped({ S: 2, h: 5, D: 1 }, 60)]));
  expect(stack.letters).toEqual(["h", "S", "D"]);
  expect(stack.own).toEqual([
    [16, 80],
    [144, 32],
    [0, 16],
  ]);
  expect(stack.tops).toEqual([
    [16, 80],
    [160, 112],
    [160, 128],
  ]);
});

test("rare letters share one area", () => {
  const types = Object.fromEntries([..."abcdefghijkl"].map((letter, at) => [letter, 20 - at]));
  const stack = stackOf(compositionsOf([mapped(types)]));
  expect(stack.letters).toEqual([..."abcdefgh", restLetter]);
  expect(stack.own.at(-1)).toEqual([(12 + 11 + 10 + 9) * 16]);
});

test("a reading without a map or block size is left out", () => {
  const { blocks } = sampleReading();
  expect(
    compositionsOf([sampleReading(), { ...mapped({ h: 1 }), blocks: { ...blocks, sizeBytes: null } }]),
  ).toEqual([]);
  expect(stackOf([])).toEqual({ letters: [], x: [], own: [], tops: [] });
});

test("areas break where readings have a gap between two maps, and only there", () => {
  const stack = stackOf(compositionsOf([mapped({ h: 1 }), mapped({ h: 2 }, 60), mapped({ h: 3 }, 120)]));
  const [firstSeconds = 0] = stack.x;
  const at = (seconds: number): number => (firstSeconds + seconds) * 1000;
  const broken = brokenAt(stack, [
    { fromMs: at(70), toMs: at(110) },
    { fromMs: at(130), toMs: at(140) },
  ]);
  expect(broken.tops).toEqual([[16, 32, null, 48]]);
  expect(broken.maps).toEqual([0, 1, null, 2]);
  expect(broken.x.map((x) => x - firstSeconds)).toEqual([0, 60, 90, 120]);
});
