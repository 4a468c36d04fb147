import fc from "fast-check";
import { expect, test } from "vitest";
import { survivors } from "../../src/analysis/survivors.ts";
import { mapOf } from "../support/block-maps.ts";
import { minuteMs, startMs } from "./simulate.ts";

const dated = (...maps: readonly (string | readonly string[])[]) =>
  maps.map((blocks, index) => ({ atMs: startMs + index * minuteMs, map: mapOf(...[blocks].flat()) }));

test("an object between two gaps says where it is, what it keeps apart and for how long", () => {
  const older = "hhhh....................";
  const newer = "hhhh....................S=..........hhhhhhhhhhhhhhhhhhhhhhhhhhhh";
  expect(survivors(dated(older, newer, newer))).toEqual([
    {
      area: "10000",
      offsetBytes: 24 * 16,
      usedBytes: 32,
      leftFreeBytes: 20 * 16,
      rightFreeBytes: 10 * 16,
      mergedFreeBytes: 32 * 16,
      gainBytes: 10 * 16,
      objects: [
        {
          letter: "S",
          offsetBytes: 24 * 16,
          blocks: 2,
          ageReadings: 2,
          since: new Date(startMs + minuteMs).toISOString(),
        },
      ],
    },
  ]);
});

test("the largest gain comes first, whatever the larger neighbour", () => {
  const pins = survivors(dated(`h..h....h${".".repeat(40)}h`));
  expect(pins.map(({ offsetBytes, gainBytes }) => [offsetBytes / 16, gainBytes / 16])).toEqual([
    [49, 14],
    [8, 4],
    [3, 2],
  ]);
});

test("several objects in between are one pin, too many are none", () => {
  const [pin] = survivors(dated("h....ShA=....hhhhh....hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"));
  expect(pin?.objects.map(({ letter, blocks }) => [letter, blocks])).toEqual([
    ["S", 1],
    ["h", 1],
    ["A", 2],
  ]);
  expect(survivors(dated("h....hhhhh...."))).toEqual([]);
  expect(survivors(dated(`....h${"=".repeat(32)}....`))).toEqual([]);
});

test("an object of another letter, size or place is not the same one", () => {
  const age = (older: string) => survivors(dated(older, "h..S=..h"))[0]?.objects[0]?.ageReadings;
  expect(age("h..S=..h")).toBe(2);
  for (const other of ["h..A=..h", "h..S==.h", "h...S=.h", "h..SS..h", "h......h"])
    expect(age(other), other).toBe(1);
});

test("what only the newest of three maps knows is taken for garbage", () => {
  const old = "h..S...h";
  const fresh = "h..S...h....h...............h";
  const pins = survivors(dated(old, old, fresh));
  expect(pins.every(({ objects }) => objects.some(({ ageReadings }) => ageReadings > 1))).toBe(true);
  expect(pins.length).toBeGreaterThan(0);
  expect(survivors(dated(old, fresh)).length).toBeGreaterThan(pins.length);
});

test("runs of different areas never merge, and an area's base may be new", () => {
  const full = "h".repeat(62);
  expect(survivors(dated([`${full}..`, `..${full}`]))).toEqual([]);
  const [pin] = survivors(dated([full], [full, "..S.."]));
  expect(pin).toMatchObject({ area: "20000", offsetBytes: 32, objects: [{ ageReadings: 1 }] });
});

test("no maps, no pins; never more than ten", () => {
  expect(survivors([])).toEqual([]);
  expect(survivors(dated("h..".repeat(40)))).toHaveLength(10);
});

test("a pin's parts add up, and its gain is the smaller gap", () => {
  const blocks = fc
    .array(fc.constantFrom("h", "S=", "A===", ".", "...", "......."), { minLength: 1, maxLength: 60 })
    .map((runs) => runs.join(""));
  fc.assert(
    fc.property(blocks, (text) => {
      for (const pin of survivors(dated(text))) {
        const used = pin.objects.reduce((sum, object) => sum + object.blocks * 16, 0);
        expect(pin.usedBytes).toBe(used);
        expect(pin.mergedFreeBytes).toBe(pin.leftFreeBytes + used + pin.rightFreeBytes);
        expect(pin.gainBytes).toBe(Math.min(pin.leftFreeBytes, pin.rightFreeBytes));
      }
    }),
  );
});
