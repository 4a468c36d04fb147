import { expect, test } from "vitest";
import { changeText, sizeText } from "../../src/shared/units-text.ts";

test("sizes below zero have a minus, not a hyphen", () => {
  expect([-176, -2048, 176, 0].map(sizeText)).toEqual(["−176 B", "−2.0 KiB", "176 B", "0 B"]);
  expect([-3 * 1024 ** 2, 16].map(changeText)).toEqual(["−3.0 MiB", "+16 B"]);
});
