import { expect, test } from "vitest";
import { parseExpiry } from "../../src/cli/parse-expiry.ts";

const nowMs = Date.UTC(2026, 10, 22, 17);

test.each([
  ["30m", "2026-11-22T17:30:00.000Z"],
  ["12h", "2026-11-23T05:00:00.000Z"],
  ["90d", "2027-02-20T17:00:00.000Z"],
  ["4w", "2026-12-20T17:00:00.000Z"],
  ["1y", "2027-11-22T17:00:00.000Z"],
])("%s from now is %s", (text, expected) => {
  expect(parseExpiry(text, nowMs)).toBe(expected);
});

test.each(["", "90", "d", "0d", "-1d", "1.5d", "90 d", "90s", "999999y", "tomorrow", "2027-01-01"])(
  "%j is bad usage, and the sentence shows what is not",
  (text) => {
    expect(() => parseExpiry(text, nowMs)).toThrow("--expires takes a time such as 12h, 90d, 4w or 1y");
  },
);
