import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultRules } from "../../src/alerts/default-rules.ts";
import { parseClear, parseRule } from "../../src/alerts/parse-rule.ts";

function conditionOf(text: string) {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.offset}: ${parsed.message}`);
  return parsed.condition;
}

describe("a rule says", () => {
  test("metric, comparison, threshold and how many readings", () => {
    expect(conditionOf("largestFreeBytes < 4096 for 3 readings")).toEqual({
      kind: "reading",
      comparison: { metric: "largestFreeBytes", operator: "<", threshold: 4096 },
      afterCollection: false,
      guard: null,
      hold: { kind: "readings", count: 3 },
    });
  });

  test.each([
    ["usedBytes>1B", 1],
    ["freeBytes <= 2 KB", 2000],
    ["largestFreeBytes < 1.5KiB", 1536],
    ["usedBytes >= 2 MiB", 2 * 1024 * 1024],
    ["utilization > 7 %", 0.07],
    ["utilization > 0.9", 0.9],
    ["fragmentation >= 100%", 1],
    ["fragmentation > 1", 1],
    ["leakBytesPerHour > 100 B", 100],
    ["timeToExhaustion < 3 d", 259_200],
    ["timeToExhaustion < 90 min", 5400],
    ["stackUsedBytes > .5 KiB", 512],
  ])("%s: the threshold in the metric's own quantity", (text, threshold) => {
    expect(conditionOf(text)).toMatchObject({ comparison: { threshold } });
  });

  test.each([
    ["utilization > 90 %", { kind: "readings", count: 1 }],
    ["utilization > 90 % for 1 reading", { kind: "readings", count: 1 }],
    ["utilization > 90 % for 5 min", { kind: "time", ms: 300_000 }],
    ["leakBytesPerHour > 0", { kind: "time", ms: 0 }],
    ["leakBytesPerHour > 1 KiB for 1.5 h", { kind: "time", ms: 5_400_000 }],
    ["missed for 3 readings", { kind: "readings", count: 3 }],
    ["missed", { kind: "readings", count: 1 }],
    ["missed for 30 s", { kind: "time", ms: 30_000 }],
    ["rebooting", { kind: "time", ms: 0 }],
    ["unreachable for 2 min", { kind: "time", ms: 120_000 }],
    ["unreachable for 1 d", { kind: "time", ms: 86_400_000 }],
  ])("%s: for how long", (text, hold) => {
    expect(conditionOf(text).hold).toEqual(hold);
  });

  test("that it is about readings after a collection, and while something else is so, too", () => {
    const text = "fragmentation > 80% after collection while utilization > 50 % for 2 readings";
    expect(conditionOf(text)).toMatchObject({
      afterCollection: true,
      guard: { metric: "utilization", operator: ">", threshold: 0.5 },
      hold: { kind: "readings", count: 2 },
    });
  });
});

describe("what is no rule is named with its place and what was expected", () => {
  test.each([
    ["", 0, "expected one of usedBytes, freeBytes,"],
    ["   ", 3, "the rule ends here"],
    ["largestFree < 4096", 0, 'timeToExhaustion, missed, rebooting, unreachable, not "largestFree".'],
    ["freeByte < 4096", 0, 'Did you mean "freeBytes"?'],
    ["Utilization > 9 %", 0, 'Did you mean "utilization"?'],
    ["4096 > freeBytes", 0, 'not "4096"'],
    ["freeBytes", 9, "expected a comparison after freeBytes: < <= > >=; the rule ends here."],
    ["freeBytes == 4096", 10, 'expected a comparison after freeBytes: < <= > >=, not "==".'],
    ["freeBytes <", 11, "expected a number for freeBytes: bytes (B, KB, KiB or MiB); the rule ends here."],
    ["freeBytes < few", 12, 'expected a number for freeBytes: bytes (B, KB, KiB or MiB), not "few".'],
    ["freeBytes < -5", 12, 'not "-"'],
    ["freeBytes < 4 kB", 14, 'there is no unit "kB"; freeBytes is bytes (B, KB, KiB or MiB).'],
    ["freeBytes < 4 %", 14, '"%" is no unit of freeBytes, which is bytes'],
    ["freeBytes < 4 min", 14, '"min" is no unit of freeBytes, which is bytes'],
    [
      "utilization > 80",
      14,
      "80 is more than the whole: utilization is a share from 0 to 1, or 0 % to 100 %. Did you mean 80 %?",
    ],
    ["utilization > 101 %", 14, "101 % is more than the whole"],
    ["utilization > 4 KiB", 16, '"KiB" is no unit of utilization, which is a share'],
    ["timeToExhaustion < 3", 20, "expected a unit of time after 3: s, min, h or d."],
    ["timeToExhaustion < 3 for 1 h", 21, "expected a unit of time after 3"],
    [
      "timeToExhaustion < 3 KiB",
      21,
      '"KiB" is no unit of timeToExhaustion, which is a time (s, min, h or d).',
    ],
    [
      "leakBytesPerHour > 1 KiB for 3 readings",
      31,
      'expected a time (s, min, h or d), not "readings": leakBytesPerHour is not counted in readings.',
    ],
    ["leakBytesPerHour > 1 KiB after collection", 25, '"after" does not go with leakBytesPerHour'],
    ["leakBytesPerHour > 1 while utilization > 0.5", 21, '"while" does not go with leakBytesPerHour'],
    ["stackUsedBytes > 1 KiB after collection", 23, '"after collection" does not go with stackUsedBytes'],
    ["freeBytes < 1 after lunch", 20, 'expected "collection" after "after", not "lunch".'],
    ["freeBytes < 1 after", 19, 'expected "collection" after "after"; the rule ends here.'],
    [
      "freeBytes < 1 while missed",
      20,
      'expected one of usedBytes, freeBytes, largestFreeBytes, fragmentation, utilization, stackUsedBytes, not "missed".',
    ],
    [
      "freeBytes < 1 for",
      17,
      'expected a number after "for", such as 3 readings or 10 min; the rule ends here.',
    ],
    ["freeBytes < 1 for some readings", 18, 'not "some"'],
    ["freeBytes < 1 for 3", 19, "expected readings, s, min, h or d; the rule ends here."],
    ["freeBytes < 1 for 3 weeks", 20, 'expected readings, s, min, h or d, not "weeks".'],
    ["freeBytes < 1 for 0 readings", 18, "expected a whole number of readings from 1 to 100000"],
    ["freeBytes < 1 for 1.5 readings", 18, "expected a whole number of readings"],
    [
      "freeBytes < 1 for 3 readings please",
      29,
      'expected "after collection", "while", "for" (in this order), or the end of the rule, not "please".',
    ],
    ["freeBytes < 1 && utilization > 1", 14, 'not "&&"'],
    ["rebooting for 3 readings", 16, "rebooting is not counted in readings"],
    ["unreachable 5 min", 12, 'expected "for", or the end of the rule, not "5".'],
    ["missed > 3", 7, 'expected "for", or the end of the rule, not ">".'],
    ["missed for 3 😀", 13, 'not "😀"'],
  ])("%j", (text, offset, message) => {
    expect(parseRule(text)).toMatchObject({ ok: false, offset, message: expect.stringContaining(message) });
  });
});

test("any text at all is a rule or a problem inside it", () => {
  const words = fc.constantFrom(
    "freeBytes",
    "utilization",
    "missed",
    "timeToExhaustion",
    "<",
    ">=",
    "=",
    "4",
    "3.5",
    "%",
    "KiB",
    "min",
    "after",
    "collection",
    "while",
    "for",
    "readings",
    " ",
    "\n",
    "x",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 12 }).map((list) => list.join(" ")),
  );
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parseRule(given);
      if (parsed.ok) return;
      expect(parsed.offset).toBeGreaterThanOrEqual(0);
      expect(parsed.offset).toBeLessThanOrEqual(given.length);
      expect(parsed.message).toMatch(/[.?]$/);
    }),
    { numRuns: 2000 },
  );
});

test("every default rule parses, and has a name of its own", () => {
  for (const { when } of defaultRules) conditionOf(when);
  expect(new Set(defaultRules.map(({ name }) => name)).size).toBe(defaultRules.length);
});

test("a clear value has the units of its metric", () => {
  expect(parseClear("8 KiB", "freeBytes")).toEqual({ ok: true, value: 8192 });
  expect(parseClear("70 %", "utilization")).toEqual({ ok: true, value: 0.7 });
  expect(parseClear("8 KiB", "utilization")).toMatchObject({ ok: false, offset: 2 });
  expect(parseClear("8 KiB or so", "freeBytes")).toMatchObject({ ok: false, offset: 6 });
});
