import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { SerialPort } from "serialport";

/** A serial port that the system knows. Ids are four hex digits in lower case; null = the port has none. */
export interface SerialPortInfo {
  readonly path: string;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
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
export function portsFingerprint({ platform, sys }: SystemPlaces = thisSystem): string | null {
  const ttys = join(sys, "class/tty");
  return platform === "linux" && existsSync(ttys) ? readdirSync(ttys).join(" ") : null;
}

function fromSerialport(port: Awaited<ReturnType<typeof SerialPort.list>>[number]): SerialPortInfo {
  return {
    path: port.path,
    vendorId: port.vendorId?.toLowerCase() ?? null,
    productId: port.productId?.toLowerCase() ?? null,
    serialNumber: port.serialNumber ?? null,
    manufacturer: port.manufacturer ?? null,
    product: null,
  };
}

function linuxPorts({ sys, dev }: SystemPlaces): SerialPortInfo[] {
  const ttys = join(sys, "class/tty");
  if (!existsSync(ttys)) return [];
  return readdirSync(ttys).flatMap((name) => {
    const path = join(dev, name);
    // In a container /sys shows the host's devices, /dev only those handed in.
    if (!existsSync(path)) return [];
    try {
      // A console (tty1) has no device behind it.
      const device = realpathSync(join(ttys, name, "device"));
      // 0 = PORT_UNKNOWN: a place for a UART without a UART.
      if (readText(join(ttys, name, "type")) === "0") return [];
      return [{ path, ...usbFacts(device, sys) }];
    } catch {
      // No device, or one that was unplugged just now.
      return [];
    }
  });
}

/** What the nearest USB device above `device` says of itself. A tty hangs on an interface of it, one or two levels down. */
function usbFacts(device: string, sys: string): Omit<SerialPortInfo, "path"> {
  const top = realpathSync(sys);
  for (let folder = device; folder.startsWith(top) && folder !== top; folder = dirname(folder)) {
    const vendorId = readText(join(folder, "idVendor"));
    if (vendorId === null) continue;
    return {
      vendorId: vendorId.toLowerCase(),
      productId: readText(join(folder, "idProduct"))?.toLowerCase() ?? null,
      serialNumber: readText(join(folder, "serial")),
      manufacturer: readText(join(folder, "manufacturer")),
      product: readText(join(folder, "product")),
    };
  }
  return { vendorId: null, productId: null, serialNumber: null, manufacturer: null, product: null };
}

/** A file's text without white space around it; null where there is none. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch {
    return null;
  }
}
