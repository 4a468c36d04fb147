import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAllocations } from "../../src/cli/parse-allocations.ts";

test.each([
  ["4096", [4096]],
  ["4096,1k, 2M", [4096, 1024, 2_097_152]],
  ["512x3", [512, 512, 512]],
  ["1kX2,16", [1024, 1024, 16]],
  ["1024M", [1_073_741_824]],
])("%s", (text, sizes) => {
  expect(parseAllocations(text)).toEqual(sizes);
});

test.each([
  ["", "not nothing"],
  ["4096,,1", 'not an empty part in "4096,,1"'],
  ["-1", 'not "-1"'],
  ["1.5k", 'not "1.5k"'],
  ["12 bytes", 'not "12 bytes"'],
  ["0x10", "allocates nothing"],
  ["512x", 'not "512x"'],
  ["x5", 'not "x5"'],
  ["512x0", "allocates nothing"],
  ["0", "allocates nothing"],
  ["1025M", "larger than 1024M"],
  ["9999999999", 'not "9999999999"'],
  ["1x10001", "up to 10000 allocations"],
  ["1x9999,1x2", "up to 10000 allocations"],
])("%j is refused with what is wrong", (text, problem) => {
  expect(() => parseAllocations(text)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(problem) }),
  );
});

test("whatever is typed is a list of sizes or bad usage, never another failure", () => {
  const typed = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(..."0123456789kMx, .")).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(typed, (text) => {
      try {
        for (const bytes of parseAllocations(text)) expect(bytes).toBeGreaterThanOrEqual(1);
      } catch (error) {
        expect(error).toMatchObject({ code: "usage" });
      }
    }),
  );
});
