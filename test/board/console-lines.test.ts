import fc from "fast-check";
import { expect, test } from "vitest";
import { consoleLines } from "../../src/board/console-lines.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

function linesOf(text: string, size = text.length): string[] {
  const lines: string[] = [];
  const push = consoleLines((line) => lines.push(line));
  for (let at = 0; at < text.length; at += size) push(bytesOf(text.slice(at, at + size)));
  return lines;
}

test("lines come without their ends, empty ones not at all", () => {
  expect(linesOf("one\r\n\r\ntwo\nthree")).toEqual(["one", "two"]);
});

test("chunk borders change nothing", () => {
  const text = fc
    .array(fc.string({ unit: fc.constantFrom("a", " b", "\r\n"), maxLength: 20 }))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (printed, size) => {
      expect(linesOf(printed, size)).toEqual(linesOf(printed));
    }),
  );
});

test("a line without end is cut, so nothing grows", () => {
  const lines = linesOf("x".repeat(100_000), 100);
  expect(lines.join("").length).toBeGreaterThan(99_000);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1_200);
});
