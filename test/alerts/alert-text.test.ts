import { describe, expect, test } from "vitest";
import {
  durationText,
  endedText,
  figureText,
  firingText,
  resolvedText,
} from "../../src/alerts/alert-text.ts";
import { metricNames } from "../../src/alerts/parse-rule.ts";
import { sampleAlert } from "../support/sample-alert.ts";
import { rule } from "./support.ts";

function firing(text: string, value: number | null, detail = ""): string {
  return firingText({ rule: rule(text), board: "greenhouse", value, detail });
}

function resolved(text: string, value: number | null, lastedMs = 90_000): string {
  return resolvedText({ rule: rule(text), board: "greenhouse", value, detail: "" }, lastedMs);
}

describe("a firing alert says what is the matter, what it means, and what to do", () => {
  test.each([
    [
      "largestFreeBytes < 4 KiB after collection",
      3277,
      "greenhouse: the largest free block after a collection is 3.2 KiB, below 4.0 KiB. Any single allocation above that fails with MemoryError",
    ],
    ["usedBytes >= 1 MiB", 1_258_291, "the heap in use is 1.2 MiB, at least 1.0 MiB. The less is left"],
    ["freeBytes <= 900 B", 20, "free heap is 20 B, at most 900 B. When it is used up"],
    ["fragmentation > 85 %", 0.9123, "fragmentation is 91.2 %, above 85 %. What is free lies in small gaps"],
    ["stackUsedBytes > 7 KiB", 7200, "the stack in use is 7.0 KiB, above 7.0 KiB. Deeper calls end in"],
    [
      "leakBytesPerHour > 1 KiB",
      6000,
      "growth of the used heap is 5.9 KiB per hour, above 1.0 KiB per hour. Something is kept that is never let go",
    ],
    [
      "timeToExhaustion < 3 d",
      180_000,
      "the time until the heap is full is 2 d 2 h, below 3 d. If it goes on like this, allocations fail",
    ],
    ["missed", null, "1 reading in a row did not come, so what is shown of its heap is old. It hangs."],
    [
      "missed for 15 min",
      null,
      "no reading has come for 15 min, so what is shown of its heap is old. It hangs.",
    ],
    ["rebooting", null, "it restarts again and again, so its application does not get to work. It hangs."],
    [
      "unreachable for 90 s",
      null,
      "it could not be reached for 1 min 30 s, so nothing is known of its heap. It hangs.",
    ],
  ])("%s", (text, value, expected) => {
    expect(firing(text, value, "It hangs.")).toContain(expected);
    expect(firing(text, value, "It hangs.")).toMatch(/^greenhouse: .*\.$/);
  });

  test("where the rule is about the good side, only the figure", () => {
    expect(firing("freeBytes > 100 KiB", 204_800)).toBe(
      'greenhouse: free heap is 200.0 KiB, above 100.0 KiB. The rule "freeBytes" asks to be told.',
    );
  });

  test("for every metric there is", () => {
    for (const metric of metricNames) {
      const unit = metric === "timeToExhaustion" ? " s" : "";
      expect(firing(`${metric} > 0${unit}`, 1)).not.toContain("undefined");
    }
  });
});

describe("a resolved alert says what is well again", () => {
  test.each([
    [
      "utilization > 80 %",
      0.7,
      "heap utilization is 70 %, no longer above 80 % after 1 min 30 s. Nothing needs to be done.",
    ],
    [
      "freeBytes < 1 KiB after collection",
      2048,
      "free heap after a collection is 2.0 KiB, no longer below 1.0 KiB",
    ],
    [
      "fragmentation > 80 % while utilization > 50 %",
      0.9,
      "fragmentation is 90 %, which does not matter now after",
    ],
    ["timeToExhaustion < 3 d", null, '"timeToExhaustion < 3 d" is no longer met after 1 min 30 s.'],
    ["missed", null, "readings come again after 1 min 30 s."],
    ["rebooting", null, "it no longer restarts again and again after 1 min 30 s."],
    ["unreachable", null, "it can be reached again after 1 min 30 s."],
  ])("%s", (text, value, expected) => {
    expect(resolved(text, value)).toContain(`greenhouse: ${expected}`);
  });

  test("and nothing of how long it was where a clock was set back meanwhile", () => {
    expect(resolved("missed", null, -5000)).toBe(
      "greenhouse: readings come again. Nothing needs to be done.",
    );
  });

  test("or why it ends without that", () => {
    for (const reason of ["rule-removed", "rule-changed", "not-for-board", "board-gone"] as const)
      expect(endedText(reason, sampleAlert(), "greenhouse")).toMatch(
        /^greenhouse: .*"little-room".* ends here\. .*\.$/,
      );
  });
});

test("figures are written with two units at most", () => {
  expect([0, 999, 59_999, 3_600_000, 90_061_000, 86_400_000 * 400].map(durationText)).toEqual([
    "0 s",
    "1 s",
    "1 min",
    "1 h",
    "1 d 1 h",
    "400 d",
  ]);
  expect(figureText("leakBytesPerHour", -2048)).toBe("-2.0 KiB per hour");
});
