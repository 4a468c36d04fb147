import { expect, test } from "vitest";
import { changedSource } from "../../../src/advice/files/changed-source.ts";
import { findAllocations } from "../../../src/python/allocations.ts";
import { applyConstants } from "../../../src/python/apply-constants.ts";
import { findConstants } from "../../../src/python/constants.ts";
import { applicationFrom, moduleIn } from "./support.ts";

const text = `RATE = 100

def run(i2c):
    while True:
        data = i2c.readfrom_mem(60, 1, 2)
        print(data[0] + RATE)
`;
const source = moduleIn(applicationFrom({ "a.py": text }), "a.py");
const withConstants = applyConstants(source.parsed, findConstants(source.parsed, []));

test("without changes there is no changed source", () => {
  expect(changedSource(source, null, [])).toBeNull();
});

test("constants alone, and places with a rewrite alone or together", () => {
  expect(changedSource(source, withConstants, [])).toBe(withConstants);
  const site = findAllocations(source.parsed).findIndex(({ rewrite }) => rewrite !== null);
  expect(site).toBeGreaterThanOrEqual(0);
  const rewritten = changedSource(source, null, [site]);
  expect(rewritten).toContain("readfrom_mem_into(");
  expect(rewritten).toContain("RATE = 100");
  const both = changedSource(source, withConstants, [site]);
  expect(both).toContain("readfrom_mem_into(");
  expect(both).toContain("_RATE = const(100)");
});

test("where the constants would make or move places, they go alone", () => {
  const other = "while True:\n    data = bytearray(4)\n    other = bytearray(8)\n";
  expect(changedSource(source, other, [0])).toBe(other);
});
