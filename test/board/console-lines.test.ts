import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "../../src/board/console-lines.ts";
import { bytesOf, utf8Text } from "../../src/shared/bytes.ts";

const at = (ms: number) => ({ wallMs: ms, monotonicMs: ms });

function linesOf(text: string, size = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(utf8Text(line)));
  const bytes = bytesOf(text);
  for (let from = 0; from < bytes.length; from += size)
    splitter.push(bytes.subarray(from, from + size), at(0));
  splitter.flush();
  return lines;
}

test("lines come without their ends, empty ones not at all", () => {
  expect(linesOf("one\r\n\r\ntwo\n\nthree")).toEqual(["one", "two", "three"]);
});

test("chunk borders change nothing", () => {
  const text = fc
    .array(fc.string({ unit: fc.constantFrom("a", " b", "é", "🐍", "\r\n", "x".repeat(300)), maxLength: 20 }))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 700 }), (printed, size) => {
      expect(linesOf(printed, size)).toEqual(linesOf(printed));
    }),
  );
});

test("a line without end is cut between characters, so nothing grows and nothing is lost", () => {
  for (const printed of ["x".repeat(10_000), `a${"é".repeat(2_000)}`, `ab${"🐍".repeat(1_000)}`]) {
    const lines = linesOf(printed, 100);
    expect(lines.join("")).toBe(printed);
    for (const line of lines) expect(bytesOf(line).length).toBeLessThanOrEqual(515);
  }
});

test("a line that was given out without its end is over", () => {
  const lines: [string, number][] = [];
  const splitter = new LineSplitter((line, began) => lines.push([utf8Text(line), began.wallMs]));
  splitter.push(bytesOf("name? "), at(5));
  splitter.push(bytesOf("again? "), at(6));
  expect(splitter.openSince).toEqual(at(5));
  splitter.flush();
  expect(splitter.openSince).toBeNull();
  splitter.push(bytesOf("\r\nnext\r\n"), at(7));
  expect(lines).toEqual([
    ["name? again? ", 5],
    ["next", 7],
  ]);
});
