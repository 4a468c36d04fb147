import { expect, test } from "vitest";
import { tailBit } from "../../../src/dashboard/map/map-cells.ts";
import { kindPixels, pixelOf, rgbOf, typeColor } from "../../../src/dashboard/map/palette.ts";

const S = "S".charCodeAt(0);
const D = "D".charCodeAt(0);

test("colours are read short and long", () => {
  expect(rgbOf("#0b5d98")).toEqual([0x0b, 0x5d, 0x98]);
  expect(rgbOf("#fff")).toEqual([255, 255, 255]);
  expect(rgbOf("rebeccapurple")).toEqual([0, 0, 0]);
  expect(pixelOf([1, 2, 3])).toBe(0xff030201);
});

test("heads differ from their tails, types from each other and from free, in light and dark", () => {
  for (const isDark of [false, true]) {
    const pixels = kindPixels(isDark, null);
    const letters = [..."hSALDTBMFmqQx"].map((letter) => letter.charCodeAt(0));
    const all = [0, ...letters.flatMap((letter) => [letter, letter | tailBit])].map((kind) => pixels[kind]);
    expect(new Set(all).size).toBe(all.length);
  }
});

test("an emphasised type keeps its colour and the others fade", () => {
  const plain = kindPixels(false, null);
  const loud = kindPixels(false, "S");
  expect(loud[S]).toBe(plain[S]);
  expect(loud[D]).not.toBe(plain[D]);
  expect(kindPixels(false, ".")[0]).not.toBe(plain[0]);
});

test("every letter has a colour", () => {
  expect(typeColor("Z", false)).toMatch(/^#[0-9a-f]{6}$/);
});
