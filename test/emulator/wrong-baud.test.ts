import { describe, expect, test } from "vitest";
import { heardAtWrongRate } from "../../src/emulator/wrong-baud.ts";

const everyByte = Array.from({ length: 256 }, (_, byte) => byte);

describe("a byte at another rate", () => {
  test("is the same byte up to four per cent off", () => {
    for (const ratio of [0.96, 1, 1.04]) {
      for (const byte of everyByte) expect(heardAtWrongRate(byte, ratio)).toEqual([byte]);
    }
  });

  test("is what the samples say: worked out by hand", () => {
    // 0x0d sent: 0 10110000 1. Twice the samples: 0 0 1 1 0 0 1 1 1 1 | 0 0 0 …; then 8 zeros and no stop bit.
    expect(heardAtWrongRate(0x0d, 2)).toEqual([0xe6, 0x80]);
    // Half the samples: the first two low bits are too short for a start bit, at the third one bit 7, then the idle line.
    expect(heardAtWrongRate(0x0d, 0.5)).toEqual([0xfe]);
  });

  test("is 0 where the stop bit is missing, and nothing where the start bit is too short", () => {
    expect(heardAtWrongRate(0x00, 12)).toEqual([0]);
    expect(heardAtWrongRate(0x55, 12)).toEqual([0, 0, 0, 0, 0]);
    expect(heardAtWrongRate(0xff, 1 / 24)).toEqual([]);
  });
});
