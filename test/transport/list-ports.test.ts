import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { judgePort } from "../../src/app/list-attached.ts";
import { listPorts, portsFingerprint, serialNumberAt } from "../../src/transport/list-ports.ts";

/** A /sys and a /dev as Linux has them. */
function fakeSystem() {
  const root = mkdtempSync(join(tmpdir(), "heapscope-sys-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const sys = join(root, "sys");
  const dev = join(root, "dev");
  mkdirSync(join(sys, "class/tty"), { recursive: true });
  mkdirSync(dev);
  return {
    dev,
    places: { platform: "linux" as const, sys, dev },
    /** `device`: folder below /sys that the tty hangs on; `files`: their texts, below the tty's own device folder's USB parent. */
    addTty(name: string, device: string | null, files: Readonly<Record<string, string>> = {}, inDev = true) {
      const tty = join(sys, "class/tty", name);
      mkdirSync(tty, { recursive: true });
      if (device !== null) {
        mkdirSync(join(sys, device), { recursive: true });
        symlinkSync(join(sys, device), join(tty, "device"));
      }
      for (const [file, text] of Object.entries(files)) writeFileSync(join(sys, file), `${text}\n`);
      if (inDev) writeFileSync(join(dev, name), "");
    },
    addLink(folder: string, link: string, name: string) {
      mkdirSync(join(dev, folder), { recursive: true });
      symlinkSync(join(dev, name), join(dev, folder, link));
    },
  };
}

const picoFiles = {
  "devices/usb1/1-1/idVendor": "2e8a",
  "devices/usb1/1-1/idProduct": "0005",
  "devices/usb1/1-1/serial": "e6614103e7452d2f",
  "devices/usb1/1-1/manufacturer": "MicroPython",
  "devices/usb1/1-1/product": "Board in FS mode",
  "devices/usb1/1-1/1-1:1.0/bInterfaceNumber": "00",
};

test("a USB board brings ids and serial number from the device above its interface", async () => {
  const system = fakeSystem();
  system.addTty("ttyACM0", "devices/usb1/1-1/1-1:1.0", picoFiles);
  const ports = await listPorts(system.places);
  expect(ports).toEqual([
    {
      path: join(system.dev, "ttyACM0"),
      links: [],
      vendorId: "2e8a",
      productId: "0005",
      serialNumber: "e6614103e7452d2f",
      manufacturer: "MicroPython",
      product: "Board in FS mode",
      usbPlace: "1-1",
      usbInterface: 0,
    },
  ]);
  expect(judgePort(ports[0]!)).toMatchObject({ kind: "micropython", attach: true });
});

test("a bridge's port hangs one level lower, and is attached only when named", async () => {
  const system = fakeSystem();
  system.addTty("ttyUSB0", "devices/usb1/1-2/1-2:1.0/ttyUSB0", {
    "devices/usb1/1-2/idVendor": "10C4",
    "devices/usb1/1-2/idProduct": "EA60",
  });
  const [port] = await listPorts(system.places);
  expect(port).toMatchObject({ vendorId: "10c4", productId: "ea60", serialNumber: null });
  expect(judgePort(port!)).toMatchObject({ kind: "bridge", name: "CP210x", attach: false });
});

test("ports of the mainboard count where there is a chip; consoles and absent devices do not", async () => {
  const system = fakeSystem();
  system.addTty("ttyS0", "devices/platform/serial8250", { "class/tty/ttyS0/type": "4" });
  system.addTty("ttyS1", "devices/platform/serial8250", { "class/tty/ttyS1/type": "0" });
  system.addTty("tty1", null);
  system.addTty("ttyACM0", "devices/usb1/1-1/1-1:1.0", picoFiles, false);
  const ports = await listPorts(system.places);
  expect(ports.map(({ path }) => path)).toEqual([join(system.dev, "ttyS0")]);
  expect(judgePort(ports[0]!)).toMatchObject({ kind: "unknown", attach: false });
});

test("ports come in the order of their numbers; a machine without /sys has none", async () => {
  const system = fakeSystem();
  for (const name of ["ttyACM10", "ttyACM2"]) {
    system.addTty(name, `devices/usb1/${name}/if`, { [`devices/usb1/${name}/idVendor`]: "f055" });
  }
  const ports = await listPorts(system.places);
  expect(ports.map(({ path }) => path.slice(-2))).toEqual(["M2", "10"]);
  expect(await listPorts({ ...system.places, sys: "/nowhere" })).toEqual([]);
});

test("a port comes with its lasting links, by id first; a link that leads nowhere does no harm", async () => {
  const system = fakeSystem();
  system.addTty("ttyACM0", "devices/usb1/1-1/1-1:1.0", picoFiles);
  system.addLink("serial/by-path", "pci-usb-0:1:1.0", "ttyACM0");
  system.addLink("serial/by-id", "usb-MicroPython-if00", "ttyACM0");
  system.addLink("serial/by-id", "usb-Gone-if00", "ttyACM9");
  const [port] = await listPorts(system.places);
  expect(port?.links.map((link) => link.slice(system.dev.length))).toEqual([
    "/serial/by-id/usb-MicroPython-if00",
    "/serial/by-path/pci-usb-0:1:1.0",
  ]);
});

test("two ports of one device share its place and differ in their interface", async () => {
  const system = fakeSystem();
  system.addTty("ttyACM0", "devices/usb1/1-1/1-1:1.0", picoFiles);
  system.addTty("ttyACM1", "devices/usb1/1-1/1-1:1.2", {
    "devices/usb1/1-1/1-1:1.2/bInterfaceNumber": "02",
  });
  expect(await listPorts(system.places)).toMatchObject([
    { usbPlace: "1-1", usbInterface: 0 },
    { usbPlace: "1-1", usbInterface: 2 },
  ]);
});

test("the serial number at a path is that of the device it leads to just now", () => {
  const system = fakeSystem();
  system.addTty("ttyACM0", "devices/usb1/1-1/1-1:1.0", picoFiles);
  system.addLink("serial/by-id", "usb-MicroPython-if00", "ttyACM0");
  expect(serialNumberAt(join(system.dev, "ttyACM0"), system.places)).toBe("e6614103e7452d2f");
  const link = join(system.dev, "serial/by-id/usb-MicroPython-if00");
  expect(serialNumberAt(link, system.places)).toBe("e6614103e7452d2f");
  expect(serialNumberAt(join(system.dev, "ttyACM7"), system.places)).toBeNull();
  expect(serialNumberAt(link, { ...system.places, platform: "darwin" })).toBeNull();
});

test("the fingerprint changes with the ports, on macOS by their device files", () => {
  const system = fakeSystem();
  const mac = { ...system.places, platform: "darwin" as const };
  writeFileSync(join(system.dev, "tty.usbmodem1"), "");
  const before = [portsFingerprint(system.places), portsFingerprint(mac)];
  system.addTty("ttyACM0", "devices/usb1/1-1/1-1:1.0", picoFiles);
  expect(portsFingerprint(system.places)).not.toBe(before[0]);
  expect(portsFingerprint(mac)).toBe(before[1]);
  writeFileSync(join(system.dev, "cu.usbmodem2"), "");
  expect(portsFingerprint(mac)).not.toBe(before[1]);
  expect(portsFingerprint({ ...system.places, platform: "win32" })).toBeNull();
});
