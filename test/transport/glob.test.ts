import { expect, test } from "vitest";
import { globToRegExp, hasWildcard } from "../../src/transport/glob.ts";

test.each([
  ["ttyUSB*", ["ttyUSB", "ttyUSB0", "ttyUSB12"], ["ttyACM0", "xttyUSB0"]],
  ["ttyUSB?", ["ttyUSB0"], ["ttyUSB", "ttyUSB12"]],
  ["ttyUSB[0-3]", ["ttyUSB0", "ttyUSB3"], ["ttyUSB4", "ttyUSB"]],
  ["ttyUSB[!0-3]", ["ttyUSB4", "ttyUSBx"], ["ttyUSB0", "ttyUSB/"]],
  ["ttyUSB[^0-3]", ["ttyUSB4"], ["ttyUSB0"]],
  ["a[]b]c", ["a]c", "abc"], ["axc"]],
  ["a[b", ["a[b"], ["ab"]],
  ["a[z-a]b", ["a[z-a]b"], ["azb"]],
  ["a[.^\\]b", ["a.b", "a^b", "a\\b"], ["axb"]],
  ["usb-Silicon_Labs_*-if00", ["usb-Silicon_Labs_CP2102_0001-if00"], ["usb-Silicon_Labs_CP2102_0001-if01"]],
  ["a.b+c(d)|e$", ["a.b+c(d)|e$"], ["aXb+c(d)|e$"]],
  ["*", ["", "x"], ["a/b"]],
  ["**", ["", "xy"], ["a/b"]],
])("%s", (pattern, matching, others) => {
  const wanted = globToRegExp(pattern);
  for (const text of matching) expect([text, wanted.test(text)]).toEqual([text, true]);
  for (const text of others) expect([text, wanted.test(text)]).toEqual([text, false]);
});

test("case counts unless told otherwise", () => {
  expect(globToRegExp("E66141*").test("e6614103e7452d2f")).toBe(false);
  expect(globToRegExp("E66141*", { ignoreCase: true }).test("e6614103e7452d2f")).toBe(true);
});

test("a pattern of many stars is matched at once", () => {
  const startedMs = performance.now();
  expect(globToRegExp("*".repeat(200)).test(`${"a".repeat(200)}/`)).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(200);
});

test("wildcard signs are *, ? and [", () => {
  expect(["*", "a?", "[0]"].map(hasWildcard)).toEqual([true, true, true]);
  expect(hasWildcard("/dev/serial/by-id/usb-1a86_USB2.0-Serial-if00-port0")).toBe(false);
});
