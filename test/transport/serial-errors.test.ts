import { expect, test } from "vitest";
import { lossReason, openError } from "../../src/transport/serial-errors.ts";

const url = "serial:/dev/ttyACM0";

test.each([
  ["Error Resource temporarily unavailable Cannot lock port", "port-busy"],
  ["Error: Device or resource busy, cannot open /dev/ttyACM0", "port-busy"],
  ["Error: Permission denied, cannot open /dev/ttyACM0", "port-permission"],
  ["Error: Operation not permitted, cannot open /dev/ttyACM0", "port-permission"],
  ["Error: No such file or directory, cannot open /dev/ttyACM0", "port-not-found"],
  ["Error: No such device or address, cannot open /dev/ttyACM0", "port-not-found"],
  ["Error: Inappropriate ioctl for device setting custom baud rate of 115200", "port-failed"],
])("%s → %s", (text, code) => {
  expect(openError(url, new Error(text), null).code).toBe(code);
});

test("a busy port names who has it, where that is known", () => {
  const busy = new Error("Error Resource temporarily unavailable Cannot lock port");
  expect(openError(url, busy, "mpremote (process 1234)").message).toBe(
    "serial:/dev/ttyACM0 is held by another program: mpremote (process 1234). Close it, then try again.",
  );
  expect(openError(url, busy, null).message).toContain("is held by another program. Close mpremote");
  expect(openError(url, busy, "heapscope (process 7)").message).toContain("heapscope release BOARD");
});

test.each([
  ["EACCES: permission denied, write", "permission"],
  ["EPERM: operation not permitted, read", "permission"],
  ["EIO: i/o error, write", "the device is gone"],
  ["ENXIO: no such device or address, read", "the device is gone"],
  ["Error: something else.", "something else"],
])("a port lost with %j says %j", (text, reason) => {
  expect(lossReason(new Error(text))).toContain(reason);
});
