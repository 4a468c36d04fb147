import type { SerialPortInfo } from "../transport/list-ports.ts";

/** Ports of different devices that say the same serial number. */
export interface SerialTwins {
  readonly serialNumber: string;
  readonly paths: readonly string[];
}

/** Every serial number that more than one device has. Several ports of one device are no twins. */
export function sameSerialNumbers(
  ports: readonly Pick<SerialPortInfo, "path" | "serialNumber" | "usbPlace">[],
): readonly SerialTwins[] {
  const bySerial = new Map<string, Map<string, string>>();
  for (const { path, serialNumber, usbPlace } of ports) {
    if (serialNumber === null) continue;
    const devices = bySerial.get(serialNumber) ?? new Map<string, string>();
    const device = usbPlace ?? path;
    if (!devices.has(device)) devices.set(device, path);
    bySerial.set(serialNumber, devices);
  }
  return [...bySerial].flatMap(([serialNumber, devices]) =>
    devices.size > 1 ? [{ serialNumber, paths: [...devices.values()] }] : [],
  );
}
