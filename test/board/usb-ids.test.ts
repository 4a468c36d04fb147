import { expect, test } from "vitest";
import { classifyUsb } from "../../src/board/usb-ids.ts";

test.each([
  ["f055", "9800"],
  ["F055", "9802"],
  ["2e8a", "0005"],
  ["303A", "4001"],
  ["303a", "1001"],
  ["0d28", "0204"],
])("%s:%s is MicroPython", (vendorId, productId) => {
  expect(classifyUsb({ vendorId, productId }).kind).toBe("micropython");
});

test.each([
  ["10c4", "ea60", "CP210x"],
  ["1A86", "7523", "CH340"],
  ["1a86", "55d4", "CH9102"],
  ["0403", "6001", "FT232R"],
  ["067b", "2303", "PL2303"],
])("%s:%s is a bridge, which may carry anything", (vendorId, productId, name) => {
  expect(classifyUsb({ vendorId, productId })).toEqual({ kind: "bridge", name });
});

test("what is in no table is unknown: other ids of a known vendor, ids missing, storage without a serial port", () => {
  expect(classifyUsb({ vendorId: "2e8a", productId: "000a" }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "f055", productId: "9803" }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "2e8a", productId: null }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: null, productId: null }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "constructor", productId: "" }).kind).toBe("unknown");
});
