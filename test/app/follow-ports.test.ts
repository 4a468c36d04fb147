import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { Config } from "../../src/app/config-schema.ts";
import { followPorts } from "../../src/app/follow-ports.ts";
import type { AttachedPort } from "../../src/app/list-attached.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { selectPorts } from "../../src/app/select-ports.ts";
import { attachedPort, bridge } from "../support/attached-port.ts";
import { ManualClock } from "../support/manual-clock.ts";

/** What the registry was told, and the log lines. */
function following(boards: Config["boards"], attached: readonly AttachedPort[]) {
  const config = loadConfig({
    file: null,
    env: {},
    flags: [{ path: ["boards"], value: boards, origin: "test" }],
  });
  const clock = new ManualClock();
  const lines: string[] = [];
  const told: string[] = [];
  const world = { attached };
  const log = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line).msg) });
  const stop = followPorts(config, selectPorts(config, attached), {
    clock,
    log,
    registry: {
      add: ({ port, name, serialNumber, certain, portOptions }) =>
        void told.push(
          `add ${port} ${name} ${serialNumber} ${certain ? "certain" : "not certain"} ${portOptions.kind}`,
        ),
      plugged: ({ port, name, serialNumber }, attach, { follow }: { readonly follow?: boolean } = {}) => {
        told.push(`${attach ? "attach" : follow ? "follow" : "leave"} ${port} ${name} ${serialNumber}`);
        return true;
      },
      forget: (port) => void told.push(`forget ${port}`),
    },
    listAttached: async () => world.attached,
    portsFingerprint: () => world.attached.map(({ path }) => path).join(" "),
  });
  onTestFinished(() => stop());
  return { clock, world, lines, told };
}

const pico = attachedPort("/dev/ttyACM0", { serialNumber: "e6614103e7452d2f" });
const cp2102 = attachedPort("/dev/ttyUSB0", { ...bridge, serialNumber: "0001", usbPlace: "1-1" });

test("boards at start know their kind, their serial number where it tells something, and their entry's settings", () => {
  const { told } = following(
    [{ port: "/dev/ttyUSB9" }, { serialNumber: "0001", name: "greenhouse" }],
    [pico, cp2102],
  );
  expect(told).toEqual([
    "add serial:/dev/ttyUSB9 null null not certain unknown",
    "add serial:/dev/ttyUSB0 greenhouse null not certain bridge",
    "add serial:/dev/ttyACM0 null e6614103e7452d2f certain native",
  ]);
});

test("a board that is named and MicroPython for certain is certain", () => {
  const { told } = following([{ serialNumber: "e66*" }], [pico]);
  expect(told).toEqual(["add serial:/dev/ttyACM0 null e6614103e7452d2f certain native"]);
});

test("a port that is plugged in later gets its entry's settings; a bridge that nothing names is left alone", async () => {
  const { clock, world, told } = following([{ serialNumber: "A5*", name: "greenhouse" }], []);
  const ftdi = { vendorId: "0403", productId: "6001" };
  world.attached = [
    cp2102,
    attachedPort("/dev/ttyUSB1", { ...ftdi, serialNumber: "A50285BI" }),
    attachedPort("/dev/ttyUSB2", { ...ftdi, serialNumber: "B7" }),
  ];
  await clock.advance(5_000);
  expect([...new Set(told)]).toEqual([
    "attach serial:/dev/ttyUSB1 greenhouse A50285BI",
    "leave serial:/dev/ttyUSB0 null null",
    "follow serial:/dev/ttyUSB2 null B7",
  ]);
});

test("an entry that matches nothing yet is told once, at the start", async () => {
  const { clock, lines } = following([{ serialNumber: "E66141*" }, { port: "/dev/heapscope-none-*" }], []);
  await clock.advance(600_000);
  expect(lines).toEqual([
    "No port matches boards[0] (serial number E66141*) yet. heapscope waits for one.",
    "No port matches boards[1] (/dev/heapscope-none-*) yet. heapscope waits for one.",
  ]);
});

test("two devices with one serial number are told once, with both ports and what it means", async () => {
  const twin = attachedPort("/dev/ttyACM1", { serialNumber: "e6614103e7452d2f" });
  const { clock, world, lines } = following([], [pico]);
  world.attached = [pico, twin];
  await clock.advance(5_000);
  world.attached = [pico];
  await clock.advance(5_000);
  world.attached = [pico, twin];
  await clock.advance(5_000);
  expect(lines).toEqual([
    expect.stringMatching(
      /^\/dev\/ttyACM0 and \/dev\/ttyACM1 are different devices with the same serial number, e6614103e7452d2f\./,
    ),
  ]);
});

test("what only happens to have the same serial number, and is not watched, is not told", () => {
  const other = attachedPort("/dev/ttyUSB1", { ...bridge, serialNumber: "0001", usbPlace: "1-2" });
  expect(following([], [cp2102, other]).lines).toEqual([]);
});
