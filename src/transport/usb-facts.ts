import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readText } from "./read-text.ts";

/** What a port's USB device says of itself. Ids are four hex digits in lower case; null = there is none, or it is not known. */
export interface UsbFacts {
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  /** Where it is plugged in, such as "1-1.2". Ports with the same place are ports of one device. */
  readonly usbPlace: string | null;
  /** Number of the port's interface: the lowest of a device's ports is its first. */
  readonly usbInterface: number | null;
}

export const noUsb: UsbFacts = {
  vendorId: null,
  productId: null,
  serialNumber: null,
  manufacturer: null,
  product: null,
  usbPlace: null,
  usbInterface: null,
};

/**
 * What the nearest USB device above `device`, a real folder below `sys`, says of itself. A tty hangs on an interface of it,
 * one or two levels down.
 */
export function usbFacts(device: string, sys: string): UsbFacts {
  const top = realpathSync(sys);
  let usbInterface: number | null = null;
  for (let folder = device; folder.startsWith(top) && folder !== top; folder = dirname(folder)) {
    const number = readText(join(folder, "bInterfaceNumber"));
    if (number !== null) usbInterface ??= Number.parseInt(number, 16);
    const vendorId = readText(join(folder, "idVendor"));
    if (vendorId === null) continue;
    return {
      vendorId: vendorId.toLowerCase(),
      productId: readText(join(folder, "idProduct"))?.toLowerCase() ?? null,
      serialNumber: readText(join(folder, "serial")),
      manufacturer: readText(join(folder, "manufacturer")),
      product: readText(join(folder, "product")),
      usbPlace: basename(folder),
      usbInterface,
    };
  }
  return noUsb;
}
