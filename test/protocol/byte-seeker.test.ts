import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteSeeker } from "../../src/protocol/byte-seeker.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

test("finds the pattern that ends first, wherever chunks are cut", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 40 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(text, pattern, fc.integer({ min: 1, max: 7 }), (haystack, needle, size) => {
      const seeker = new ByteSeeker({ it: needle });
      let used = -1;
      for (let at = 0; at < haystack.length && used === -1; at += size) {
        const found = seeker.seek(bytesOf(haystack.slice(at, at + size)));
        if (found) used = at + found.usedBytes;
      }
      const at = haystack.indexOf(needle);
      expect(used).toBe(at === -1 ? -1 : at + needle.length);
    }),
  );
});

test("a partial match that breaks off inside another is not lost", () => {
  const seeker = new ByteSeeker({ prompt: ">>> " });
  expect(seeker.seek(bytesOf(">>>>"))).toBeUndefined();
  expect(seeker.seek(bytesOf("> "))).toEqual({ name: "prompt", usedBytes: 2 });
  expect(new ByteSeeker({ prompt: ">>> " }).seek(bytesOf(">>>>> "))).toEqual({
    name: "prompt",
    usedBytes: 6,
  });
});
