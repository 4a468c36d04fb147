import { expect, test } from "vitest";
import type { BoardConfig } from "../../src/app/config-schema.ts";
import type { AttachedPort } from "../../src/app/list-attached.ts";
import { type PathLookup, pathsFingerprint, selectPorts } from "../../src/app/select-ports.ts";
import { globToRegExp } from "../../src/transport/glob.ts";
import type { PortPath } from "../../src/transport/port-paths.ts";
import { attachedPort, attachedPorts, bridge } from "../support/attached-port.ts";

/** A /dev: every path and the device it leads to. Devices below /dev/pts are pseudo-terminals. */
function paths(links: Readonly<Record<string, string>>): PathLookup {
  const all: readonly PortPath[] = Object.entries(links).map(([path, device]) => ({
    path,
    device,
    isTerminal: device.startsWith("/dev/pts/"),
  }));
  return {
    one: (path) => all.find((found) => found.path === path) ?? null,
    all: (pattern) => all.filter(({ path }) => globToRegExp(pattern).test(path)),
  };
}

function select(
  boards: readonly BoardConfig[],
  attached: readonly AttachedPort[],
  links: Readonly<Record<string, string>> = {},
  autoAttach = true,
) {
  const own = Object.fromEntries(attached.map(({ path }) => [path, path]));
  const selection = selectPorts({ boards: [...boards], autoAttach }, attached, paths({ ...own, ...links }));
  return { ...selection, watched: selection.ports.filter(({ attach }) => attach) };
}

const pico = attachedPort("/dev/ttyACM0", { serialNumber: "e6614103e7452d2f" });
const usb0 = attachedPort("/dev/ttyUSB0", { ...bridge, serialNumber: "0001" });
const usb1 = attachedPort("/dev/ttyUSB1", { ...bridge, serialNumber: "0002" });

test("without entries, what is MicroPython for certain is watched and nothing else", () => {
  const { watched, waiting } = select([], [pico, usb0]);
  expect(watched).toMatchObject([{ url: "serial:/dev/ttyACM0", entry: null, fixed: false }]);
  expect(waiting).toEqual([]);
  expect(select([], [pico, usb0], {}, false).watched).toEqual([]);
});

test("a wildcard stands for every port that matches, by path or by a link to it", () => {
  const byPath = select([{ port: "/dev/ttyUSB*" }], [usb0, usb1]);
  expect(byPath.watched).toMatchObject([
    { url: "serial:/dev/ttyUSB0", entry: 0, fixed: false },
    { url: "serial:/dev/ttyUSB1", entry: 0, fixed: false },
  ]);
  const links = {
    "/dev/serial/by-id/usb-Silicon_Labs_0001-if00": "/dev/ttyUSB0",
    "/dev/serial/by-id/usb-FTDI-if00": "/dev/ttyUSB1",
  };
  const byLink = select([{ port: "/dev/serial/by-id/usb-Silicon_Labs_*" }], [usb0, usb1], links);
  expect(byLink.watched).toMatchObject([{ url: "serial:/dev/ttyUSB0", port: { serialNumber: "0001" } }]);
});

test("a serial number stands for every device that has it, in whatever case", () => {
  const { watched } = select([{ serialNumber: "E66141*" }], [pico, usb0], {}, false);
  expect(watched).toMatchObject([{ url: "serial:/dev/ttyACM0", entry: 0 }]);
});

test("the first entry that matches has the port, and any of them comes before autoAttach", () => {
  const boards = [{ serialNumber: "0002" }, { port: "/dev/tty*" }];
  const { watched } = select(boards, [pico, usb0, usb1]);
  expect(watched.map(({ url, entry }) => [url, entry])).toEqual([
    ["serial:/dev/ttyUSB1", 0],
    ["serial:/dev/ttyACM0", 1],
    ["serial:/dev/ttyUSB0", 1],
  ]);
});

test("a link that an entry names is the device behind it, which is watched once and by its serial number", () => {
  const link = "/dev/serial/by-id/usb-MicroPython-if00";
  const { watched } = select([{ port: link }], [pico], { [link]: "/dev/ttyACM0" });
  expect(watched).toMatchObject([
    {
      url: `serial:${link}`,
      device: "/dev/ttyACM0",
      port: { serialNumber: "e6614103e7452d2f" },
      fixed: true,
    },
  ]);
});

test("an entry whose device an earlier one has is left out and told", () => {
  const link = "/dev/serial/by-id/usb-MicroPython-if00";
  const { watched, doubled } = select([{ port: link }, { port: "/dev/ttyACM0" }], [pico], {
    [link]: "/dev/ttyACM0",
  });
  expect(watched).toHaveLength(1);
  expect(doubled).toEqual([{ entry: 1, first: 0, device: "/dev/ttyACM0" }]);
});

test("a path that is not there is a board all the same; a wildcard without a match only waits", () => {
  const { watched, waiting } = select(
    [
      { port: "/dev/ttyACM7" },
      { port: "/dev/ttyUSB*" },
      { serialNumber: "x" },
      { port: "tcp://127.0.0.1:4000" },
    ],
    [],
  );
  expect(watched).toMatchObject([
    { url: "serial:/dev/ttyACM7", device: null, entry: 0 },
    { url: "tcp://127.0.0.1:4000", device: null, entry: 3 },
  ]);
  expect(waiting).toEqual([0, 1, 2]);
});

test("a wildcard takes pseudo-terminals by their link, and leaves devices that are no ports alone", () => {
  const { watched } = select([{ port: "/run/boards/*" }], [], {
    "/run/boards/one": "/dev/pts/4",
    "/run/boards/two": "/dev/pts/5",
    "/run/boards/disk": "/dev/sda",
  });
  expect(watched.map(({ url }) => url)).toEqual(["serial:/run/boards/one", "serial:/run/boards/two"]);
});

test("of a board with several ports only the first is attached by itself; a wildcard takes all", () => {
  const attached = attachedPorts(
    { path: "/dev/ttyACM0", usbPlace: "1-1", usbInterface: 0 },
    { path: "/dev/ttyACM1", usbPlace: "1-1", usbInterface: 2 },
    { path: "/dev/ttyACM2", usbPlace: "1-2", usbInterface: 0 },
  );
  expect(select([], attached).watched.map(({ device }) => device)).toEqual(["/dev/ttyACM0", "/dev/ttyACM2"]);
  expect(select([{ port: "/dev/ttyACM*" }], attached).watched).toHaveLength(3);
});

test("the fingerprint of the configured paths changes when one comes, goes or leads elsewhere", () => {
  const boards = [
    { port: "/run/board" },
    { port: "/run/more-*" },
    { serialNumber: "x" },
    { port: "tcp://a:1" },
  ];
  const print = (links: Readonly<Record<string, string>>): string =>
    pathsFingerprint({ boards }, paths(links));
  const prints = [
    print({}),
    print({ "/run/board": "/dev/pts/1" }),
    print({ "/run/board": "/dev/pts/2" }),
    print({ "/run/board": "/dev/pts/2", "/run/more-1": "/dev/pts/3" }),
  ];
  expect(new Set(prints).size).toBe(4);
  expect(print({ "/run/board": "/dev/pts/1" })).toBe(prints[1]);
});
