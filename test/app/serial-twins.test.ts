import { expect, test } from "vitest";
import { sameSerialNumbers } from "../../src/app/serial-twins.ts";
import { attachedPort } from "../support/attached-port.ts";

test("different devices with one serial number are named together", () => {
  const ports = [
    attachedPort("/dev/ttyUSB0", { serialNumber: "0001", usbPlace: "1-1" }),
    attachedPort("/dev/ttyUSB1", { serialNumber: "0001", usbPlace: "1-2" }),
    attachedPort("/dev/ttyUSB2", { serialNumber: "0002", usbPlace: "1-3" }),
    attachedPort("/dev/ttyUSB3", { serialNumber: null, usbPlace: "1-4" }),
    attachedPort("/dev/ttyUSB4", { serialNumber: null, usbPlace: "1-5" }),
  ];
  expect(sameSerialNumbers(ports)).toEqual([
    { serialNumber: "0001", paths: ["/dev/ttyUSB0", "/dev/ttyUSB1"] },
  ]);
});

test("two ports of one device are no twins", () => {
  const ports = ["/dev/ttyACM0", "/dev/ttyACM1"].map((path) =>
    attachedPort(path, { serialNumber: "abc", usbPlace: "1-1" }),
  );
  expect(sameSerialNumbers(ports)).toEqual([]);
});
