import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { epochMs, isoTime, isoTimeOf } from "../../src/store/times.ts";

const written = (iso: string): string => isoTimeOf(iso, epochMs(iso));

describe("a time is stored and shown as ISO 8601 in UTC with milliseconds", () => {
  test("the text that is written that way already stays", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(written(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });

  test("any other text is written anew", () => {
    for (const [iso, text] of [
      ["2026-11-24T18:45:06Z", "2026-11-24T18:45:06.000Z"],
      ["2026-11-24T18:45:06.1Z", "2026-11-24T18:45:06.100Z"],
      ["2026-11-24T20:45:06.123+02:00", "2026-11-24T18:45:06.123Z"],
      ["2026-11-24", "2026-11-24T00:00:00.000Z"],
      ["2026-11-24T24:00:00.000Z", "2026-11-25T00:00:00.000Z"],
      ["2026-11-24T18:45:06.123456Z", "2026-11-24T18:45:06.123Z"],
    ] as const) {
      expect(written(iso)).toBe(text);
    }
  });

  test("whatever digits are where those of a time are, the text is the one of the moment", () => {
    const two = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, "0"));
    const small = fc.integer({ min: 0, max: 33 }).map((value) => String(value).padStart(2, "0"));
    const text = fc
      .tuple(two, two, small, small, small, two, two)
      .map(([c, y, mo, d, h, mi, s]) => `${c}${y}-${mo}-${d}T${h}:${mi}:${s}.123Z`)
      .filter((iso) => !Number.isNaN(Date.parse(iso)));
    fc.assert(
      fc.property(text, (iso) => {
        expect(written(iso)).toBe(isoTime(epochMs(iso)));
      }),
    );
  });

  test("every day that a month may seem to have, in common and leap years", () => {
    for (const year of [1900, 2000, 2026, 2028]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const iso = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T23:59:59.999Z`;
          const ms = Date.parse(iso);
          if (!Number.isNaN(ms)) expect(written(iso)).toBe(isoTime(ms));
        }
      }
    }
  });

  test("what is no time is named", () => {
    expect(() => epochMs("soon")).toThrow(new RangeError('"soon" is not a time'));
  });
});
