import type { AttachedPort } from "../../src/app/list-attached.ts";
import { judgePorts } from "../../src/app/list-attached.ts";
import type { SerialPortInfo } from "../../src/transport/list-ports.ts";

/** A Pico at `path`, or what `change` makes of it, judged as the system's list is. */
export function attachedPort(path: string, change: Partial<SerialPortInfo> = {}): AttachedPort {
  return attachedPorts({ path, ...change })[0]!;
}

/** Several ports that know of each other. */
export function attachedPorts(
  ...ports: readonly (Partial<SerialPortInfo> & { readonly path: string })[]
): readonly AttachedPort[] {
  return judgePorts(
    ports.map((port) => ({
      links: [],
      vendorId: "2e8a",
      productId: "0005",
      serialNumber: null,
      manufacturer: null,
      product: null,
      usbPlace: port.path,
      usbInterface: 0,
      ...port,
    })),
  );
}

/** Ids of a CP2102. */
export const bridge = { vendorId: "10c4", productId: "ea60" } as const;
