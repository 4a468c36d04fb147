import { expect, test } from "vitest";
import type { Config } from "../../src/app/config-schema.ts";
import { type DeviceFacts, explainPorts } from "../../src/app/explain-ports.ts";
import type { AttachedPort } from "../../src/app/list-attached.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { attachedPort, attachedPorts, bridge } from "../support/attached-port.ts";

const facts: DeviceFacts = {
  holder: async (path) => (path === "/dev/ttyUSB0" ? "mpremote (process 1234)" : null),
  mayOpen: (path) => path !== "/dev/ttyACM0",
};

function explain(
  boards: Config["boards"],
  attached: readonly AttachedPort[],
  settings: Readonly<Record<string, unknown>> = {},
) {
  const flags = Object.entries({ boards, ...settings }).map(([key, value]) => ({
    path: [key],
    value,
    origin: "test",
  }));
  return explainPorts(loadConfig({ file: null, env: {}, flags }), attached, facts);
}

const pico = attachedPort("/dev/ttyACM0", { serialNumber: "e66" });
const usb0 = attachedPort("/dev/ttyUSB0", { ...bridge, serialNumber: "0001", usbPlace: "1-1" });
const usb1 = attachedPort("/dev/ttyUSB1", { ...bridge, serialNumber: "0001", usbPlace: "1-2" });

test("without a configuration each port says what the system knows, who has it and who may", async () => {
  const { ports, idle } = await explain([], [usb1, pico, usb0]);
  expect(ports).toMatchObject([
    { path: "/dev/ttyACM0", attach: true, entry: null, permitted: false, heldBy: null, sameSerialNumber: [] },
    {
      path: "/dev/ttyUSB0",
      attach: false,
      heldBy: "mpremote (process 1234)",
      sameSerialNumber: ["/dev/ttyUSB1"],
    },
    { path: "/dev/ttyUSB1", attach: false, permitted: true, sameSerialNumber: ["/dev/ttyUSB0"] },
  ]);
  expect(ports.map(({ reason }) => reason)).toEqual([
    "serve attaches it by itself.",
    "Anything can hang on a bridge, so only when named: serve --port /dev/ttyUSB0",
    "Anything can hang on a bridge, so only when named: serve --port /dev/ttyUSB1",
  ]);
  expect(idle).toEqual([]);
});

test("an entry that claims a port is named, with the name it gives", async () => {
  const { ports } = await explain(
    [{ serialNumber: "000*", name: "greenhouse" }, { port: "tcp://127.0.0.1:4000" }],
    [usb0],
  );
  expect(ports).toMatchObject([
    {
      path: "/dev/ttyUSB0",
      attach: true,
      entry: "boards[0]",
      reason: 'serve attaches it as "greenhouse": boards[0], serial number 000*.',
    },
    {
      path: "tcp://127.0.0.1:4000",
      attach: true,
      entry: "boards[1]",
      reason: "serve attaches it: boards[1].",
    },
  ]);
});

test("a board that is MicroPython for certain says why it is left alone all the same", async () => {
  const { ports } = await explain([], [pico], { autoAttach: false });
  expect(ports).toMatchObject([
    { attach: false, reason: "autoAttach is off and no entry of the configuration names it." },
  ]);
  const [first, second] = (
    await explain(
      [],
      attachedPorts(
        { path: "/dev/ttyACM0", usbPlace: "1-1", usbInterface: 0 },
        { path: "/dev/ttyACM1", usbPlace: "1-1", usbInterface: 2 },
      ),
    )
  ).ports;
  expect([first?.attach, second?.attach]).toEqual([true, false]);
  expect(second?.reason).toContain("prompt is on /dev/ttyACM0");
});

test("entries without a port say what they wait for", async () => {
  const { ports, idle } = await explain(
    [{ port: "/dev/heapscope-none" }, { port: "/dev/heapscope-none-*" }, { serialNumber: "x*" }],
    [],
  );
  expect(ports).toEqual([]);
  expect(idle).toEqual([
    { entry: "boards[0]", reason: "/dev/heapscope-none is not there." },
    { entry: "boards[1]", reason: "No port matches /dev/heapscope-none-*." },
    { entry: "boards[2]", reason: "No port matches serial number x*." },
  ]);
});
