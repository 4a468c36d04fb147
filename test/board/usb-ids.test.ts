import { expect, test } from "vitest";
import { classifyUsb } from "../../src/board/usb-ids.ts";

test.each([
  ["f055", "9800"],
  ["F055", "9802"],
  ["f055", "980a"],
  ["2e8a", "0005"],
  ["303A", "4001"],
  ["303a", "1001"],
  ["0d28", "0204"],
  ["2341", "055b"],
  ["2341", "056B"],
  ["15ba", "0046"],
])("%s:%s is MicroPython", (vendorId, productId) => {
  expect(classifyUsb({ vendorId, productId }).kind).toBe("micropython");
});

test.each([
  ["10c4", "ea60", "CP210x"],
  ["10c4", "ea71", "CP2108"],
  ["1A86", "7523", "CH340"],
  ["1a86", "55d3", "CH343"],
  ["1a86", "55d4", "CH9102"],
  ["0403", "6001", "FT232R"],
  ["067b", "2303", "PL2303"],
  ["067b", "23F3", "PL2303GS"],
  ["04d8", "00df", "MCP2200"],
  ["0483", "374b", "ST-LINK/V2-1"],
])("%s:%s is a bridge, which may carry anything", (vendorId, productId, name) => {
  expect(classifyUsb({ vendorId, productId })).toEqual({ kind: "bridge", name });
});

test.each([
  ["9900000031864e45", "micropython", "micro:bit"],
  ["9906360200052820", "micropython", "micro:bit"],
  ["0240000034544e45", "bridge", "DAPLink"],
  [null, "micropython", "micro:bit"],
])("a DAPLink with serial number %s is %s: %s", (serialNumber, kind, name) => {
  expect(classifyUsb({ vendorId: "0d28", productId: "0204", serialNumber })).toEqual({ kind, name });
});

test("what is in no table is unknown: other ids of a known vendor, ids missing, storage without a serial port", () => {
  expect(classifyUsb({ vendorId: "2e8a", productId: "000a" }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "f055", productId: "9803" }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "2341", productId: "025b" }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "2e8a", productId: null }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: null, productId: null }).kind).toBe("unknown");
  expect(classifyUsb({ vendorId: "constructor", productId: "" }).kind).toBe("unknown");
});
