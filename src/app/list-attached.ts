import { classifyUsb, type UsbClass } from "../board/usb-ids.ts";
import { listPorts, type SerialPortInfo } from "../transport/list-ports.ts";

export { portsFingerprint } from "../transport/list-ports.ts";

/** A serial port, what it is taken for, and what `serve` does with it where the configuration says nothing of it. */
export interface AttachedPort extends SerialPortInfo {
  readonly kind: UsbClass["kind"];
  /** Such as "RP2 board (Pico)" or "CP210x"; null where the ids say nothing. */
  readonly name: string | null;
  /** Whether `serve` attaches it without being told. */
  readonly attach: boolean;
  /** A sentence for people: why, or why not. */
  readonly reason: string;
}

/** Every serial port of this machine. Opens none of them. */
export async function listAttached(): Promise<readonly AttachedPort[]> {
  return judgePorts(await listPorts());
}

/** What heapscope makes of each port. Of a USB device with several, only the first one is the prompt. */
export function judgePorts(ports: readonly SerialPortInfo[]): readonly AttachedPort[] {
  return ports.map((port) => {
    const judged = judgePort(port);
    const first = judged.attach ? firstOfDevice(port, ports) : port;
    if (first === port) return judged;
    const reason = `This device's prompt is on ${first.path}; this port ${onlyNamed(port)}`;
    return { ...judged, attach: false, reason };
  });
}

/** What heapscope makes of one port by itself (DESIGN, decision 6). */
export function judgePort(port: SerialPortInfo): AttachedPort {
  const taken = classifyUsb(port);
  switch (taken.kind) {
    case "micropython":
      return {
        ...port,
        kind: taken.kind,
        name: taken.name,
        attach: true,
        reason: "serve attaches it by itself.",
      };
    case "bridge":
      return {
        ...port,
        kind: taken.kind,
        name: taken.name,
        attach: false,
        reason: `Anything can hang on a bridge, so ${onlyNamed(port)}`,
      };
    case "unknown": {
      const what = port.vendorId === null ? "No USB device" : "Not known to be MicroPython";
      return {
        ...port,
        kind: taken.kind,
        name: null,
        attach: false,
        reason: `${what}, so ${onlyNamed(port)}`,
      };
    }
  }
}

function onlyNamed({ path }: SerialPortInfo): string {
  return `only when named: serve --port ${path}`;
}

/** The port of the same USB device with the lowest interface. */
function firstOfDevice(port: SerialPortInfo, ports: readonly SerialPortInfo[]): SerialPortInfo {
  if (port.usbPlace === null || port.usbInterface === null) return port;
  let first = port;
  for (const other of ports) {
    if (other.usbPlace !== port.usbPlace || other.usbInterface === null) continue;
    if (other.usbInterface < (first.usbInterface ?? 0)) first = other;
  }
  return first;
}
