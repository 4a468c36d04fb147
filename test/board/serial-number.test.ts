import { expect, test } from "vitest";
import { tellingSerialNumber } from "../../src/board/serial-number.ts";

test.each([
  "0001",
  "00000000",
  "000000000000",
  "000000000011",
  "1",
  "FFFF",
  "123456",
  "0123456789ABCDEF",
  "1234567890",
])("%s is what a factory writes into every piece", (serialNumber) => {
  expect(tellingSerialNumber(serialNumber)).toBeNull();
});

test.each(["e6614103e7452d2f", "0010", "34:85:18:AA:BB:CC", "A50285BI", "9906360200052820", "11112"])(
  "%s tells one board from another",
  (serialNumber) => {
    expect(tellingSerialNumber(serialNumber)).toBe(serialNumber);
  },
);

test("none is none", () => {
  expect(tellingSerialNumber(null)).toBeNull();
});
