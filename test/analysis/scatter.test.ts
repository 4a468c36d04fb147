import { expect, test } from "vitest";
import { scatterFinding } from "../../src/analysis/findings.ts";
import { scatterOf } from "../../src/analysis/scatter.ts";
import { mapOf } from "../support/block-maps.ts";
import { minuteMs, startMs } from "./simulate.ts";

const dated = (...maps: readonly string[]) =>
  maps.map((blocks, index) => ({ atMs: startMs + index * minuteMs, map: mapOf(blocks) }));
/** 80 gaps of three blocks, an object of two in front of each; what the line is filled up with is used. */
const scattered = `${"A=...".repeat(60)}${"S=...".repeat(20)}${"h".repeat(64)}`.padEnd(512, "h");

test("many small survivors in many gaps are one finding, with their number, type and usual size", () => {
  const scatter = scatterOf(dated(scattered, scattered));
  expect(scatter).toEqual({
    freeRuns: 80,
    apartBytes: 79 * 48,
    freeBytes: 80 * 48,
    largestFreeBytes: 48,
    objects: 79,
    medianBytes: 32,
    mostLetter: "A",
  });
  expect(scatterFinding(scatter)).toMatch(
    /^80 free runs are kept apart by 79 small objects, mostly of type A \(bytearrays and arrays\), of 32 bytes each \(median\): 3\.7 KiB of the 3\.8 KiB that are free lie in pieces, and the largest is 48 bytes\. /,
  );
});

test("no type is named where none is most of them", () => {
  const mixed = `${"A=...S=...h=...".repeat(30)}${"h".repeat(62)}`;
  expect(scatterFinding(scatterOf(dated(mixed, mixed)))).toContain("89 small objects, of 32 bytes");
});

test("what the map before does not know may be garbage, and one map alone tells nothing", () => {
  expect(scatterOf(dated(".".repeat(512), scattered))).toBeNull();
  expect(scatterOf(dated(scattered))).toBeNull();
  expect(scatterOf([])).toBeNull();
});

test("a few pins, or many beside a large free run, are no such heap", () => {
  const few = `${"A=...".repeat(40)}${"h".repeat(56)}`;
  expect(scatterOf(dated(few, few))).toBeNull();
  const roomy = `${"A=...".repeat(60)}${"h".repeat(52)}${".".repeat(1_024)}h`.padEnd(1_408, "h");
  expect(scatterOf(dated(roomy, roomy))).toBeNull();
});
