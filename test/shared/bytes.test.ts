import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteCollector } from "../../src/shared/byte-collector.ts";
import { bytesOf, concatBytes, indexOfBytes, latin1Text } from "../../src/shared/bytes.ts";

test("latin1 text keeps every byte", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(latin1Text(bytes)).toHaveLength(bytes.length);
    }),
  );
  expect(latin1Text(Uint8Array.of(0x04, 0x41))).toBe("\x04A");
});

test("indexOfBytes finds what a text search finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 30 });
  fc.assert(
    fc.property(
      letters,
      letters.filter((text) => text.length > 0 && text.length < 5),
      (haystack, needle) => {
        expect(indexOfBytes(bytesOf(haystack), bytesOf(needle))).toBe(haystack.indexOf(needle));
      },
    ),
  );
});

test("a collector gives back what was added", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      const collector = new ByteCollector();
      for (const chunk of chunks) collector.add(chunk);
      expect(collector.whole()).toEqual(concatBytes(chunks));
      expect(collector.length).toBe(collector.whole().length);
    }),
  );
});
