import { expect, test } from "vitest";
import type { ExplainedPort } from "../../../src/app/explain-ports.ts";
import { portLines, portsLines } from "../../../src/cli/render/ports.ts";
import { attachedPort, bridge } from "../../support/attached-port.ts";

const canvas = { columns: 80, color: false };
const byId = "/dev/serial/by-id/usb-MicroPython-if00";
const byPath = "/dev/serial/by-path/usb-0:1:1.0";

function explained(path: string, change: Partial<ExplainedPort> = {}): ExplainedPort {
  return {
    ...attachedPort(path, change),
    entry: null,
    sameSerialNumber: [],
    heldBy: null,
    permitted: true,
    ...change,
  };
}

test("a port says what it is, where it is found again, and what serve does with it", () => {
  const port = explained("/dev/ttyACM0", { serialNumber: "e66", links: [byId, byPath] });
  expect(portLines(port, canvas)).toEqual([
    "● /dev/ttyACM0",
    "    MicroPython: RP2 board (Pico) · USB 2e8a:0005 · serial number e66",
    `    ${byId}`,
    "    serve attaches it by itself.",
  ]);
});

test("what stands in the way is said as well", () => {
  const port = explained("/dev/ttyUSB0", {
    ...bridge,
    serialNumber: "0001",
    links: [byId, byPath],
    attach: true,
    reason: 'serve attaches it as "greenhouse": boards[0].',
    sameSerialNumber: ["/dev/ttyUSB1"],
    heldBy: "mpremote (process 1234)",
    permitted: false,
  });
  expect(portLines(port, { ...canvas, columns: 120 })).toEqual([
    "● /dev/ttyUSB0",
    "    USB-UART bridge: CP210x · USB 10c4:ea60 · serial number 0001",
    `    ${byId}`,
    `    ${byPath}`,
    '    serve attaches it as "greenhouse": boards[0].',
    "    ! Open in another program just now: mpremote (process 1234).",
    "    ! You may not open it. Join the group dialout (sudo usermod -aG dialout $USER) and log in again.",
    "    ! /dev/ttyUSB1 has the same serial number, so it cannot tell them apart. Name them by their by-path.",
  ]);
});

test("entries without a port come last, also where there is no port at all", () => {
  const idle = [{ entry: "boards[1]", reason: "No port matches /dev/ttyUSB*." }];
  expect(portsLines({ ports: [], idle }, canvas).slice(-3)).toEqual([
    "",
    "In the configuration, without a port",
    "    boards[1]: No port matches /dev/ttyUSB*.",
  ]);
});

test("sentences keep to a narrow terminal; a path is never broken", () => {
  const long = `/dev/serial/by-id/${"x".repeat(60)}`;
  const lines = portLines(explained("/dev/ttyACM0", { links: [long] }), { columns: 40, color: false });
  expect(lines).toContain(`    ${long}`);
  for (const line of lines) if (!line.includes(long)) expect(line.length).toBeLessThanOrEqual(40);
});
