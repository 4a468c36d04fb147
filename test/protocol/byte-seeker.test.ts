import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteSeeker } from "../../src/protocol/byte-seeker.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";

const letters = (alphabet: string[], limits: fc.StringConstraints) =>
  fc.string({ unit: fc.constantFrom(...alphabet), ...limits });

/** Feeds `text` in pieces of `size`; what was passed on before the find, and where the find ended. */
function run(text: string, patterns: Record<string, string>, size: number) {
  const seeker = new ByteSeeker(patterns);
  let before = "";
  for (let at = 0; at < text.length; at += size) {
    const sought = seeker.seek(bytesOf(text.slice(at, at + size)));
    before += latin1Text(sought.before);
    if (sought.found) return { before, name: sought.found.name, end: at + sought.found.usedBytes };
  }
  return { before, name: null, end: -1 };
}

test("finds the pattern that ends first and passes on exactly what came before it, wherever chunks are cut", () => {
  const text = letters(["a", "b", "c"], { maxLength: 40 });
  const pattern = letters(["a", "b"], { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(text, pattern, fc.integer({ min: 1, max: 7 }), (haystack, needle, size) => {
      const result = run(haystack, { it: needle }, size);
      const at = haystack.indexOf(needle);
      if (at === -1) {
        expect(result.end).toBe(-1);
        const held = haystack.slice(result.before.length);
        expect(haystack.startsWith(result.before) && needle.startsWith(held)).toBe(true);
      } else {
        expect(result).toEqual({ before: haystack.slice(0, at), name: "it", end: at + needle.length });
      }
    }),
  );
});

test("with several patterns, chunk borders change nothing", () => {
  const text = letters(["a", "b"], { maxLength: 30 });
  const pattern = letters(["a", "b"], { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(text, pattern, pattern, fc.integer({ min: 1, max: 7 }), (haystack, one, other, size) => {
      expect(run(haystack, { one, other }, size)).toEqual(run(haystack, { one, other }, 100));
    }),
  );
});

test("a partial match that breaks off inside another is not lost", () => {
  expect(run(">>>>> x", { prompt: ">>> " }, 4)).toEqual({ before: ">>", name: "prompt", end: 6 });
});
