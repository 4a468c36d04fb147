import { expect, test } from "vitest";
import { structSize } from "../../src/python/struct-size.ts";

test("sizes of formats with a byte order", () => {
  expect(["<H", ">hhh", "!2H 3s", "<bBxQd", "<"].map(structSize)).toEqual([2, 6, 7, 19, 0]);
});

test("formats whose size depends on the machine, or that are none, have no size", () => {
  expect(["H", "@I", "=I", "<P", "<H]", ""].map(structSize)).toEqual([null, null, null, null, null, null]);
});
