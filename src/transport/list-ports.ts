import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { SerialPort } from "serialport";
import { readText } from "./read-text.ts";
import { noUsb, type UsbFacts, usbFacts } from "./usb-facts.ts";

/** A serial port that the system knows, and what its USB device says of itself. */
export interface SerialPortInfo extends UsbFacts {
  readonly path: string;
  /** Paths that lead to it and stay the same: /dev/serial/by-id/…, then /dev/serial/by-path/… */
  readonly links: readonly string[];
}

/** Where the system keeps its devices; another place in tests. */
export interface SystemPlaces {
  readonly platform: NodeJS.Platform;
  readonly sys: string;
  readonly dev: string;
}

const thisSystem: SystemPlaces = { platform: process.platform, sys: "/sys", dev: "/dev" };

/**
 * Every serial port, by path. On Linux from /sys: what serialport does there needs udevadm, which containers do not have.
 * Ports of the mainboard (ttyS0 …) are listed where there is a chip behind them. Opens nothing.
 */
export async function listPorts(places: SystemPlaces = thisSystem): Promise<readonly SerialPortInfo[]> {
  const ports =
    places.platform === "linux" ? linuxPorts(places) : (await SerialPort.list()).map(fromSerialport);
  return [...ports].sort((one, other) => one.path.localeCompare(other.path, "en", { numeric: true }));
}

/**
 * A text that changes when a port comes or goes, for a fraction of what listing costs. Null where the system has no
 * such thing, and only a list can tell.
 */
export function portsFingerprint({ platform, sys, dev }: SystemPlaces = thisSystem): string | null {
  if (platform === "darwin") return namesIn(dev).filter(isPortOfMac).join(" ");
  return platform === "linux" ? namesIn(join(sys, "class/tty")).join(" ") : null;
}

/**
 * The serial number of the USB device that `path` leads to just now. Null where it has none, where there is no such
 * device, or where only a list could tell (not Linux).
 */
export function serialNumberAt(path: string, { platform, sys }: SystemPlaces = thisSystem): string | null {
  if (platform !== "linux") return null;
  try {
    const tty = join(sys, "class/tty", basename(realpathSync(path)));
    return usbFacts(realpathSync(join(tty, "device")), sys).serialNumber;
  } catch {
    return null;
  }
}

function fromSerialport(port: Awaited<ReturnType<typeof SerialPort.list>>[number]): SerialPortInfo {
  return {
    ...noUsb,
    path: port.path,
    links: [],
    vendorId: port.vendorId?.toLowerCase() ?? null,
    productId: port.productId?.toLowerCase() ?? null,
    serialNumber: port.serialNumber ?? null,
    manufacturer: port.manufacturer ?? null,
    usbPlace: port.locationId ?? null,
  };
}

function linuxPorts({ sys, dev }: SystemPlaces): SerialPortInfo[] {
  const ttys = join(sys, "class/tty");
  const links = [...linksIn(join(dev, "serial/by-id")), ...linksIn(join(dev, "serial/by-path"))];
  return namesIn(ttys).flatMap((name) => {
    const path = join(dev, name);
    // In a container /sys shows the host's devices, /dev only those handed in.
    if (!existsSync(path)) return [];
    try {
      // A console (tty1) has no device behind it.
      const device = realpathSync(join(ttys, name, "device"));
      // 0 = PORT_UNKNOWN: a place for a UART without a UART.
      if (readText(join(ttys, name, "type")) === "0") return [];
      const own = links.filter(({ target }) => target === path).map(({ link }) => link);
      return [{ path, links: own, ...usbFacts(device, sys) }];
    } catch {
      // No device, or one that was unplugged just now.
      return [];
    }
  });
}

function linksIn(folder: string): { readonly link: string; readonly target: string }[] {
  return namesIn(folder).flatMap((name) => {
    const link = join(folder, name);
    try {
      return [{ link, target: realpathSync(link) }];
    } catch {
      return []; // it leads nowhere just now
    }
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isPortOfMac(name: string): boolean {
  return /^(tty|cu)\./.test(name);
}
