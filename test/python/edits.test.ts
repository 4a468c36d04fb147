import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdits } from "../../src/python/edits.ts";

test("edits are applied whatever their order", () => {
  const edits = [
    { from: 4, to: 5, insert: "TWO" },
    { from: 0, to: 1, insert: "one" },
    { from: 5, to: 5, insert: "!" },
  ];
  expect(applyEdits("a = b", edits)).toBe("one = TWO!");
});

test("insertions at one offset keep the order given", () => {
  const at = (insert: string) => ({ from: 1, to: 1, insert });
  expect(applyEdits("ab", [at("1"), at("2")])).toBe("a12b");
});

test("edits of the same text and beyond it are refused", () => {
  const one = { from: 0, to: 3, insert: "" };
  expect(() => applyEdits("abcd", [one, { from: 2, to: 4, insert: "" }])).toThrow(RangeError);
  expect(() => applyEdits("ab", [one])).toThrow(RangeError);
});

test("what is not edited stays", () => {
  const cuts = fc.array(fc.nat(40), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ minLength: 40, maxLength: 40 }), cuts, (text, offsets) => {
      const sorted = [...new Set(offsets.map((offset) => Math.min(offset, text.length)))].sort(
        (a, b) => a - b,
      );
      const edits = sorted.slice(1).map((to, index) => {
        const from = sorted[index]!;
        return { from, to, insert: text.slice(from, to) };
      });
      expect(applyEdits(text, edits)).toBe(text);
    }),
  );
});
